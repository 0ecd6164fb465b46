# Two commands: `make up` serves the hubs, `make test` checks everything.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: up test check browser closures docs screenshots pins clean

up: .venv/installed
	$(BIN)/groundswell up $(ARGS)

# Coverage makes a test half as slow again. Therefore only the tests of the measured packages run under it, and they alone
# must cover these packages; the other tests follow without it.
MEASURED := $(wildcard $(addprefix tests/,feeds fetch stories text wording markets sources claims hubs pages))
PYTEST := $(BIN)/python -m pytest --dist worksteal --numprocesses

# The tests that follow often wait for a process, a server or a browser: one worker more than there are processors.
WORKERS = $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)')

test: .venv/test-installed browser check
	$(PYTEST) auto $(MEASURED) --cov --cov-report=
	$(BIN)/python -m coverage report
	$(PYTEST) $(WORKERS) $(addprefix --ignore=,$(MEASURED))

check: .venv/test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Chromium for the browser tests, from the system's packages where they can be installed; without it those tests are
# skipped and say why.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 \
	|| { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] \
	     && { echo "Installing chromium for the browser tests ..."; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; }; } \
	|| echo "No chromium, and it cannot be installed here: the browser tests will be skipped."

# The table of days on which the exchanges were closed, from exchange_calendars and the rules before 1970.
closures: .venv/test-installed
	$(BIN)/python tools/closures.py

# The documentation site, in site/. A dead link or anchor fails.
docs: .venv/docs-installed
	$(BIN)/zensical build --clean --strict

# The pictures of docs/screenshots, from made headlines and prices.
screenshots: .venv/test-installed browser
	$(BIN)/python -m tests.web.screenshots

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.11 up"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing (once, about a minute) ..."
	$(PIP) --editable .
	@touch $@

.venv/test-installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing (once, about a minute) ..."
	$(PIP) --editable '.[test]'
	@touch $@ .venv/installed

.venv/docs-installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing (once, about a minute) ..."
	$(PIP) --editable '.[docs]'
	@touch $@

.venv/release-installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing (once, about a minute) ..."
	$(PIP) --editable '.[release]'
	@touch $@

# The exact versions: constraints.txt for the installations above, requirements.lock with the hashes of all their files on
# any platform for releases. Neither contains the address of a package index.
LOCK := pip compile pyproject.toml - --constraint constraints.txt --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate
pins: .venv/test-installed .venv/docs-installed .venv/release-installed
	{ echo '# Versions that the tests pass with. Used by the Makefile; `make pins` writes this file.'; \
	  $(BIN)/python -m pip freeze --exclude-editable; } > constraints.txt
	{ echo '# What a release needs, with the hashes of its files. `make pins` writes this file; docs/operations.md says how to use it.'; \
	  echo 'setuptools>=77' | $(BIN)/uv $(LOCK); } > requirements.lock

clean:
	rm -rf .venv build dist site .mypy_cache .ruff_cache .hypothesis .coverage
