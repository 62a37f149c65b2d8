# The four habits. Each prepares what it needs: a locked .venv; for the tests, Chromium and Java.
.PHONY: run test check bench fuzz prepare lock sbom clean

PYTHON := .venv/bin/python
BIN := .venv/bin

run: prepare
	$(BIN)/observatoire run

test: prepare
	tools/prepare.sh chromium
	tools/prepare.sh java
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder

check: prepare
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTHON) -m schemas.check
	$(PYTHON) -m tools.failles
	$(PYTHON) -m tools.licences
	$(PYTHON) -m tools.nomenclature --verifier
	if [ -d ../shared/sources ]; then $(BIN)/observatoire sources check ../shared/sources; fi

bench: prepare
	tools/prepare.sh nginx
	tools/prepare.sh rivals
	$(PYTHON) -m tests.bench

# Bad input for an hour over all targets; `python -m tests.fuzz SECONDS TARGET…` for another length or some of them.
fuzz: prepare
	tools/prepare.sh hasard
	$(PYTHON) -m tests.fuzz

prepare:
	@tools/prepare.sh venv

# Resolve the lock anew: hashes, every platform, no index named.
lock: prepare
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade -o requirements.lock

# What the code is made of (CycloneDX), to be written again after each change of the lock.
sbom: prepare
	$(PYTHON) -m tools.nomenclature

clean:
	rm -rf .venv .hasard data/inbox/*.csv data/snapshots data/quarantine data/releases data/warehouse.duckdb
