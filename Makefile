# `make` alone lists every target. Arguments for ARV itself: make run ARGS="--port 9000 --host 0.0.0.0"
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

BIN := .venv/bin
BOOTSTRAP := scripts/bootstrap.sh
ARGS ?=
SECONDS ?= 600

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## Install, build and start ARV on this machine; Ctrl-C stops it
	@$(BOOTSTRAP) run
	@exec $(BIN)/arv up $(ARGS)

.PHONY: demo
demo: ## Publish a sample print in the ARV that runs, and show its link and QR code
	@exec $(BIN)/arv demo $(ARGS)

.PHONY: install
install: ## Install and build everything development needs
	@$(BOOTSTRAP) dev

.PHONY: test
test: ## Lint, Python tests, web tests, end-to-end tests in a real browser
	@$(BOOTSTRAP) dev
	@scripts/system_packages.sh
	@scripts/test.sh

.PHONY: lint
lint: ## Every check that reads the code without running it
	@$(BOOTSTRAP) dev
	@scripts/lint.sh

.PHONY: format
format: ## Format Python and TypeScript
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix --quiet . && node_modules/.bin/biome check --write .

.PHONY: bench
bench: ## Measure what ARV promises: seconds to a ready target, viewer bytes, first overlay
	@$(BOOTSTRAP) dev
	@$(BIN)/python -m bench $(ARGS)

.PHONY: bench-tracking
bench-tracking: ## Tracking against exact truth, with MindAR and OpenCV beside ours (ARGS="--quick")
	@$(BOOTSTRAP) dev
	@[ -d bench/mindar/node_modules/mind-ar ] || (cd bench/mindar && npm install --no-save --silent --ignore-scripts)
	@$(BIN)/python -m bench.tracking --rivals $(ARGS)

.PHONY: bench-lists
bench-lists: ## Lists and searches at the database, at two sizes, with their plans (ARGS="--small")
	@$(BOOTSTRAP) dev
	@$(BIN)/python -m bench.lists $(ARGS)

.PHONY: load
load: ## Requests a second and core of the whole stack, beside nginx, FastAPI and asyncpg alone
	@$(BOOTSTRAP) dev
	@scripts/system_packages.sh
	@$(BIN)/python -m bench.load $(ARGS)

.PHONY: fuzz-api
fuzz-api: ## Play the API against its own description, longer than the tests do (EXAMPLES=200 each)
	@$(BOOTSTRAP) dev
	@API_EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/pytest -q --timeout 3600 tests/flows/test_api_conforms.py

.PHONY: fuzz
fuzz: ## Fuzz the engine: in WebAssembly, then natively under sanitizers (SECONDS=600 each)
	@$(BOOTSTRAP) engine
	@$(BIN)/python -m tests.engine.fuzz --seconds $(SECONDS)
	@$(BIN)/python -m tests.engine.fuzz.native_run --seconds $(SECONDS)

.PHONY: chaos
chaos: ## Break everything that can break, and print how soon ARV ran again (ARGS="tests/faults/test_x.py")
	@$(BOOTSTRAP) dev
	@scripts/system_packages.sh
	@$(BIN)/python -m tests.faults $(ARGS)

.PHONY: drill
drill: ## Lose a server with 1 GB of rows and 10,000 files, and time the way back
	@$(BOOTSTRAP) dev
	@scripts/system_packages.sh
	@FAULTS=full $(BIN)/pytest -q -s --timeout 3600 tests/faults/test_recovery_drill.py

.PHONY: runbooks
runbooks: ## Execute what the runbooks say to type, against a stack of plain processes
	@$(BOOTSTRAP) dev
	@scripts/system_packages.sh
	@FAULTS=full $(BIN)/pytest -q --timeout 900 tests/runbooks

.PHONY: engine
engine: ## Compile the recognition engine to WebAssembly
	@$(BOOTSTRAP) engine

.PHONY: web
web: ## Build engine, viewer and panel for the browser
	@$(BOOTSTRAP) web

.PHONY: openapi
openapi: ## Export the API's description and generate the client's types
	@$(BOOTSTRAP) openapi

.PHONY: migration
migration: ## Draft a migration from the models against DATABASE_URL: make migration NAME="add projects"
	@$(BIN)/alembic revision --autogenerate -m "$(NAME)"

.PHONY: doctor
doctor: ## Say what is in place on this machine and what is missing
	@$(BIN)/arv doctor $(ARGS)

.PHONY: lock
lock: ## Write the locks; versions stay, unless: make lock UPGRADE=1
	@UPGRADE=$(UPGRADE) scripts/lock.sh

.PHONY: containers-check
containers-check: ## Check Dockerfile, compose files and nginx configuration
	@$(BOOTSTRAP) dev
	@scripts/lint.sh dockerfile compose nginx
	@$(BIN)/pytest -q tests/containers

.PHONY: containers
containers: ## Build the images, run the whole compose file, play the product (root, or ARV_DOCKER=system)
	@$(BOOTSTRAP) dev
	@ops/containers/prove.sh

.PHONY: containers-quick
containers-quick: ## The same with one flow only: no upgrade, no recovery
	@$(BOOTSTRAP) dev
	@QUICK=1 ops/containers/prove.sh

.PHONY: sbom
sbom: ## List what the images are made of, as CycloneDX (build/sbom)
	@ops/containers/sbom.sh

.PHONY: clean
clean: ## Remove what builds and tests made; keeps .venv, node_modules and your data in .arv
	@rm -rf .make build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	@rm -rf web/*/dist web/*/.vite arv_engine/*.wasm arv_engine/.*.stamp bench/out
	@find app arv_engine tests scripts bench alembic -name __pycache__ -type d -prune -exec rm -rf {} +
