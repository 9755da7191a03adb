# Two commands are all: `make run` and `make test`. Running anything again is quick.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin

.PHONY: run test test-slow check fix eval speed setup lock clean

run: setup  ## install, prepare the model, index the bundled plan, serve the web chat
	$(BIN)/plan-assistant serve

test: setup  ## the whole suite but the slow checks
	$(BIN)/python -m pytest

test-slow: setup  ## checks against the original model: minutes
	$(BIN)/python -m pytest -m slow

check: .venv/.installed  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: .venv/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: setup  ## the question sets
	$(BIN)/plan-assistant eval --suite all

speed: setup  ## latency, cold start, embedding rate, memory
	$(BIN)/plan-assistant eval --suite speed

setup: .venv/.installed
	$(BIN)/plan-assistant setup

.venv/.installed: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新版本；可用 make PYTHON=/路径/python3.11 指定")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25' 'setuptools>=77'
	$(BIN)/python -m pip install --progress-bar on --constraint requirements.lock --editable '.[dev,eval,ocr]'
	@touch $@

lock: .venv/.installed  ## pin what is installed now, after upgrading by hand
	$(BIN)/python -m pip freeze --exclude-editable --exclude pip --exclude setuptools | sed 's/+cpu$$//' > requirements.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
