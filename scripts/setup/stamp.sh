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
    tool_path=$(command -v "$1") || return 1
    printf '%s:%s' "$tool_path" "$(wc -c <"$tool_path" | tr -d ' ')"
}
