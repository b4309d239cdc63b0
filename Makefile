# The commands of the project. `make demo` and `make test` need nothing but Python 3.11 or newer.

VENV ?= .venv
PYTHON ?= python3
PORT ?= 8000
ARGS ?=

# Made absolute, so that a command that changes folder still finds it.
override VENV := $(abspath $(VENV))
PY := $(VENV)/bin/python
STAMP := $(VENV)/.microseg-env

.PHONY: help env demo test coverage lint format bench ci

help:
	@echo "make env     build $(VENV) with everything that the demo and the tests need (VENV=... for another one)"
	@echo "make demo    the example shop with demo data at http://127.0.0.1:$(PORT)/ (PORT=...; KEEP=1 keeps its data)"
	@echo "make test    the suite on SQLite, PostgreSQL and a Redis-compatible server (ARGS='--quick -k name')"
	@echo "make coverage  which lines the tests on PostgreSQL reach"
	@echo "make lint    ruff, mypy, import-linter"
	@echo "make format  let ruff mend what it can"
	@echo "make bench   the benchmarks; writes benchmarks/results.json"
	@echo "make ci      everything that a change must pass"

env: $(STAMP)
	@:

$(STAMP): pyproject.toml
	@sh scripts/env.sh "$(VENV)" "$(PYTHON)"
	@touch $@

demo:
	@started=$$(date +%s) && $(MAKE) --no-print-directory env \
		&& exec $(PY) scripts/demo.py --port $(PORT) --install-seconds $$(($$(date +%s) - started)) $(if $(KEEP),--keep) $(ARGS)

test: env
	@$(PY) tests/run.py $(ARGS)

coverage: env
	@$(PY) -m coverage erase
	@$(PY) -m tests.servers -- $(PY) -m coverage run -m pytest $(ARGS)
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report

lint: env
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

format: env
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: env
	@$(PY) -m tests.servers --keep-default -- $(PY) -m benchmarks $(ARGS)

ci:
	@.ci/run
