# Everything works on a fresh machine with Python 3.11 or later: the environment is made on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The locked lists are whole, so nothing is left to choose: a release of tomorrow cannot come between (--no-deps).
INSTALL := $(BIN)/python -m pip install --quiet --no-deps
# As many processes as there are processors, within what memory bears; whichever is idle takes over tests of another.
AT_ONCE := --numprocesses=logical --maxprocesses=4 --dist=worksteal

.PHONY: help demo google-demo test format bench evidence faults replay lock template clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/run.stamp: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-build-isolation -e .
	$(BIN)/python -m pip check
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip check
	@touch $@

demo: $(VENV)/run.stamp  ## make demo/practice.xlsx, sync it, show what to do first
	$(BIN)/sheetfunnel demo demo/practice.xlsx

google-demo: $(VENV)/dev.stamp  ## the same as a Google Sheet, at a stand-in for Google on this machine
	$(BIN)/python -m tests.google_service.demo

test: $(VENV)/dev.stamp  ## format, lint, types, import rules, tests with branch coverage, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(AT_ONCE) --cov

bench: $(VENV)/dev.stamp  ## our time and memory against openpyxl's, side by side
	$(BIN)/python bench/sync.py --keep docs/benchmarks.md
	$(BIN)/python bench/google_sheets.py --keep docs/benchmarks.md

evidence: $(VENV)/dev.stamp  ## what forecast, warnings and learning are worth, on real and simulated sales
	$(BIN)/python bench/evidence.py --keep docs/evidence.md

faults: $(VENV)/dev.stamp  ## the long campaigns of faults and random edits, of which test runs a short form
	SHEETFUNNEL_FAULTS=1 $(BIN)/python -m pytest $(AT_ONCE) tests/faults tests/stores tests/tables tests/test_maven.py

replay: $(VENV)/dev.stamp  ## the answers that were recorded of Google against the local service's
	$(BIN)/python -m tests.google_service.replay

format: $(VENV)/dev.stamp  ## write the code in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

template: $(VENV)/run.stamp  ## build the workbooks in templates/ from workbook.toml and the catalogues
	$(BIN)/sheetfunnel template build

lock: $(VENV)/dev.stamp  ## choose the newest versions and lock them
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group install pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) build dist demo .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
