# RealtimeSanitizer for one test: part of an LLVM that is newer than Swift's.

rtsan_package=libclang-rt-22-dev

ensure_rtsan() {
    [ "$system-$(uname -m)" = Linux-x86_64 ] || return 0
    ensure_unpacked "$rtsan_package" RealtimeSanitizer "$rtsan_package"
}
