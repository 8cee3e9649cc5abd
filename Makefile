# Everything a developer types. Needs GNU make, a POSIX shell and Python 3.11 or later; the rest is brought into .venv.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The interpreter that makes .venv: set PYTHON to choose one, else the first that is new enough.
PYTHON ?=
# Processes for the tests; "auto" is one per core, 0 runs them in one process.
JOBS ?= auto
# Further arguments for pytest: make test ARGS="-k oswego"
ARGS ?=
# make demo ONCE=1 runs through and stops.
ONCE ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links
CHECKS := lint format types imports sizes requirements evidence docs-current messages-current

.PHONY: help
help:  ## list what can be made (this)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(READY)  ## make .venv with everything needed, every package checked against its hash

.PHONY: demo
demo: $(READY)  ## build the demo registry and review it (ONCE=1: run through and stop)
	$(BIN)/untoward demo $(if $(filter 1,$(ONCE)),--once)

.PHONY: test
test: $(READY)  ## run the tests (ARGS="-k oswego", JOBS=1)
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist worksteal --benchmark-disable $(ARGS)

.PHONY: check
check: $(CHECKS)  ## run every check below; make -k check goes on after a failure

.PHONY: lint
lint: $(READY)  ## ruff: faults, imports, docstrings, annotations
	$(BIN)/ruff check .

.PHONY: format
format: $(READY)  ## ruff: is every file formatted
	$(BIN)/ruff format --check .

.PHONY: types
types: $(READY)  ## mypy, strict
	$(BIN)/mypy

.PHONY: imports
imports: $(READY)  ## import-linter: do imports point one way
	$(BIN)/lint-imports

.PHONY: sizes
sizes: $(READY)  ## are functions, classes and files small
	$(BIN)/python scripts/check_sizes.py

.PHONY: requirements
requirements: $(READY)  ## is every requirement pinned and hashed, with no address
	$(BIN)/python scripts/check_requirements.py

.PHONY: evidence
evidence: $(READY)  ## is the evidence base free of faults
	$(BIN)/untoward evidence check

.PHONY: docs-current
docs-current: $(READY)  ## are the generated pages what the code says
	$(BIN)/python docs/generate.py --check

.PHONY: docs
docs: $(READY)  ## write the generated pages of docs/reference
	$(BIN)/python docs/generate.py

.PHONY: messages-current
messages-current: $(READY)  ## is everything the pages say in the Spanish catalogue
	$(BIN)/python scripts/messages.py --check

.PHONY: messages
messages: $(READY)  ## gather what the pages say into the Spanish catalogue and compile it
	$(BIN)/python scripts/messages.py

.PHONY: fix
fix: $(READY)  ## let ruff mend and format what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(READY)  ## time and memory of assessments and reviews
	$(BIN)/python benchmarks/run.py $(ARGS)

.PHONY: lock
lock: $(TOOLS)  ## resolve the requirement files anew (the only target that chooses versions)
	$(COMPILE) pyproject.toml -o requirements/core.txt
	$(COMPILE) pyproject.toml --extra models --extra print --extra web --group dev -c requirements/core.txt -o requirements/dev.txt
	$(COMPILE) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	$(COMPILE) requirements/uv.in -o requirements/uv.txt

.PHONY: clean
clean:  ## remove .venv and everything that can be made again
	rm -rf $(VENV) build dist demo out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up, in two steps: uv alone (changes seldom), then everything else ------------------------------------

$(TOOLS): requirements/uv.txt
	@sh scripts/make_venv.sh $(VENV) "$(PYTHON)"
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

$(READY): $(TOOLS) requirements/dev.txt requirements/build.txt pyproject.toml
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/dev.txt -r requirements/build.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
