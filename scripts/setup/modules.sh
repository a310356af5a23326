# The packages of package.json, exactly as bun.lock says.

ensure_modules() {
    modules_stamp=$(stamp_of "bun $bun_version" package.json bun.lock)
    stamp_is node_modules/.flowzone-stamp "$modules_stamp" && return 0
    setup_is_forbidden && refuse_with_commands \
        "Packages are missing and FLOWZONE_SETUP=never forbids fetching them." \
        "bun install --frozen-lockfile && echo $modules_stamp > node_modules/.flowzone-stamp"
    take_lock
    stamp_is node_modules/.flowzone-stamp "$modules_stamp" && return 0
    rm -f node_modules/.flowzone-stamp
    run_step "installing packages" bun install --frozen-lockfile ||
        refuse "The packages of bun.lock could not be installed."
    printf '%s\n' "$modules_stamp" >node_modules/.flowzone-stamp
}
