# What a machine needs for these: Python 3.11 to 3.13, pip and make. Everything else goes into .venv.
PYTHON ?= python3
PORT ?= 3000
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test dev bench chaos lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready  ## make .venv with everything in it

.venv/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else \
	  "igny8-media needs Python 3.11, 3.12 or 3.13 and this is %d.%d: name another with make PYTHON=python3.12" % v)'
	@echo "Setting up .venv (about 1.3 GB with the voice, the fonts and FFmpeg)..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@# --no-deps: the file names everything, and pip need not work it out again.
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

# A home of its own, with accounts of the sandbox alone: it cannot touch yours.
DEMO := IGNY8_HOME=var/demo IGNY8_DATABASE_URL= IGNY8_AUTO_APPROVE= AWS_STORAGE_BUCKET_NAME= \
  $(BIN)/igny8-media

demo: setup  ## posts and videos from the articles in examples/articles, published to a sandbox
	@# `fast` halves the wait on two cores; your own runs render at `standard`.
	@IGNY8_VIDEO_QUALITY=$${IGNY8_VIDEO_QUALITY:-fast} $(DEMO) run examples/articles --out out
	@echo "Approving all drafts for you, because they go to the sandbox only:"
	@$(DEMO) posts approve --drafts >/dev/null 2>&1
	@$(DEMO) posts publish --approved --account sandbox --option tiktok:privacy=PUBLIC_TO_EVERYONE
	@echo "Made: out/report.html. Published: IGNY8_HOME=var/demo $(BIN)/igny8-media sandbox shows it on http://127.0.0.1:8765"

test: setup  ## style, types, import rules and every test that needs no system package
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@# A file stays in one process: what its tests share is made once.
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

dev: setup  ## the Dagster UI on port 3000, watching ./content for new articles
	@$(BIN)/igny8-media dev --port $(PORT)

bench: setup  ## the benchmarks: ratios measured side by side
	@for file in $(filter-out $(addprefix benchmarks/,measure.py timeline.py baselines.py moviepy_usual.py blind_comparison.py),$(wildcard benchmarks/*.py)); do echo "== $$file"; $(BIN)/python $$file || exit 1; done

chaos: setup  ## publish through every fault and kill -9, and count: about five minutes
	@$(BIN)/python -m chaos

lock: setup  ## write requirements.txt anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --no-header --universal --python-version 3.11 --generate-hashes \
	  --group dev pyproject.toml --output-file requirements.txt

clean:  ## remove .venv and what was made, but not the state in var
	@rm -rf .venv out
