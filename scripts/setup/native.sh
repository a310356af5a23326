# The engine (a dynamic library), the plug-in host and the page: each is built only when what it
# is made from has changed.

build_folder=.build
stamp_folder=$build_folder/flowzone-stamps

native_stamp() {
    stamp_of "$(tool_mark swiftc) $(uname -sm) $(grep -m 1 '^flags' /proc/cpuinfo 2>/dev/null)" \
        Package.swift Package.resolved Sources
}

page_stamp() {
    stamp_of "bun $bun_version" web protocol package.json bun.lock tsconfig.json
}

native_is_built() {
    [ -e "$build_folder/release/libFlowCore.so" ] || [ -e "$build_folder/release/libFlowCore.dylib" ] ||
        return 1
    stamp_is "$stamp_folder/native" "$1" || return 1
    ! has_plugin_host || [ -x "$build_folder/release/PluginHostXPC" ]
}

# While its folder is not there, the package leaves the host out.
has_plugin_host() { [ -f Sources/PluginHostXPC/main.swift ]; }

ensure_native() {
    native_is_built "$(native_stamp)" && return 0
    take_lock
    native_now=$(native_stamp) # before the build: what changes meanwhile is built next time
    native_is_built "$native_now" && return 0
    mkdir -p "$stamp_folder"
    rm -f "$stamp_folder/native"
    swift_build FlowCore "the engine"
    ! has_plugin_host || swift_build PluginHostXPC "the plug-in host"
    printf '%s\n' "$native_now" >"$stamp_folder/native"
}

# The CPU to build for: whatever else this machine gets, the stamp names its CPU too.
cpu_level() {
    cpu_flags=" $(sed -n 's/^flags[^:]*://p;/^flags/q' /proc/cpuinfo 2>/dev/null) "
    for cpu_flag in avx2 bmi1 bmi2 f16c fma abm movbe; do
        case $cpu_flags in
        *" $cpu_flag "*) ;;
        *) return 0 ;;
        esac
    done
    echo x86-64-v3
}

swift_build() {
    FLOWZONE_CPU=$(cpu_level)
    export FLOWZONE_CPU
    run_step "building $2" \
        swift build -c release --scratch-path "$build_folder" --product "$1" ||
        refuse "${2#the } could not be built."
}

ensure_page() {
    page_is_built "$(page_stamp)" && return 0
    take_lock
    page_now=$(page_stamp)
    page_is_built "$page_now" && return 0
    mkdir -p "$stamp_folder"
    rm -f "$stamp_folder/page"
    run_step "building the page" bun --bun vite build --config web/vite.config.ts web ||
        refuse "The page could not be built."
    printf '%s\n' "$page_now" >"$stamp_folder/page"
}

page_is_built() { [ -f web/dist/index.html ] && stamp_is "$stamp_folder/page" "$1"; }
