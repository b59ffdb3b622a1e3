PYTHON ?= python3
RUN := .venv/bin/python
# A test session without Chromium says so; CI=true makes that a failure.
PYTEST := $(RUN) -m pytest -n 2 --dist worksteal
BENCHMARKS := business_days sweep nothing_due retime memory drain case_import generate \
	helpdesk_peer
SCREENSHOT_SCRIPT := docs/take_screenshots.py
FOLDER := var/contact-sheet

.DEFAULT_GOAL := help
.PHONY: help install run test test-full soak bench check messages screenshots \
	contact-sheet lock system-packages base dev

help: ## List what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 20

base:
	@$(PYTHON) -m deploy.launcher.environment base

dev:
	@$(PYTHON) -m deploy.launcher.environment dev

install: dev ## Prepare the environment in .venv, start nothing

run: base ## Run the product with servers of its own until Ctrl-C
	@$(RUN) -m deploy.launcher

test: dev ## Run the tests against real PostgreSQL and Valkey
	$(PYTEST) -m "not full and not soak"

test-full: dev ## The tests that are too large for every run
	$(PYTEST) -m full

soak: dev ## Kill processes and servers again and again (SOAK_ROUNDS=200 kills)
	$(RUN) -m pytest -m soak --capture=no --log-level=ERROR

bench: dev ## Measure and print it (BENCHMARKS="sweep retime" SIZES="--clocks 100000" for less)
	@for name in $(BENCHMARKS); do \
		$(RUN) -m deploy.launcher.script "benchmarks/$$name.py" $(SIZES) || exit 1; done

check: dev ## Lint, types, floors, migrations, deployment settings
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	.venv/bin/djlint --lint --quiet templates
	.venv/bin/lint-imports
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) -m deploy.check_production

messages: dev ## Collect the texts to translate into locale/
	$(RUN) manage.py makemessages --locale zh_Hans --no-obsolete --no-wrap --add-location file \
		--ignore=.venv --ignore=var --ignore=tests --ignore=benchmarks
	@sed -i '/^"POT-Creation-Date:/d' locale/zh_Hans/LC_MESSAGES/django.po # else every run differs

screenshots: dev ## Take the README's pictures from the running product
	$(RUN) $(SCREENSHOT_SCRIPT)

contact-sheet: dev ## Picture every page of the running product (FOLDER=var/contact-sheet)
	$(RUN) $(SCREENSHOT_SCRIPT) --all $(FOLDER)

lock: dev ## Lock the requirements again, with hashes and without addresses
	$(PYTHON) -m deploy.requirements.lock

system-packages: ## Install Chromium, Chinese fonts, gettext, faketime and poppler (needs root or sudo)
	@deploy/install-system-packages
