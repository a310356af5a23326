# A stamp says what a thing was made from: a checksum over the content of its sources and the
# tools. Content, not time: a checkout that touches every file rebuilds nothing.

# stamp_of TEXT PATH...: TEXT names the tools; folders are read whole, missing paths are left out.
stamp_of() {
    stamp_text=$1
    shift
    for path in "$@"; do
        shift
        [ -e "$path" ] && set -- "$@" "$path"
    done
    {
        printf '%s\n' "$stamp_text"
        find "$@" \( -name node_modules -o -name dist -o -name .build \) -prune \
            -o -type f -exec cksum {} + | LC_ALL=C sort
    } | cksum | tr ' ' '-'
}

stamp_is() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# Path and size stand for the version: asking a compiler for it takes longer than the rest.
tool_mark() {
    tool_path=$(tool_file "$1") || return 1
    printf '%s:%s' "$tool_path" "$(wc -c <"$tool_path" | tr -d ' ')"
}

# On a Mac the swiftc on PATH is a stand-in that never changes and, without the tools, opens a
# window; what it stands for is in the selected developer folder.
tool_file() {
    if [ "$system" != Darwin ]; then
        command -v "$1"
        return
    fi
    tool_folder=$(xcode-select -p 2>/dev/null) || return 1
    for tool_path in "$tool_folder/Toolchains/XcodeDefault.xctoolchain/usr/bin/$1" \
        "$tool_folder/usr/bin/$1"; do
        [ -x "$tool_path" ] && echo "$tool_path" && return
    done
    return 1
}
