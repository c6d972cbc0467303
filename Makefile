# Two commands on a fresh machine: `make run` labels an example report, `make test` runs the tests.
# They need Python 3.11 or newer (name another with PYTHON=python3.12), make, and a package index.

PYTHON  ?= python3
VENV    ?= .venv
JOBS    ?= 2
SECONDS ?= 60
EXAMPLE ?= examples/kaifaqu-2009.txt
BIN     := $(VENV)/bin
ENGINES := $(VENV)-engines
PIP     := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# The matrices are small: more threads than this only get in each other's way, and sums stay in one order.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help run test engines browser lint model quality variants growth bench hostile fuzz coverage formats survey docs site extras clean

help:
	@echo "make run      set up and label $(EXAMPLE)"
	@echo "make test     set up and run the tests"
	@echo "make engines  set up Dask and Spark apart (a download of 450 MB) and run their tests; Spark's want Java"
	@echo "make browser  set up Playwright and run the tests of the report page; they want Debian's chromium"
	@echo "make lint     style (ruff) and types (mypy)"
	@echo "make model    train the bundled model again: models/govtext.safetensors"
	@echo "make quality  measure it on reports it has not seen"
	@echo "make variants measure outline and boilerplate on flattened, wrapped and damaged copies"
	@echo "make growth   time against length, on texts made to be slow"
	@echo "make bench    speed beside what people write instead, on the raw documents beside the checkout; half an hour"
	@echo "make hostile  files, models, batches and outputs made to do harm; an hour or so"
	@echo "make fuzz     fuzz reading, segmentation, model files and resuming, SECONDS=60 each"
	@echo "make coverage which lines and branches the tests run"
	@echo "make formats  reports as Word, PDF and pages, against the same as text; uses LibreOffice if it is there"
	@echo "make survey   what is found in the raw documents beside the checkout"
	@echo "make docs     put the thresholds of the source and the survey into docs/, and draw its pictures (Chromium for the pages)"
	@echo "make site     build the site of docs/ into build/site, links checked"
	@echo "make extras   build the wheel, install it with no extra and with all into bare environments, and use it there"
	@echo "make clean    remove the set-up and all that can be built again"

run: $(VENV)/.run
	@$(BIN)/govtext classify --format text $(EXAMPLE)

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n $(JOBS)

engines: $(ENGINES)/.dev
	@$(ENGINES)/bin/python -m pytest tests/test_engines.py

browser: $(VENV)/.browser
	@$(BIN)/python -m pytest tests/test_report_browser.py tests/test_report_corrections.py

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

model: $(VENV)/.run
	@$(BIN)/python models/recipe.py
	@$(BIN)/python models/card.py

quality: $(VENV)/.run
	@$(BIN)/python benchmarks/quality.py
	@$(BIN)/python models/card.py

variants: $(VENV)/.run
	@$(BIN)/python benchmarks/variants.py

growth: $(VENV)/.run
	@$(BIN)/python benchmarks/growth.py

bench: $(VENV)/.bench
	@$(BIN)/python benchmarks/speed.py

hostile: $(VENV)/.dev
	@for part in models outputs pages word pdf batch; do echo "hostile $$part"; $(BIN)/python benchmarks/hostile_$$part.py || exit 1; done
	@$(BIN)/python benchmarks/unicode_families.py --reports 50 --write

fuzz: $(VENV)/.dev
	@$(PIP) atheris
	@$(BIN)/python fuzz/run.py all --seconds $(SECONDS)

coverage: $(VENV)/.dev
	@$(PIP) pytest-cov
	@$(BIN)/python -m pytest -n $(JOBS) --cov=govtext --cov-branch --cov-report=term:skip-covered

formats: $(VENV)/.dev
	@$(BIN)/python benchmarks/formats.py

survey: $(VENV)/.run
	@$(BIN)/python benchmarks/raw_survey.py

docs: $(VENV)/.browser
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/plots.py
	@$(BIN)/python docs/screenshots.py

site: $(VENV)/.site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "build/site/index.html; search needs a server: $(BIN)/python -m http.server -d build/site"

extras: $(VENV)/.run
	@$(BIN)/python packaging/extras.py

clean:
	rm -rf $(VENV) $(ENGINES) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests examples models benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: each step is taken once, and again when pyproject.toml changes.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than Python 3.11 or missing; name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "setting up $(VENV), once" >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.run: pyproject.toml | $(VENV)/.python
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/.python
	@$(PIP) --editable ".[dev]"
	@touch $@ $(VENV)/.run

$(VENV)/.site: pyproject.toml | $(VENV)/.python
	@$(PIP) --editable ".[docs]"
	@touch $@ $(VENV)/.run

$(VENV)/.browser: pyproject.toml | $(VENV)/.dev
	@$(PIP) --editable ".[dev,browser]"
	@touch $@

$(VENV)/.bench: pyproject.toml | $(VENV)/.python
	@$(PIP) --editable ".[bench,rjieba]"
	@touch $@ $(VENV)/.run

$(ENGINES)/.dev: pyproject.toml
	@echo "setting up $(ENGINES), once" >&2
	@test -x $(ENGINES)/bin/python || $(PYTHON) -m venv $(ENGINES)
	@$(ENGINES)/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[dev,engines]"
	@touch $@
