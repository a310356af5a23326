# One set-up at a time for one user. The lock is a symbolic link whose target names its owner:
# made in one system call, so that it never exists without a name in it.

lock_held=no

# A process number comes again; with the moment of its birth it names one process only.
process_name() {
    if [ -r "/proc/$1/stat" ]; then
        printf '%s-%s' "$1" "$(sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20)"
    else
        printf '%s-%s' "$1" "$(ps -o lstart= -p "$1" 2>/dev/null | tr -cd '0-9A-Za-z')"
    fi
}

process_is_alive() { [ "$(process_name "${1%%-*}")" = "$1" ]; }

take_lock() {
    [ "$lock_held" = no ] || return 0
    lock_waited=no
    lock_tries=0
    until ln -s "$lock_self" "$lock" 2>/dev/null; do
        if ! lock_owner=$(readlink "$lock" 2>/dev/null); then
            lock_tries=$((lock_tries + 1)) # released just now, or the folder cannot be written
            [ "$lock_tries" -lt 100 ] || refuse "The lock $lock cannot be made."
        elif process_is_alive "$lock_owner"; then
            if [ "$lock_waited" = no ]; then
                say "another set-up is running (process ${lock_owner%%-*}); waiting for it"
                lock_waited=yes
            fi
            sleep 1
        else
            break_lock "$lock_owner"
        fi
    done
    lock_held=yes
    : >"$log"
}

# Two may find the same dead owner; only the one that holds the second link may remove the
# first, and only while it still names the dead one.
break_lock() {
    if ln -s "$lock_self" "$lock.break" 2>/dev/null; then
        if [ "$(readlink "$lock" 2>/dev/null)" = "$1" ]; then
            say "took over the set-up lock of process ${1%%-*}, which is gone"
            rm -f "$lock"
        fi
        rm -f "$lock.break"
    elif lock_breaker=$(readlink "$lock.break" 2>/dev/null) && ! process_is_alive "$lock_breaker"; then
        rm -f "$lock.break"
    else
        sleep 1
    fi
}

release_lock() {
    [ "$lock_held" = yes ] || return 0
    rm -f "$lock"
    lock_held=no
}

cleanup() {
    stop_step
    release_lock
}
