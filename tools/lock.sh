#!/usr/bin/env bash
# Resolve every dependency anew (newest allowed by pyproject.toml and package.json) and write the lock files.
# They hold names, versions and hashes, and never the address of a download host.
set -euo pipefail
export UV_SYSTEM_CERTS=1
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/node/bin:$PATH"
compile() {
    .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links "$@"
}
compile --group pyproject.toml:uv -o requirements-uv.txt
compile --group pyproject.toml:node -o requirements-node.txt
compile pyproject.toml -o requirements.txt
compile pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
npm update --package-lock-only --ignore-scripts
if grep -nE '"resolved"|index-url|find-links' package-lock.json requirements*.txt; then
    echo "A lock file names a download host; see the lines above." >&2
    exit 1
fi
