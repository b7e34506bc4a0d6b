# Everything a newcomer types. `make help` lists it. Only git, make and a Python with pip have to be there.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
UV_VENV := .uv
UV := $(UV_VENV)/bin/uv
FRONTEND := signpost/console/frontend
ASSETS := signpost/console/static/build/.ready
NODE_VENV := .venv-node
export UV_LINK_MODE ?= copy
export PYTHONWARNINGS ?= ignore
ARGS ?=
# What the processes of an installation load.
LOADED := import rasa.core.run, actions, alembic.command, signpost.console.app, signpost.desk.opening, signpost.intake.app, \
  signpost.log.redaction.redactor, signpost.start
# Tests write thousands of small databases: in memory, where there are 4 GB to spare, they needn't wait for the disk.
MEMORY := $(shell test "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 4000000 2>/dev/null && echo TMPDIR=/dev/shm)
# Side by side, a file of tests to one process: as many as there are cores.
SIDE_BY_SIDE := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help
help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: run
run: setup ## Set up what is missing, train if the data changed, start everything
	@.venv/bin/signpost train
	@.venv/bin/signpost up $(ARGS)

.PHONY: setup
setup: .venv/.ready assets ## Set up Python 3.10 with Rasa in .venv, and the console's styles

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 8))' || { echo "Python 3.8 or newer is needed to set this up; set PYTHON=..."; exit 1; }
	@echo "Getting uv, which sets up the rest"
	@$(PYTHON) -m venv $(UV_VENV)
	@$(UV_VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/.ready: requirements.lock pyproject.toml bot/standin/pyproject.toml | $(UV)
	@echo "Setting up Python 3.10 with Rasa in .venv: a minute or two, 1 GB"
	@$(UV) venv --quiet --clear --python 3.10 .venv || { echo "Python 3.10 was not found and could not be fetched. Rasa 3.6 needs it: install Python 3.10, then try again."; exit 1; }
	@VIRTUAL_ENV=.venv $(UV) pip sync --quiet requirements.lock
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --editable .
	@# What the processes load is compiled once, here: who runs them may not be allowed to write there.
	@env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -W ignore -c '$(LOADED)' >/dev/null 2>&1 || true
	@touch $@

.PHONY: assets
assets: ## Build the console's styles and scripts where they changed
	@$(MAKE) --silent --no-print-directory $(ASSETS) || echo "The console's styles could not be built: its pages are plain until 'make assets' can."

$(ASSETS): $(FRONTEND)/package.json $(FRONTEND)/package-lock.json $(FRONTEND)/build.mjs $(wildcard $(FRONTEND)/scss/*.scss) | $(UV)
	@echo "Building the console's styles and scripts"
	@$(FRONTEND)/build.sh $(UV) $(NODE_VENV)
	@touch $@

.venv-edge/.ready: requirements.lock pyproject.toml | $(UV)
	@echo "Setting up Python 3.13, without Rasa, in .venv-edge: about a minute"
	@$(UV) venv --quiet --clear --python 3.13 .venv-edge || { echo "Python 3.13 was not found and could not be fetched. Install it, then try again."; exit 1; }
	@VIRTUAL_ENV=.venv-edge $(UV) pip sync --quiet requirements.lock
	@VIRTUAL_ENV=.venv-edge $(UV) pip install --quiet --no-deps --editable .
	@touch $@

.PHONY: test
test: setup browser databases lint types check ## Set up what is missing, run every test
	@.venv/bin/signpost train
	@.venv/bin/signpost rasa data validate --fail-on-warnings --domain domain --data data --config config.yml --quiet
	@$(MEMORY) .venv/bin/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

.PHONY: test-edge
test-edge: .venv-edge/.ready assets ## Run the tests of everything outside bot/ on Python 3.13
	@.venv-edge/bin/python -m mypy signpost migrations
	@$(MEMORY) .venv-edge/bin/python -m pytest $(SIDE_BY_SIDE) -m "not rasa and not walk" $(ARGS)

.PHONY: test-crash
test-crash: setup ## Kill processes 200 times under load and see that nothing is lost (half an hour)
	@.venv/bin/signpost train
	@.venv/bin/python -m tests.endurance.crash $(ARGS)

.PHONY: test-burst
test-burst: setup ## Flood it with 2,000 messages and see that emergencies are answered first
	@.venv/bin/signpost train
	@.venv/bin/python -m tests.endurance.burst $(ARGS)

.PHONY: test-large
test-large: setup databases ## Make records of 1,000,000 escalations and see that pages answer within 300 ms (40 minutes, 12 GB)
	@.venv/bin/python -m tests.large $(ARGS)

.PHONY: fuzz
fuzz: setup ## Throw a million broken webhooks at the parsers (ARGS="--cases 20000 --seed 7")
	@.venv/bin/python -m tests.fuzz $(ARGS)

.PHONY: bench
bench: setup ## Measure this product and stock Rasa side by side (docs/benchmarks.md; hours at first)
	@.venv/bin/signpost train
	@.venv/bin/signpost bench $(ARGS)

.PHONY: budgets
budgets: setup ## Accept what a message costs now in calls and statements, which `make test` holds us to
	@.venv/bin/signpost train
	@.venv/bin/python -m tests.budgets $(ARGS)

.PHONY: bench-lock
bench-lock: $(UV) ## Choose the versions of the packages around stock Rasa anew
	@$(UV) --no-config pip compile signpost/bench/stock/requirements.in --python-version 3.10 --generate-hashes --quiet \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make bench-lock" --output-file signpost/bench/stock/requirements.txt

.PHONY: lint
lint: setup ## Check style
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

.PHONY: types
types: setup ## Check types
	@.venv/bin/mypy signpost actions bot migrations

.PHONY: check
check: setup ## Check the mandate, the responses, the data and the settings
	@.venv/bin/signpost check

.PHONY: browser
browser: ## Install Debian's Chromium for the tests in a browser, where that is possible
	@if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing Chromium for the tests in a browser"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 \
	  || echo "Chromium could not be installed; the tests that need it will say so."; fi

.PHONY: databases
databases: ## Install Debian's PostgreSQL for the tests on it, where that is possible
	@if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing PostgreSQL for the tests on it"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1 \
	  || echo "PostgreSQL could not be installed; the tests that need it will say so."; fi

.PHONY: format
format: setup ## Put the code in order
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

.PHONY: lock
lock: $(UV) ## Choose versions anew and write requirements.lock
	@$(UV) pip compile pyproject.toml --group bot --group dev --universal --python-version 3.10 --generate-hashes \
	  --quiet --custom-compile-command "make lock" --output-file requirements.lock

.PHONY: encoder
encoder: $(UV) ## Train the encoder anew (two hours; training/README.md says when)
	@$(UV) venv --quiet --allow-existing --python 3.11 .venv-encoder
	@VIRTUAL_ENV=.venv-encoder $(UV) pip install --quiet -r training/requirements.txt
	@for seed in 0 1 2; do .venv-encoder/bin/python -m training.train_encoder --seed $$seed || exit 1; done
	@.venv-encoder/bin/python -m training.export_encoder

.PHONY: clean
clean: ## Remove environments, models and caches; data in var/ stays
	@rm -rf .venv .venv-edge .venv-encoder $(NODE_VENV) .uv $(FRONTEND)/node_modules $(dir $(ASSETS)) models .rasa build reports *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
