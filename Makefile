SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup lock

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup:  ## system packages, .venv, node_modules (does nothing when nothing changed)
	@tools/setup.sh test

lock: setup  ## requirement files and package-lock.json anew
	@tools/lock.sh
