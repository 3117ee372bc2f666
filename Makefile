# Two commands: `make` runs the default study, `make test` checks everything.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: study test
.DELETE_ON_ERROR:

study: .venv/ready
	$(BIN)/snakemake --cores all

test: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto

.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "facsimile needs Python 3.11 or newer, found $$($(PYTHON) --version): run make PYTHON=python3.11" >&2; exit 1; }
	@echo "Installing the environment into .venv (about 6 GB, a few minutes, once)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch $@
