# Two commands on a fresh machine: `make serve` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= 2
# Each of the processes starts a store of its own; a file's tests stay together, the slowest files begin.
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
SUDO   := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: help serve test test-long test-all check bench bench-pages bench-delivery crash test-broker ctk ctk-mutants specs specs-answers specs-check fuzz clean browser
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); echo "installing Debian's python3-venv"; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.served: $(BIN)/python setup.cfg pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[embedded,ctk]'
	@touch $@

$(VENV)/.tested: $(VENV)/.served
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[embedded,ctk,test]'
	@touch $@

serve: $(VENV)/.served ## install, start the local store and all seven APIs on 127.0.0.1:8080 (PORT= changes it)
	@exec $(BIN)/tmf serve

browser: ## install Debian's Chromium for the browser tests, where it is missing
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || \
	  { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends chromium chromium-driver; } || \
	  echo "Chromium cannot be installed here; the browser tests will be skipped"

check: $(VENV)/.tested ## style, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/mypy benchmarks common ctk specs tmf620 tmf621 tmf622 tmf629 tmf632 tmf666 tmf683
	@$(BIN)/lint-imports --config setup.cfg

test: check browser ## install, check, run the tests that a change should hear at once; JOBS= processes, 2 by default
	@$(PYTEST) -m "not long and not whole and not broker"

test-long: $(VENV)/.tested browser ## the tests that `make test` leaves to CI (tests/selection.py)
	@$(PYTEST) -m "long and not whole and not broker"

test-all: check browser ## `make test` and `make test-long` in one run
	@$(PYTEST) -m "not whole and not broker"

bench: $(VENV)/.tested ## costs of the main operations as ratios to a floor measured in the same run
	@$(BIN)/python -m benchmarks

bench-pages: $(VENV)/.tested ## what a page costs at 10^3 to 10^5 stored resources (SIZES="1000 1000000" chooses)
	@$(BIN)/python -m benchmarks.pages

bench-delivery: $(VENV)/.tested ## what is delivered a second, to one subscriber, to 40, and to 40 beside ten sick ones
	@$(BIN)/python -m benchmarks.delivery

crash: $(VENV)/.tested ## kill -9 of every kind of process under load (KILLS=300); no event may be lost or out of order
	@$(BIN)/python -m tests.crash $(or $(KILLS),300)

test-broker: $(VENV)/.tested ## the Kafka sink against a real Kafka from Maven Central; needs java and mvn
	@$(BIN)/python -m pytest tests/hub/test_kafka.py -m broker

ctk: $(VENV)/.tested ## judge a whole suite, and every small server of another style, by the kit; writes the README's table
	@$(BIN)/python -m tests.ctk.conformance
	@$(BIN)/python -m pytest tests/ctk -m whole

ctk-mutants: $(VENV)/.tested ## show that every assertion of the kit fails on a broken server; writes ctk/MUTANTS.md; about ten minutes
	@$(BIN)/python -m tests.ctk.mutants.table

specs: $(VENV)/.tested ## build the fourteen documents in specs/ from specs/source
	@$(BIN)/python -m specs.builder

specs-answers: $(VENV)/.tested ## send the example requests to a suite of this process and keep its answers as examples
	@$(BIN)/python -m specs.record

specs-check: $(VENV)/.tested ## validate, load and generate clients from all fourteen documents; some minutes
	@$(BIN)/python -m specs.check

fuzz: $(VENV)/.tested ## the kit's fuzzing against every document of a running suite; about eight minutes
	@$(BIN)/python -m tests.fuzz

clean: ## remove the virtual environment and caches; data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
