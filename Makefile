# Two commands matter: `make run` starts everything, `make test` proves it. Both install what they need.

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
export VENV PYTHON

CORE := $(VENV)/.core
DEV := $(VENV)/.dev

.PHONY: help setup run test lint bench docs pictures lock clean

help:
	@echo "make setup  set up $(VENV) (seconds when nothing changed)"
	@echo "make run    set up, then start table and console; ARGS='--port 8001' is passed on"
	@echo "make test   set up for development, then lint, types, contracts and all tests"
	@echo "make lint   ruff, mypy and the import contracts"
	@echo "make bench  the benchmarks behind docs/benchmarks.md; ARGS is passed on"
	@echo "make docs   renew the pages that are written from data"
	@echo "make pictures  take the screenshots of README and docs anew; ARGS=FOLDER puts them elsewhere"
	@echo "make lock   compile the requirements anew, with hashes"
	@echo "make clean  remove $(VENV) and caches; keeps var/"

setup: $(CORE)
	@echo "Ready. Start with: make run"

$(CORE): requirements/core.txt requirements/bootstrap.txt pyproject.toml
	@scripts/environment core

$(DEV): $(CORE) requirements/dev.txt
	@scripts/environment dev

run: $(CORE)
	@exec $(BIN)/opentraction run $(ARGS)

lint: $(DEV)
	@scripts/lint

test: $(DEV)
	@scripts/system-packages
	@scripts/lint
	@scripts/test $(ARGS)

bench: $(DEV)
	@scripts/bench $(ARGS)

docs: $(CORE)
	@$(BIN)/python scripts/quantities_page.py
	@$(BIN)/python scripts/protocols_page.py
	@$(BIN)/python scripts/alarms_page.py
	@$(BIN)/python scripts/course_rules_page.py
	@$(BIN)/python scripts/screening_page.py
	@$(BIN)/python scripts/articles_page.py
	@$(BIN)/python scripts/evidence_page.py
	@$(BIN)/python scripts/validation_page.py
	@$(BIN)/python scripts/played_blind_page.py
	@$(BIN)/python scripts/body_claims_page.py
	@$(BIN)/python scripts/disc_page.py
	@$(BIN)/python scripts/course_page.py
	@$(BIN)/python scripts/guard_page.py
	@$(BIN)/python scripts/mutants.py --page
	@$(BIN)/python scripts/disc_picture.py
	@$(BIN)/python scripts/reduced_page.py
	@$(BIN)/python scripts/explored_page.py

pictures: $(DEV)
	@scripts/system-packages
	@PYTHONPATH=src $(BIN)/python scripts/pictures.py $(ARGS)

lock: $(CORE)
	@scripts/lock $(ARGS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
