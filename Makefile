SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help bench setup demo test lint fmt migration messages pictures lock backup restore
TEMPLATES = find templates -name '*.html' -print0 | xargs -0r

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

demo:  ## set up everything and serve the demo on http://localhost:8000 (PORT=… DATA_DIR=…)
	@tools/setup.sh run
	@exec .venv/bin/python tools/demo.py

test: setup  ## lint, types, import contracts, the suite on SQLite and PostgreSQL, browser journeys
	@tools/check.sh all

bench: setup  ## measure against floors and rivals; a table, and var/bench.json (only="sign doors pages paper transfer seal verify ledger")
	@tools/with_postgres.py .venv/bin/python -m tests.benchmarks $(only)

backup:  ## database and files as one file in DATA_DIR/cadangan, or in folder=…
	@.venv/bin/python manage.py backup $(if $(folder),'$(folder)')

restore:  ## a backup into an empty database and DATA_DIR, then check every hash: make restore file=…
	@test -n '$(file)' || { echo 'Sebutkan cadangannya: make restore file=komitmen-pug-….tar' >&2; exit 1; }
	@.venv/bin/python manage.py restore '$(file)'

setup:  ## system packages, .venv, node_modules (does nothing when nothing changed)
	@tools/setup.sh test

lint: setup  ## everything of `make test` that needs no test
	@tools/check.sh lint

fmt: setup  ## format Python and templates, apply the safe fixes
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .
	@git ls-files -z '*.py' | xargs -0 .venv/bin/django-upgrade --target-version 5.2
	@$(TEMPLATES) .venv/bin/djade --target-version 5.2

migration: setup  ## write the migrations of a change: make migration name=add_rank
	@test -n '$(name)' || { echo 'Say what it does: make migration name=add_rank' >&2; exit 1; }
	@DEMO=1 .venv/bin/python manage.py makemigrations -n '$(name)'
	@.venv/bin/ruff format --quiet agencies/migrations commitments/migrations

messages: setup  ## bring the English catalogue up to date with the sentences in the code
	@tools/messages.sh

pictures: setup  ## the pictures of README and guide anew, from a demo of their own
	@.venv/bin/python tools/pictures.py

lock: setup  ## requirement files and package-lock.json anew, newest versions allowed
	@tools/lock.sh
