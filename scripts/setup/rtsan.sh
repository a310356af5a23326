# RealtimeSanitizer for one test: part of an LLVM that is newer than Swift's. Its package is
# unpacked into the cache and not installed; where there is none, the test says what is missing.

rtsan_package=libclang-rt-22-dev

ensure_rtsan() {
    rtsan_folder=$cache/$rtsan_package
    [ "$system-$(uname -m)" = Linux-x86_64 ] && [ ! -d "$rtsan_folder" ] || return 0
    setup_is_forbidden && return 0
    [ -n "$(apt-cache policy "$rtsan_package" 2>/dev/null)" ] || return 0
    take_lock
    [ -d "$rtsan_folder" ] && return 0
    rm -rf "$cache"/rtsan-fetch.* # of one that was killed; the lock is ours
    rtsan_temp=$(mktemp -d "$cache/rtsan-fetch.XXXXXX")
    if run_step "fetching RealtimeSanitizer" fetch_rtsan; then
        mv "$rtsan_temp/unpacked" "$rtsan_folder" # renamed when whole
    else
        say "going on without RealtimeSanitizer: its test will say so"
    fi
    rm -rf "$rtsan_temp"
}

# apt checks the package against the signed lists of this machine's own release.
fetch_rtsan() (
    cd "$rtsan_temp" || exit 1
    apt-get download -q "$rtsan_package" && dpkg -x "$rtsan_package"_*.deb unpacked
)
