# Every target makes and uses its own environment in .venv, from the hash-pinned lock.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.made-from-lock
# About half of the time that all tests take.
HALF := tests/stories tests/channels tests/specs

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F '\t' '{printf "  make %-8s %s\n", $$1, $$2}'

.PHONY: env
env: $(STAMP) ## Make the environment from the lock; nothing where it is current

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("apbot needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Making the environment (about a minute, the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(STAMP)

.PHONY: run
run: env ## Run the sandbox: the invented town, and its phones in the browser
	@$(BIN)/apbot serve --fresh

.PHONY: test
test: env ## Run every test, two halves at once: SQLite, PostgreSQL, a real browser where there is one
	@$(BIN)/python -m pytest -q -p no:cacheprovider $(HALF) & one=$$!; \
	$(BIN)/python -m pytest -q -p no:cacheprovider tests $(HALF:%=--ignore=%); two=$$?; \
	wait $$one && exit $$two

.PHONY: check
check: env ## Format, lint, types, who may import whom, and the town's files
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/apbot check

.PHONY: bench
bench: env ## Measure it against its goals, about ten minutes; ONLY=replies for one part
	@$(BIN)/python -m bench --only $(ONLY)

.PHONY: chaos
chaos: env ## Play a school day while everything breaks, under ten minutes; SEED=7 DATABASE=sqlite for one
	@$(BIN)/python -m chaos $(if $(SEED),--seed $(SEED)) $(if $(DATABASE),--database $(DATABASE)) $(if $(PROVIDERS),--providers $(PROVIDERS)) $(if $(OLDER),--older $(OLDER))

.PHONY: lock
lock: ## Pin every library anew, with hashes (needs uv)
	@uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" -o requirements.lock --quiet
