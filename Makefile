# The commands: `make help`. Needs GNU make 3.81 or newer and Python 3.11 or newer, nothing else.

PORT ?= 8000
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
# Looked for once, and only where something has to be installed.
PYTHON = $(eval PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3 python3.14 python; do \
	$$name -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$name; break; }; done))$(PYTHON)
endif
BIN := .venv/bin
FIND_CHROMIUM := command -v chromium || command -v chromium-browser || command -v google-chrome
# What the deploy check needs in order to start; worth nothing anywhere else.
PRODUCTION := ENVIRONMENT=production DEBUG=0 BASE_URL=https://deploy-check.example DATABASE_URL=postgres://localhost/none \
	SECRET_KEY=thrown-away-after-the-deploy-check-$$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
# A lock names every package, so pip has nothing to resolve. It must not try: before 23.3 it overlooks the pin of a package
# that another one asks for with an extra (psycopg[pool]), takes the newest release, and stops as that has no hash.
# https://github.com/pypa/pip/issues/12345. `make check` runs `pip check`, and tests/install holds the locks complete.
INSTALL := $(BIN)/pip install --quiet --no-deps --require-hashes -r
# The locks hold the hashes of the public index, whatever mirror this machine is set to.
COMPILE := PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet \
	--generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: run test test-slow test-feature test-upgrade test-without test-install test-nodes bench torture deploy-check check format messages docs lock outdated rename upgrade clean help

# Exported, not written before the command: make then starts it without a shell between, which would eat signals.
run: export PORT := $(PORT)
run: .venv/.installed ## start everything on http://localhost:8000/ (PORT=8001 make run for another port)
	@$(BIN)/python -m config.run

# Compiled once, by the first process that imports it: an image may have told Python to compile everything each time.
test test-slow: export PYTHONDONTWRITEBYTECODE :=
test: .venv/.installed-dev ## run the whole suite
	@$(BIN)/python -m pytest -n logical --maxprocesses 8 --dist worksteal $(ARGS)
	@test -x "$${CHROMIUM:-}" || { $(FIND_CHROMIUM); } > /dev/null || \
		echo "Tests in a browser were not run: no Chromium found. Install it, or set CHROMIUM to its path."

test-slow: .venv/.installed-dev ## what `make test` leaves out: slow tests, every value in every form, pages in every look
	@$(BIN)/python -m pytest -n logical --maxprocesses 8 --dist worksteal -m slow
	@HOSTILE=200 ALL_LOOKS=1 $(BIN)/python -m pytest -n logical --maxprocesses 8 --dist worksteal -m "" \
		tests/security/test_hostile_input.py tests/browser/test_pages.py

test-feature: .venv/.installed-dev ## rename a copy, write apps and fields there, and run the gates
	@$(BIN)/python -m tests.feature

test-upgrade: .venv/.installed-dev ## merge today's state into a product made from an earlier one (ARGS="<commit>")
	@$(BIN)/python -m tests.upgrade $(ARGS)

test-without: .venv/.installed-dev ## run the suite without all capabilities, and without groups of them (ARGS="--two", "--each", or names)
	@$(BIN)/python -m tests.without $(ARGS)

test-install: .venv/.installed-dev ## install both locks with each pip that supported Pythons bring along
	@$(BIN)/python -m pytest -n logical tests/install/every_pip.py $(ARGS)

test-nodes: .venv/.installed-dev ## the suites on a Citus cluster (CITUS_HOME=/usr/lib/postgresql/18, with the extension in it)
	@$(BIN)/python -m tests.nodes $(ARGS)

bench: .venv/.installed-dev ## Tenantry beside plain django-tenants and none, measured (ARGS="--quick": three minutes)
	@$(BIN)/python -m tests.bench $(ARGS)

torture: .venv/.installed-dev ## kill everything at random points, race owners, play the rules (ARGS="--quick": about ten minutes)
	@$(BIN)/python -m tests.torture $(ARGS)

deploy-check: .venv/.installed ## look at a running address as a stranger would (URL=https://example.com, ARGS="--dkim selector")
	@test -n "$(URL)" || { echo "Say which address: make deploy-check URL=https://example.com" >&2; exit 1; }
	@$(BIN)/python manage.py deploy_check "$(URL)" $(ARGS)

check: .venv/.installed-dev ## installed packages, format, lint, types, missing migrations, production settings
	$(BIN)/pip check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	@echo $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: .venv/.installed-dev ## put the code into its format and order its imports
	$(BIN)/ruff check --select I --fix .
	$(BIN)/ruff format .

messages: .venv/.installed-dev ## write all sentences into the catalogues, compile them, say what is not translated
	$(BIN)/python manage.py messages

docs: .venv/.installed-docs ## build the documentation as a site with search, in var/docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --conf-dir docs --doctree-dir var/docs/.doctrees . var/docs
	@echo "Built: $(CURDIR)/var/docs/index.html"

lock: .venv/.installed-dev ## renew requirements.txt, requirements-dev.txt and docs/requirements.txt
	$(COMPILE) --upgrade --output-file requirements.txt pyproject.toml
	$(COMPILE) --upgrade --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	$(COMPILE) --upgrade --output-file docs/requirements.txt docs/requirements.in

outdated: .venv/.installed-dev ## releases that the locks do not have: newer ones, or held back by a bound
	@$(BIN)/pip list --outdated

# Plain Python: it works before anything is installed. The shell sees the three as variables, whatever is in them.
rename: export RENAME_NAME := $(NAME)
rename: export RENAME_SLUG := $(SLUG)
rename: export RENAME_DOMAIN := $(DOMAIN)
rename: ## give a clone its own name: make rename NAME="Nightlight" SLUG=nightlight DOMAIN=nightlight.example
	@$(PYTHON) -m config.rename -- "$$RENAME_NAME" "$$RENAME_SLUG" "$$RENAME_DOMAIN"

upgrade: ## merge a release of Tenantry into a product that has a name of its own: make upgrade TO=v0.2.0
	@$(PYTHON) -m config.upgrade $(TO)

clean: ## remove the virtual environment and caches; the data in var/ stays
	-@$(PYTHON) -m tests.memory
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

.venv/.installed: requirements.txt
	@mkdir -p .venv var 2> /dev/null && test -w .venv && test -w var || { \
		echo "$(CURDIR) cannot be written: .venv and var have to be made there." >&2; exit 1; }
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found. Install one, or name it: make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' 2> /dev/null || { \
		echo "$(PYTHON) is not Python 3.11 or newer. Name one that is: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "$(PYTHON) has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing into .venv …"
	@umask 022 && $(PYTHON) -m venv .venv && $(INSTALL) requirements.txt
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "Installing what development needs …"
	@umask 022 && $(INSTALL) requirements-dev.txt
	@touch $@

# A lock of its own: neither the product nor its tests need what builds the site.
.venv/.installed-docs: .venv/.installed docs/requirements.txt
	@echo "Installing what the documentation needs …"
	@umask 022 && $(INSTALL) docs/requirements.txt
	@touch $@
