# What must be installed on the machine itself: Swift, and for the tests a browser, a JACK
# server, the judges of sound files and what real plug-ins are linked with. One plan, one question,
# one run.

# Every Debian package is from the machine's own release and goes before Swift when both are
# missing: chosen from the later release they would pull in a newer Python and more.
test_packages="chromium jackd2 libjack-jackd2-0 jack-tools sox sndfile-programs sndfile-tools ffmpeg valgrind libsndfile1 librubberband2 rubberband-cli libfftw3-single3 libfuse3-dev fuse3 pkg-config \
libgl1 libx11-6 libxext6 libxrandr2 libxcursor1 libcairo2 libfontconfig1 libpangocairo-1.0-0 \
libpangoft2-1.0-0 libxcb-cursor0 libxcb-util1 libxcb-xkb1 libxkbcommon-x11-0"

apt_options="-y -q --no-install-recommends -o Dpkg::Options::=--force-confdef \
-o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3"

# ensure_machine [tests]: Swift always, the test packages when asked for.
ensure_machine() {
    plan_machine "${1:-}"
    [ -n "$plan_packages$plan_swift$plan_repair" ] || return 0
    [ "$system" = Darwin ] && refuse_on_a_mac
    command -v apt-get >/dev/null || refuse_without_apt
    plan_commands=$(machine_commands)
    setup_is_forbidden && refuse_with_commands \
        "Missing: $(plan_text). FLOWZONE_SETUP=never forbids installing." "$plan_commands"
    get_permission
    take_lock
    plan_machine "${1:-}" # the one we waited for may have done it all
    [ -n "$plan_packages$plan_swift$plan_repair" ] || return 0
    change_machine
}

plan_machine() {
    plan_packages=
    plan_swift=
    plan_repair=
    [ "$1" = tests ] && [ "$system" = Linux ] && plan_packages=$(missing_test_packages)
    swift_is_here || plan_swift=yes
    [ -e "$apt_marker" ] && plan_repair=yes
    return 0
}

missing_test_packages() {
    command -v dpkg-query >/dev/null || return 0
    # shellcheck disable=SC2086 # a list of words
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}|${Package}|' $test_packages 2>/dev/null)
    missing=
    for package in $test_packages; do
        case $installed in
        *"ii |$package|"*) ;;
        *) missing="$missing $package" ;;
        esac
    done
    # valgrind wants the debug symbols of exactly this C library, which came with Swift.
    case $missing in
    *valgrind*) [ -e "$source_file" ] && missing="$missing libc6-dbg/trixie" ;;
    esac
    echo "${missing# }"
}

plan_text() {
    plan_list=$plan_packages
    [ -n "$plan_swift" ] && plan_list="$plan_list${plan_list:+ and }Swift 6 (2.8 GB on disk)"
    [ -n "$plan_repair" ] && plan_list="$plan_list${plan_list:+ and }the end of an interrupted installation"
    echo "$plan_list"
}

get_permission() {
    say "Missing: $(plan_text). To be done:"
    printf '\n%s\n\n' "$plan_commands" >&2
    if [ -t 0 ] && [ -t 2 ]; then
        printf 'flowzone: go on? [Y/n] ' >&2
        read -r answer
        case $answer in
        n* | N*) refuse "Nothing was changed." ;;
        esac
        [ "$(id -u)" = 0 ] || sudo -v || refuse "Nothing was changed."
    elif [ "$(id -u)" != 0 ]; then
        refuse "Without a terminal only root may install; run these commands as root, then start again."
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 "$@"
    fi
}

# shellcheck disable=SC2086 # apt_options is a list of words
apt_install() {
    if [ "$(id -u)" = 0 ]; then
        as_root apt-get install $apt_options -o APT::Status-Fd=3 "$@" 3>"$cache/step.progress"
    else
        as_root apt-get install $apt_options "$@" # sudo hands no further file on: no percentage
    fi
}

change_machine() {
    [ -n "$plan_repair" ] && { run_step "repairing an interrupted installation" repair_apt || :; }
    : >"$apt_marker"
    run_step "reading package lists" as_root apt-get update -q ||
        say "some package lists are old; going on with those that are there"
    if [ -n "$plan_packages" ]; then
        preset_jack
        # shellcheck disable=SC2086 # a list of words
        run_step "installing the test packages" apt_install $plan_packages ||
            refuse "The test packages could not be installed."
    fi
    [ -n "$plan_swift" ] && install_swift
    rm -f "$apt_marker"
}

repair_apt() {
    as_root dpkg --configure -a --force-confdef --force-confold
    # shellcheck disable=SC2086 # a list of words
    as_root apt-get install $apt_options --fix-broken
}

# jackd2 asks whether ordinary users may use real-time priority; a test machine says no.
preset_jack() {
    command -v debconf-set-selections >/dev/null || return 0
    echo "jackd2 jackd/tweak_rt_limits boolean false" | as_root debconf-set-selections
}

machine_commands() {
    echo "apt-get update"
    [ -n "$plan_repair" ] && echo "dpkg --configure -a && apt-get install -y --fix-broken"
    [ -n "$plan_packages" ] && echo "apt-get install -y --no-install-recommends $plan_packages"
    [ -n "$plan_swift" ] && swift_commands
    return 0
}

refuse_on_a_mac() {
    refuse "Swift 6.0 or later is missing." \
        "xcode-select --install      (the command line tools, or Xcode 16 or later)"
}

refuse_without_apt() {
    refuse "Swift 6.0 or later is missing, and this is not a Debian or Ubuntu system." \
        "Install a Swift toolchain, put its swiftc on PATH, then start again."
}
