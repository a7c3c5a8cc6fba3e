# The everyday commands. Needs Python 3.11 or newer and make; everything else comes from requirements.lock.
#
#   make demo                     see it work, without a mail server or a network
#   make test PYTHON=python3.12   with another Python
#   make test PYTEST="-k survey"  with words for pytest

PYTHON ?= python3
VENV   ?= .venv
PYTEST ?=
CONFIG ?= config/gateway.toml
SECONDS ?= 60

# A process for each core, four at most; whoever is done takes over what others have not begun.
SPREAD := -n auto --maxprocesses 4 --dist worksteal

# What measures time under coverage measures coverage.
UNTIMED := "not linear and not twice and not bounded_time and not hostile and not in_step"

BIN   := $(VENV)/bin
LOCK  := $(VENV)/.lock
READY := $(VENV)/.ready
QUIETLY := --disable-pip-version-check --no-input --quiet

.DEFAULT_GOAL := help
.PHONY: help demo run test check long cover fuzz bench venv clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-6s %s\n' "$$name" "$$what"; done

demo: $(READY) ## the whole help desk on this machine, with mailboxes of its own
	$(BIN)/gateway demo

run: $(READY) ## the gateway with CONFIG=config/gateway.toml
	$(BIN)/gateway run --config $(CONFIG)

test: $(READY) ## the everyday tests
	$(BIN)/python -m pytest -m "not long" $(SPREAD) $(PYTEST)

check: $(READY) ## format, lint, types, floors, then the tests: what a change must pass
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

long: $(READY) ## the tests that take minutes
	$(BIN)/python -m pytest -m long $(PYTEST)

cover: $(READY) ## every line and branch of domain and mail, by their own tests; random and timing ones do not count
	@mkdir -p build
	$(BIN)/python -m coverage run -m pytest tests/domain tests/mail -q -m "not long and not hypothesis" -k $(UNTIMED)
	$(BIN)/python -m coverage report

fuzz: $(READY) ## look for a mail that breaks the reader, for SECONDS=60; Linux on x86-64
	$(BIN)/python -m pip install $(QUIETLY) --require-hashes -r tests/fuzz/requirements.txt
	$(BIN)/python tests/fuzz/target.py -max_total_time=$(SECONDS)

bench: $(READY) ## how fast, measured against this machine's own limits
	$(BIN)/python benchmarks/run.py

venv: $(READY) ## only the virtual environment

clean: ## remove the virtual environment and what tools left behind
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Made anew when the lock changes; a half-made one has no .lock and is made anew, too.
$(LOCK): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "gateway needs Python 3.11 or newer, and $(PYTHON) is older or not there: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install $(QUIETLY) --require-hashes -r requirements.lock
	@touch $@

$(READY): $(LOCK) pyproject.toml
	$(BIN)/python -m pip install $(QUIETLY) --no-deps --no-build-isolation -e .
	@touch $@
