# Real VST3 bundles for the tests, and the official headers that our own declarations are compared
# with. The libraries the bundles want are among the test packages, but for the last one here:
# installed, it would bring a collection of pictures with it.

plugin_packages="lsp-plugins-vst3 lsp-plugins-r3d-glx dragonfly-reverb-vst3 dpf-plugins-vst3 vst3sdk-plugins libprojectm3"
plugin_headers=libvst3sdk-dev

ensure_plugins() {
    [ "$system" = Linux ] || return 0
    # shellcheck disable=SC2046 # lists of words
    ensure_unpacked vst3-bundles "VST3 plug-ins" $(of_release $plugin_packages)
    # shellcheck disable=SC2046
    ensure_unpacked vst3-headers "the official VST3 headers" $(of_release $plugin_headers)
}

# What the tests expect was seen in this release's versions; without it any version is tried.
of_release() {
    case $(apt-cache policy 2>/dev/null) in
    *n=trixie,*) release=/trixie ;;
    *) release= ;;
    esac
    for package in "$@"; do
        printf '%s%s ' "$package" "$release"
    done
}
