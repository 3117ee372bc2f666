# `make` runs the default study, `make test` checks everything, `make docs` writes the docs as a site
# into site/, `make gallery` draws the pictures of docs/gallery.md, and `make why TARGET=results/...`
# says what makes a file be made again; a study of your own is named by
# ARGS="--configfile my-study.yaml --directory my-study".

PYTHON ?= python3
BIN := .venv/bin

.PHONY: study test checks tests test-slurm why docs gallery
.DELETE_ON_ERROR:

# In a terminal with bars of progress, elsewhere with plain lines.
study: .venv/ready
	$(BIN)/snakemake --cores all $$(test -t 2 && echo --logger rich)

test: .venv/ready
	$(MAKE) --no-print-directory --jobs 2 checks tests

checks: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint
	$(BIN)/mypy

tests: .venv/ready
	$(BIN)/python -m pytest --numprocesses auto

# A SLURM cluster of this one machine; where it cannot be, cluster.sh says so and all is well.
test-slurm: .venv/ready
	tests/slurm/cluster.sh $(BIN)/python -m pytest tests/slurm/study.py

why: .venv/ready
	@PYTHONPATH=workflow/scripts $(BIN)/python -m facsimile.why $(TARGET) $(ARGS)

docs: .venv-docs/ready
	.venv-docs/bin/mkdocs build

# Photographs and finished networks are no part of the project: without them, their pictures stay.
PHOTOGRAPHS := $(wildcard ../shared/faces/legend.csv)

gallery: .venv/ready
	$(BIN)/snakemake --cores all figures
	$(if $(PHOTOGRAPHS),$(BIN)/snakemake --cores all figures \
	  --configfile docs/gallery/photographs.yaml --directory results/photographs)
	PYTHONPATH=workflow/scripts $(BIN)/python docs/gallery.py results \
	  $(if $(PHOTOGRAPHS),results/photographs/results)

.venv-docs/ready: docs/requirements.txt
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check --requirement docs/requirements.txt
	touch $@

.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "facsimile needs Python 3.11 or newer, found $$($(PYTHON) --version): run make PYTHON=python3.11" >&2; exit 1; }
	@echo "Installing the environment into .venv (about 6 GB, a few minutes, once)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch $@
