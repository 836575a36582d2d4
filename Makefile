# Every target with its word of help: `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
RUNS   := $(VENV)/.runs
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
TOOLS  := $(VENV)/.tools
UV     := $(TOOLS)/bin/uv
FLOOR  := $(VENV)/.floor
LOCKED := postgres firsthop xlsx report s3 sms
FLOOR_TESTS := tests/mail tests/desk tests/letters tests/store tests/cli tests/conversations
ARGS   ?=
WORKERS ?= $(shell expr $$(nproc) + 1)  # tests wait for servers, too: one more than there are processors

.PHONY: help install demo test lint format lock floor fresh wheel scores bench faults soak fuzz mutate clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

define venv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "mailgate needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
  { echo "this Python makes no virtual environments: apt-get install python3-venv"; exit 1; }
@echo "installing into $(VENV) …"
@$(PYTHON) -m venv $(VENV)
endef

# What the desk itself needs; what tests and linters use comes when they are first run.
$(RUNS): pyproject.toml
	$(if $(wildcard $(STAMP)),,$(venv))
	$(if $(wildcard $(STAMP)),,@$(PIP) --editable .)
	@touch $@

$(STAMP): pyproject.toml
	$(venv)
	@$(PIP) --editable '.[test,lint]'
	@touch $@

install: $(STAMP)  ## make .venv with everything

demo: $(RUNS)  ## a whole desk on this machine: conversations, then yours (ARGS=--once ends after them)
	@$(BIN)/mailgate demo $(ARGS)

test: $(STAMP)  ## the tests, on real servers, and the slowest ten named (ARGS passes options to pytest)
	$(BIN)/pytest -n $(WORKERS) --durations 10 $(ARGS)

lint: $(STAMP)  ## ruff, mypy, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(STAMP)  ## let ruff put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# uv works both of these out; it lives in a corner of its own, and nobody else needs it.
$(UV):
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv

COMPILE = $(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command "make lock" $(ARGS)

lock: $(UV)  ## pin what the image installs, by version and hash (ARGS=--upgrade takes the newest)
	$(COMPILE) $(LOCKED:%=--extra %) --output-file docker/requirements.lock pyproject.toml
	echo hatchling | $(COMPILE) --output-file docker/build.lock -

floor: $(UV)  ## the quick tests on the oldest versions that pyproject.toml allows
	$(UV) venv --quiet --clear --python $(PYTHON) $(FLOOR)
	$(UV) pip install --quiet --no-config --python $(FLOOR)/bin/python --resolution lowest-direct --editable '.[test]'
	$(FLOOR)/bin/pytest -n $(WORKERS) -m 'not slow and not postgresql' $(FLOOR_TESTS) $(ARGS)

fresh:  ## clone, demo and tests in a new Debian 12 with nothing else on it (as root, by debootstrap)
	$(PYTHON) -m tests.fresh $(ARGS)

wheel: $(STAMP)  ## dist/mailgate-….whl; the same files give the same bytes, wherever and whenever
	$(PIP:install=wheel) --no-deps --wheel-dir dist .
	sha256sum dist/*.whl

scores: $(STAMP)  ## how well mail is understood, on other people's mails with answers
	$(BIN)/python -m tests.scores $(ARGS)

bench: $(STAMP)  ## speed and memory in one table (ARGS=--peers with others beside; ARGS="accept start" for some)
	$(BIN)/python -m tests.bench $(ARGS)
	$(BIN)/python -m tests.bench.search
	$(BIN)/python -m tests.bench.ready

faults: $(STAMP)  ## kill, cut, fill up: the long runs of tests/faults
	$(BIN)/pytest tests/faults tests/edges/test_rates.py -n 0 --long $(ARGS)

soak: $(STAMP)  ## 200,000 mails at full speed: does anything grow? (ARGS="--mails 5000")
	$(BIN)/python -m tests.faults.soak $(ARGS)

fuzz: $(STAMP)  ## feed the reader of mail with rubbish (ARGS="-max_total_time=60")
	$(BIN)/python -m pip install --quiet atheris
	$(BIN)/python -m tests.fuzz $(ARGS)

mutate: $(STAMP)  ## can the tests of a room fail? Small changes to its code, tried one by one (ARGS="mail --seed 2")
	$(BIN)/python -m tests.mutation $(ARGS)

clean:  ## remove what the other targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
