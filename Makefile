# make demo and make test do all the set-up on a machine that has Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Tests run side by side; two are enough to keep a small machine busy, where no library starts threads of its own that
# wait for each other, and a command that a test starts finds the modules compiled.
PYTEST := env -u PYTHONDONTWRITEBYTECODE OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
          $(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

.PHONY: demo setup test test-slow lint check test-models test-opensearch mutants bench clean

demo: $(VENV)/.core  ## build the demo mall and serve it
	$(BIN)/xunhuo demo

setup: $(VENV)/.dev  ## what tests need, and nothing more

test: $(VENV)/.dev  ## run the tests, without those that take their time
	$(PYTEST) -m "not slow"

test-slow: $(VENV)/.dev  ## run the others: docs/testing.md says which
	$(PYTEST) -m slow

lint: $(VENV)/.dev  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test test-slow  ## all of it

test-models: $(VENV)-models/.models  ## the tests of the [models] extra, in an environment of their own
	$(VENV)-models/bin/python -m pytest -m models tests

test-opensearch: $(VENV)/.dev  ## contract and fault tests on a real cluster, started for them where there is one: docs/opensearch.md
	.ci/test-opensearch $(abspath $(BIN))/python

mutants: $(VENV)/.dev  ## which small changes of a room do its tests not see? make mutants ROOM=retrieval/fusion: docs/testing.md
	$(BIN)/python -m tests.mutants "$(ROOM)" "$(AGAIN)" $(TESTS)

bench: $(VENV)/.dev  ## print the tables of docs/benchmarks.md
	$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml | $(VENV)/bin/python
	$(PIP) --editable .
	touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	touch $@ $(VENV)/.core

# torch comes first and pinned: the newest CUDA build that pip would pick is several gigabytes.
$(VENV)-models/.models: pyproject.toml
	$(PYTHON) -m venv $(VENV)-models
	$(VENV)-models/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(VENV)-models/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[models,test]'
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-models build *.egg-info
