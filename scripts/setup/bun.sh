# The pinned Bun: from PATH when it is that version, else from the cache, else fetched.

bun_version=1.4.5

# sha512 of the package of each system, as the registry signs it; a mirror cannot change it.
bun_integrity() {
    case $1 in
    linux-x64) echo IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g== ;;
    linux-x64-baseline) echo s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA== ;;
    linux-aarch64) echo 4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg== ;;
    darwin-aarch64) echo 4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ== ;;
    darwin-x64) echo qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg== ;;
    darwin-x64-baseline) echo zqfLA5A4B+hYMh5WYzYSot3uZ06FzhdP0OEwQisEzdirYtXGj5cQFlfy31BGfNsAsk1Gd/w/OxJ/jqqJ3cMclw== ;;
    *) return 1 ;;
    esac
}

bun_platform() {
    case $(uname -s)-$(uname -m) in
    Linux-x86_64) bun_os=linux-x64 bun_flags=$(grep -m 1 '^flags' /proc/cpuinfo) ;;
    Linux-aarch64) bun_os=linux-aarch64 bun_flags=avx2 ;;
    Darwin-arm64) bun_os=darwin-aarch64 bun_flags=avx2 ;;
    Darwin-x86_64) bun_os=darwin-x64 bun_flags=$(sysctl -n machdep.cpu.leaf7_features | tr A-Z a-z) ;;
    *) return 1 ;;
    esac
    case " $bun_flags " in
    *" avx2 "*) echo "$bun_os" ;;
    *) echo "$bun_os-baseline" ;;
    esac
}

ensure_bun() {
    bun_folder=$cache/bun-$bun_version
    if [ "$(bun --version 2>/dev/null)" = "$bun_version" ]; then
        return 0
    fi
    if [ ! -x "$bun_folder/bun" ]; then
        setup_is_forbidden && refuse_with_commands \
            "Bun $bun_version is missing and FLOWZONE_SETUP=never forbids fetching it." \
            "npm install --global bun@$bun_version"
        take_lock
        [ -x "$bun_folder/bun" ] || fetch_bun
    fi
    PATH=$bun_folder:$PATH
    export PATH
}

fetch_bun() {
    bun_name=$(bun_platform) || refuse "There is no Bun for $(uname -s) on $(uname -m)."
    bun_sha=$(bun_integrity "$bun_name")
    rm -rf "$cache"/bun-fetch.* # of one that was killed; the lock is ours
    bun_temp=$(mktemp -d "$cache/bun-fetch.XXXXXX")
    bun_package=@oven/bun-$bun_name@$bun_version
    if command -v npm >/dev/null && command -v node >/dev/null; then
        run_step "fetching Bun $bun_version ($bun_name)" fetch_bun_with_npm
    elif command -v bun >/dev/null; then
        run_step "fetching Bun $bun_version ($bun_name)" fetch_bun_with_bun
    else
        refuse "Neither npm nor Bun is on PATH." "Install Node 20 or later, or Bun $bun_version."
    fi || {
        rm -rf "$bun_temp"
        refuse "Bun $bun_version could not be fetched; is the package registry reachable?"
    }
    chmod +x "$bun_temp/package/bin/bun"
    [ "$("$bun_temp/package/bin/bun" --version)" = "$bun_version" ] || {
        rm -rf "$bun_temp"
        refuse "The fetched Bun does not run on this machine."
    }
    mv "$bun_temp/package/bin" "$bun_folder" # renamed when whole: a cut download is never used
    rm -rf "$bun_temp"
}

# `npm pack` unpacks nothing and runs nothing; the pin is checked before tar sees the file.
fetch_bun_with_npm() (
    cd "$bun_temp" || exit 1
    npm pack --silent --ignore-scripts "$bun_package" || exit 1
    BUN_SHA=$bun_sha node -e '
        const { readFileSync, readdirSync } = require("node:fs");
        const name = readdirSync(".").find((file) => file.endsWith(".tgz"));
        const sum = require("node:crypto").createHash("sha512").update(readFileSync(name));
        if (sum.digest("base64") !== process.env.BUN_SHA) {
            console.error(name + ": the checksum is not the pinned one; nothing was unpacked");
            process.exit(1);
        }' || exit 1
    tar -xzf ./*.tgz
)

# With an older Bun alone: it checks the package against its lock file, we check the lock file.
fetch_bun_with_bun() (
    cd "$bun_temp" || exit 1
    echo '{"name":"fetch","private":true}' >package.json
    bun add --ignore-scripts "$bun_package" || exit 1
    grep -F -q "sha512-$bun_sha" bun.lock || {
        echo "the checksum is not the pinned one"
        exit 1
    }
    mkdir -p package && cp -R "node_modules/@oven/bun-$bun_name/bin" package/bin
)
