SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install page up test check bench soak clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: page $(VENV)/.installed ## make .venv with everything and build the page

$(BIN)/python:
	python3 -m venv $(VENV)

# The page comes first: when it is fresh, installing asks for no Node.
page: $(BIN)/python
	@$(BIN)/python scripts/page.py

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt | page
	@$(BIN)/python scripts/install.py -c constraints.txt -e '.[all,test]'
	@$(BIN)/python -m gradus_engine.dense
	@touch $@

up: install ## start everything on this machine and open the page
	@$(BIN)/gradus up

test: install ## run every test; one summary at the end
	@scripts/test-needs
	@scripts/test

check: install ## lint, formats, types, import contracts, generated files
	@scripts/check

bench: install ## measure the budgets on this machine
	@$(BIN)/python -m benchmarks

soak: install ## run the long forms of the reliability tests
	@$(BIN)/python -m pytest -m soak --timeout 3600

clean: ## remove what was installed and built (keeps runs and their data)
	rm -rf $(VENV) frontend/node_modules backend/gradus_server/page build dist \
	  .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
