# Debian packages that tests read and that are not installed: unpacked into a folder of the cache.
# apt checks each against the signed lists of this machine.

# ensure_unpacked FOLDER WHAT PACKAGE...: does nothing when they are there; where they cannot be
# had, the tests that want them say what is missing.
ensure_unpacked() {
    unpacked_folder=$cache/$1
    unpacked_what=$2
    shift 2
    stamp_is "$unpacked_folder/packages" "$*" && return 0
    setup_is_forbidden && return 0
    packages_are_known "$@" || return 0
    take_lock
    stamp_is "$unpacked_folder/packages" "$*" && return 0
    rm -rf "$cache"/unpack.* # of one that was killed; the lock is ours
    unpacked_temp=$(mktemp -d "$cache/unpack.XXXXXX")
    if run_step "fetching $unpacked_what" fetch_unpacked "$@"; then
        rm -rf "$unpacked_folder"
        mv "$unpacked_temp/whole" "$unpacked_folder" # renamed when whole
    else
        say "going on without $unpacked_what: its tests will say so"
    fi
    rm -rf "$unpacked_temp"
}

# A package may carry its release behind a slash.
packages_are_known() {
    for package in "$@"; do
        [ -n "$(apt-cache policy "${package%/*}" 2>/dev/null)" ] || return 1
    done
}

fetch_unpacked() (
    cd "$unpacked_temp" || exit 1
    apt-get download -q "$@" || exit 1
    for archive in *.deb; do
        dpkg -x "$archive" whole || exit 1
    done
    printf '%s\n' "$*" >whole/packages
)
