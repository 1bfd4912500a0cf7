# Desirepath. `make` lists the targets; `make demo` and `make test` need nothing set up by hand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAMPLE := .workspaces/sample
PEERS := .venv-peers
EVENTS ?= 20000000

.PHONY: help setup demo app test check shared accounts transcripts truths scale bench evaluate clean

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## Make the virtual environment with pinned dependencies

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Desirepath needs Python 3.11 or newer; say: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(READY) ## Open the chat on the sample company (http://localhost:8501)
	$(BIN)/desirepath --workspace $(SAMPLE) demo

app: $(READY) ## Open the chat on your own workspace
	$(BIN)/desirepath app

test: $(READY) ## Set everything up and run every test
	.ci/chromium
	$(BIN)/python -m pytest -m 'not shared' -n auto --dist loadfile

check: $(READY) ## Lint, format, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

shared: $(READY) ## Tests on the data in the folder named by DESIREPATH_SHARED
	$(BIN)/python -m pytest -m shared -n auto --dist loadfile

accounts: $(READY) ## Write what becomes of every row of each system's exports (docs/accounts.md)
	$(BIN)/python benchmarks/accounts.py "$(DESIREPATH_SHARED)/data/vendor_exports" --write docs/accounts.md

evaluate: $(READY) ## Score the built-in analyst on the questions it was not built from
	$(BIN)/python -m assistant.evaluation

transcripts: $(READY) ## Write the answers to the product's ten questions (docs/transcripts.md)
	$(BIN)/desirepath --workspace $(SAMPLE) demo --prepare-only
	$(BIN)/python -m assistant.transcripts $(SAMPLE) docs/transcripts.md

truths: $(READY) ## Score the analyses on planted effects, a hundred companies each (docs/truths.md)
	$(BIN)/python benchmarks/truths.py --seeds 100 --write docs/truths.md

scale: $(READY) ## Time large companies beside chdb, pm4py and retentioneering (docs/scale.md)
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt
	PYTHONPATH=. $(BIN)/python benchmarks/scale.py --events $(EVENTS) --peers $(PEERS)/bin/python --write docs/scale.md

bench: $(READY) ## Time import, journeys and analyses on a million events
	$(BIN)/python benchmarks/million.py

clean: ## Remove the environment, caches and the sample workspace
	rm -rf $(VENV) $(PEERS) .workspaces .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
