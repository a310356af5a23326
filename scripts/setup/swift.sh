# Swift 6 or later: on PATH, or Debian's swiftlang of this release, or (Debian 12) the one of
# the next release by a pin so low that nothing else moves.

swift_minimum=6

# The version is asked once for each compiler and then remembered by its path and size.
swift_is_here() {
    swift_mark=$(tool_mark swiftc) || return 1
    stamp_is "$cache/swift-ok" "$swift_mark" && return 0
    swift_major=$(swiftc --version 2>/dev/null |
        sed -n 's/.*Swift version \([0-9][0-9]*\)\..*/\1/p' | head -n 1)
    [ "${swift_major:-0}" -ge "$swift_minimum" ] || return 1
    printf '%s\n' "$swift_mark" >"$cache/swift-ok"
}

# The newest swiftlang that this release itself offers; empty when it has none.
swift_candidate() {
    apt-cache policy swiftlang 2>/dev/null | sed -n 's/^ *Candidate: \([0-9][0-9]*\)[.].*/\1/p'
}

# Where a Debian 12 gets its own release from, so that a mirror stays in use; empty on others.
# Not from os-release: with Swift may come the next release's name for the whole system.
debian_uri() {
    apt-get indextargets --format '$(CODENAME)|$(COMPONENT)|$(REPO_URI)' 2>/dev/null |
        sed -n 's/^bookworm|main|//p' | head -n 1
}

trixie_source() {
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\n' "$1"
    printf 'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n'
}

# 100: what is installed from here gets its security updates, nothing else is taken.
trixie_pin() { printf 'Package: *\nPin: release n=trixie\nPin-Priority: 100\n'; }

source_file=/etc/apt/sources.list.d/flowzone-trixie.sources
pin_file=/etc/apt/preferences.d/flowzone-trixie

swift_needs_pin() {
    [ "$(swift_candidate | grep -c .)" -eq 0 ] || [ "$(swift_candidate)" -lt "$swift_minimum" ] ||
        [ -e "$source_file" ]
}

swift_commands() {
    if ! swift_needs_pin; then
        echo "apt-get install -y --no-install-recommends swiftlang libc6-dev"
        return
    fi
    [ -n "$(debian_uri)" ] || {
        echo "# this release has no Swift $swift_minimum: install a toolchain and put its swiftc on PATH"
        return
    }
    printf "cat > %s <<'END'\n%s\nEND\n" "$source_file" "$(trixie_source "$(debian_uri)")"
    printf "cat > %s <<'END'\n%s\nEND\n" "$pin_file" "$(trixie_pin)"
    echo "apt-get update"
    echo "apt-get install -y --no-install-recommends -t trixie swiftlang libc6-dev"
}

install_swift() {
    if ! swift_needs_pin; then
        run_step "installing Swift" apt_install swiftlang libc6-dev || refuse "Swift could not be installed."
    elif [ -n "$(debian_uri)" ]; then
        install_pinned_swift
    else
        refuse "This release has no Swift $swift_minimum or later." \
            "Install a toolchain, put its swiftc on PATH, then start again."
    fi
    hash -r
    swift_is_here || refuse "Swift was installed, but swiftc does not answer."
}

install_pinned_swift() {
    trixie_uri=$(debian_uri)
    # The pin goes first: at no moment may the later release be in reach without it.
    trixie_pin | as_root tee "$pin_file" >/dev/null &&
        trixie_source "$trixie_uri" | as_root tee "$source_file" >/dev/null ||
        refuse "The package source could not be written."
    run_step "reading package lists" as_root apt-get update -q ||
        say "some package lists are old; going on with those that are there"
    run_step "installing Swift (500 MB to fetch, 2.8 GB on disk)" apt_install -t trixie swiftlang libc6-dev ||
        refuse "Swift could not be installed."
}
