# What set-up says (always on stderr) and how it runs a step that takes long.

say() { printf 'flowzone: %s\n' "$*" >&2; }

# Ends with the exit code that means "set-up failed"; the launcher never restarts after it.
refuse() {
    say "$1"
    shift
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 6
}

# The exact commands, for those who forbid set-up or have to type them themselves.
refuse_with_commands() {
    reason=$1
    commands=$2
    say "$reason"
    printf 'Type this, then start again:\n\n%s\n\n' "$commands" >&2
    exit 6
}

setup_is_forbidden() { [ "${FLOWZONE_SETUP:-}" = never ]; }

step_child=
step_ticker=

catch_signals() {
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# run_step LABEL COMMAND...: runs in the background, so that a signal reaches us at once;
# output goes to the log, its end is shown when the step fails.
run_step() {
    step_label=$1
    shift
    say "$step_label ..."
    step_start=$(date +%s)
    : >"$cache/step.progress"
    # A child has our traps for a moment; a signal in that moment would be lost in it.
    trap - HUP INT TERM
    "$@" >>"$log" 2>&1 </dev/null 3>&- & # 3 is the product's stdout: nobody else may hold it
    step_child=$!
    tick &
    step_ticker=$!
    catch_signals
    step_code=0
    wait "$step_child" || step_code=$?
    step_child=
    stop_ticker
    if [ "$step_code" -ne 0 ]; then
        tail -n 40 "$log" >&2
        say "$step_label: failed with code $step_code (whole log: $log)"
        return "$step_code"
    fi
    say "$step_label: done in $(($(date +%s) - step_start)) s"
}

# A line every ten seconds; apt writes its percentage into the progress file.
tick() {
    while sleep 10 </dev/null >/dev/null 2>&1 3>&-; do
        step_percent=$(tail -n 1 "$cache/step.progress" 2>/dev/null | cut -d: -f3 | cut -d. -f1)
        say "$step_label ... $(($(date +%s) - step_start)) s${step_percent:+, $step_percent %}"
    done
}

stop_ticker() {
    [ -n "$step_ticker" ] || return 0
    kill "$step_ticker" 2>/dev/null || :
    wait "$step_ticker" 2>/dev/null || :
    step_ticker=
}

# Ends a command, not what a function of ours has started: an installation that has begun is
# left to end by itself, for a cut dpkg is worse than one that goes on unseen.
stop_step() {
    stop_ticker
    [ -n "$step_child" ] || return 0
    kill -TERM "$step_child" 2>/dev/null || :
    wait "$step_child" 2>/dev/null || :
    step_child=
}
