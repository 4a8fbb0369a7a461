# Every everyday command of the portal. `make` alone prints them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11.2 --no-annotate \
	--custom-compile-command "make lock"
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r

DEVELOP := PORTAL_MODE=development $(BIN)/python manage.py

# The tests start a few hundred processes, and each would compile the whole portal again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test faults timing check bench bench-large messages lock services

help: ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(BIN)/.portal ## Start the portal with its demo: web, worker and beat in one process (PORT, DATABASE_URL, ...)
	$(BIN)/python -m portal.demo

test: $(BIN)/.tools services ## Run every test, on SQLite and then on PostgreSQL
	$(BIN)/pytest -n 4 --dist worksteal
	$(BIN)/pytest -n 4 --dist worksteal --database=postgresql

faults: $(BIN)/.tools services ## Break machines, servers and networks as long as the claims say: half an hour
	$(BIN)/pytest tests/faults --full --database=postgresql

timing: $(BIN)/.tools services ## Ask known and unknown people at every public form, by bytes and by the clock: an hour or two
	$(BIN)/pytest tests/protections/test_public_forms.py --full
	$(BIN)/pytest tests/protections/test_timing.py --full --database=postgresql -s

check: $(BIN)/.tools ## Look at the code without running it: style, types, layers, migrations, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(DEVELOP) makemigrations --check --dry-run

bench: $(BIN)/.tools services ## Measure what it costs, beside its peers and limits
	$(BIN)/python -m benchmarks

bench-large: $(BIN)/.tools services ## Measure expiry among ten million codes (some ten minutes, 5 GB of disk)
	$(BIN)/python -m benchmarks.expiry 10000000

messages: $(BIN)/.tools services ## Collect the strings to translate and compile what is translated
	$(DEVELOP) makemessages --locale zh_Hans --no-wrap --add-location file --no-obsolete --ignore tests --ignore benchmarks
	$(DEVELOP) compilemessages --ignore .venv

lock: $(BIN)/uv ## Lock the versions named in requirements*.in with hashes (ARGS=--upgrade takes newer ones)
	$(COMPILE) $(ARGS) --output-file requirements.txt requirements.in
	$(COMPILE) $(ARGS) --constraint requirements.txt --output-file requirements-extras.txt requirements-extras.in
	$(COMPILE) $(ARGS) --constraint requirements.txt --constraint requirements-extras.txt \
		--output-file requirements-dev.txt requirements-dev.in

services: # Install what the tests need beside Python; without the right to, say what is left out
	@scripts/install_services.sh

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(BIN)/uv: | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(BIN)/.portal: requirements.txt | $(BIN)/python
	$(INSTALL) requirements.txt
	@touch $@

$(BIN)/.tools: requirements-dev.txt | $(BIN)/python
	$(INSTALL) requirements-dev.txt
	@touch $@ $(BIN)/.portal
