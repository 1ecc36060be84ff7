#!/usr/bin/env bash
# Bring locale/en up to date with the sentences in the code: new ones stand empty, vanished ones go; prints the empty ones.
# Usage: tools/messages.sh
set -euo pipefail
cd "$(dirname "$0")/.."
po=locale/en/LC_MESSAGES/django.po
${PYTHON:-.venv/bin/python} manage.py makemessages --locale en --no-location --no-wrap --no-obsolete \
    --ignore .venv --ignore node_modules --ignore var --ignore tests --ignore tools >/dev/null
sed -i '/^"POT-Creation-Date: /d' "$po"    # it would change with every run
msgattrib --untranslated --no-wrap "$po"
msgattrib --only-fuzzy --no-wrap "$po"    # a sentence that has got a plural: write both forms, delete the mark
