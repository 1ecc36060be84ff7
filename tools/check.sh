#!/usr/bin/env bash
# The checks behind `make lint` and `make test`. Usage: tools/check.sh lint|all
# Every part runs, so that one run tells everything; the summary and the exit code come last.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
unset DEMO DEBUG SITE_URL ALLOWED_HOSTS SECRET_KEY SEAL_DIR SEAL_KEY_PASSPHRASE TIMESTAMP_URL    # what this shell has set for a demo
export DATA_DIR
DATA_DIR=$(mktemp -d)
trap 'rm -rf "$DATA_DIR"' EXIT
trap 'exit 130' INT TERM
summary=() failed=0

part() {
    local title=$1 started=$SECONDS mark=ok
    shift
    printf '\n\033[1m━━ %s\033[0m\n' "$title"
    "$@" || { mark=FAILED; failed=1; }
    summary+=("$(printf '%-7s %4ds  %s' "$mark" $((SECONDS - started)) "$title")")
}

templates() { find templates -name '*.html' -print0 | xargs -0r "$@"; }

# As in production: nothing set but what a server sets.
production() {
    DATABASE_URL='' DEMO=0 DEBUG=0 SITE_URL=https://komitmen.example ALLOWED_HOSTS=komitmen.example \
        SECRET_KEY=$(head -c 48 /dev/urandom | base64 -w0) SEAL_KEY_PASSPHRASE='thrown away with DATA_DIR' "$@"
}

deployment() {
    production python manage.py make_seal_key >/dev/null && production python manage.py check --deploy --fail-level WARNING
}

lint() {
    part "Python style: ruff" ruff check .
    part "Python format: ruff format" ruff format --check .
    part "Template format: djade" templates djade --target-version 5.2 --check
    part "Import contracts: import-linter" lint-imports --no-logo
    part "Types: mypy" mypy
    part "Migrations are complete" production python manage.py makemigrations --check --dry-run
    part "Deployment checks" deployment
}

suites() {
    part "Suite on SQLite" env DATABASE_URL= pytest -n 2 tests --ignore=tests/browser
    # As the role of production, which owns nothing (docs/database-role.md).
    part "Suite on PostgreSQL" tools/with_postgres.py pytest -n 2 tests --ignore=tests/browser --restricted
    part "Browser journeys in Chromium" tools/with_postgres.py pytest -n 2 tests/browser
}

case ${1:-} in
    lint) lint ;;
    all) lint; suites ;;
    *) echo "Usage: tools/check.sh lint|all" >&2; exit 2 ;;
esac

printf '\n\033[1m━━ Summary\033[0m\n'
printf '%s\n' "${summary[@]}"
exit $failed
