# Two commands on a fresh machine: `make serve` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# Not --quiet: it would hide the warnings from --strict.
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
JOBS   ?= 2
# Each of the processes starts a store of its own; a file's tests stay together, the slowest files begin.
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
SUDO   := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: help serve tmf test test-long test-all check docs docs-tables bench bench-pages bench-delivery crash test-broker ctk ctk-mutants specs specs-answers specs-check clients fuzz clean browser deploy-lint deploy-constraints
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
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[embedded,ctk,test,docs]'
	@touch $@

serve: $(VENV)/.served ## install, start the local store and every API on 127.0.0.1:8080 (PORT= changes it)
	@exec $(BIN)/tmf serve

tmf: $(VENV)/.served ## any command of tmf: make tmf ARGS='seed --size 100'
	@$(BIN)/tmf $(ARGS)

browser: ## install Debian's Chromium for the browser tests, where it is missing
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || \
	  { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends chromium chromium-driver; } || \
	  echo "Chromium cannot be installed here; the browser tests will be skipped"

check: $(VENV)/.tested ## style, types, layers, pages
	@$(BIN)/ruff check .
	@$(BIN)/mypy tests/packaging/lint.py tests/specs_clients/check.py tests/specs_examples/record.py benchmarks common ctk specs tmf[0-9][0-9][0-9]
	@$(BIN)/python -m tests.imports
	@$(MKDOCS)

docs: $(VENV)/.tested ## build the pages of docs/ as a site in build/site; a link that leads nowhere fails
	@$(MKDOCS)

docs-tables: $(VENV)/.tested ## write the generated tables of the papers: settings, commands, layers
	@$(BIN)/python -m tests.docs.tables

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
	@$(BIN)/python -m pytest tests/work/test_kafka.py -m broker

ctk: $(VENV)/.tested ## judge a whole suite, and every small server of another style, by the kit; writes docs/conformance.md
	@$(BIN)/python -m tests.ctk.conformance
	@$(BIN)/python -m pytest tests/ctk -m whole

ctk-mutants: $(VENV)/.tested ## show that every assertion of the kit fails on a broken server; writes ctk/MUTANTS.md; about ten minutes
	@$(BIN)/python -m tests.ctk.mutants.table

specs: $(VENV)/.tested ## build the documents in specs/ from specs/source
	@$(BIN)/python -m specs.builder

specs-answers: $(VENV)/.tested ## send the example requests to a suite of this process and keep its answers as examples
	@$(BIN)/python -m tests.specs_examples.record

specs-check: $(VENV)/.tested ## validate, load and generate clients from all documents; some minutes
	@$(BIN)/python -m tests.specs_clients.check

clients: $(VENV)/.tested ## clients of others write to a suite at their defaults: the JDK's, where java is installed
	@$(BIN)/python -m tests.clients

fuzz: $(VENV)/.tested ## the kit's fuzzing against every document of a running suite; about eight minutes
	@$(BIN)/python -m tests.fuzz

deploy-lint: $(BIN)/python ## look at what stands in deploy/ by hadolint, helm, kubeconform and others, installed below .deploy-tools/
	@$(BIN)/python -m tests.packaging.lint

deploy-constraints: $(BIN)/python ## write deploy/constraints.txt anew: every version that the image installs
	@rm -rf .deploy-tools/frozen && $(BIN)/python -m venv .deploy-tools/frozen
	@.deploy-tools/frozen/bin/python -m pip install --quiet --disable-pip-version-check '.[embedded,ctk,kafka]'
	@{ head -1 deploy/constraints.txt; .deploy-tools/frozen/bin/python -m pip freeze --exclude tmf-reference-suite; } > .deploy-tools/constraints.txt
	@mv .deploy-tools/constraints.txt deploy/constraints.txt

clean: ## remove the virtual environment and caches; data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .deploy-tools *.egg-info
