# gwlogs: everything that can be done with the repository. `make help` lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Real logs and synthetic ones with expected results; they are too big, and some of another licence, to be in here.
export GWLOGS_SHARED := $(abspath $(or $(GWLOGS_SHARED),../shared))
# The second opinion that `make compare` and `make bench` need; .ci/install builds it.
export EVTX_DUMP := $(abspath $(or $(EVTX_DUMP),.tools/bin/evtx_dump))
export GWLOGS := $(abspath dist/gwlogs)
# How often TestKilledAtAnyMoment kills an archive.
export GWLOGS_KILLS ?= 100

FUZZTIME ?= 20m
MUTANTS ?= 10000
RUNS ?= 5

# The tools have a module of their own: what they need is no dependency of gwlogs.
TOOL = go tool -modfile=tools/go.mod

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## dist/gwlogs
	CGO_ENABLED=0 go build -trimpath -o dist/gwlogs ./cmd/gwlogs

.PHONY: test
test: ## every test, with -race; installs what is missing; fails when a test skipped
	.ci/install
	go test -race -timeout 40m -json ./... | go run ./internal/noskips
	go test -C interop/golangevtx -json ./... | go run ./internal/noskips
	go test -C interop/manifests -json ./... | go run ./internal/noskips
	python3 -m unittest discover -q -s interop/comparison -t interop
	python3 -m unittest discover -q -s interop/reading -t interop
	$(MAKE) --no-print-directory python-test
	$(MAKE) --no-print-directory page-test
	$(MAKE) --no-print-directory compare-if-possible
	$(MAKE) --no-print-directory interop
	$(MAKE) --no-print-directory bundle LOGS='testdata $(wildcard $(GWLOGS_SHARED)/fixtures)'
	$(MAKE) --no-print-directory mutate MUTANTS=1000
	$(MAKE) --no-print-directory test-wine

.PHONY: test-wine
test-wine: ## gwlogs.exe and the code for Windows alone, under wine with a stand-in for the event log API
	.ci/install wine
	interop/wine/test

.PHONY: python-test
python-test: build ## the Python package, and a Spark that loses machines
	.ci/install python
	cd python && ../.tools/python-data/bin/mypy
	PYTHONPATH=python/src .tools/python-data/bin/python -m unittest discover -s python/tests -t python
	interop/fleet --bundles 100

.PHONY: fleet
fleet: build ## 1,000 bundles on a Spark that loses machines
	.ci/install python
	interop/fleet --bundles 1000 --limit 3000

.PHONY: compare
compare: build ## every record of the shared logs against evtx_dump
	interop/compare

# evtx_dump cannot be had where there is no recent cargo: that alone is said and passed over.
.PHONY: compare-if-possible
compare-if-possible:
	@if [ -x "$$EVTX_DUMP" ]; then $(MAKE) --no-print-directory compare; \
	else echo "make test: comparison with evtx_dump left out: no $$EVTX_DUMP, and no recent cargo to build it"; fi

.PHONY: interop
interop: build ## logs that gwlogs writes, in the hands of independent readers and verify.py
	interop/readers

.PHONY: bundle
bundle: build ## support bundles of LOGS (all), in the hands of unzip, 7z and Python, and their logs in those of the readers
	interop/bundle $(LOGS)

.PHONY: mutate
mutate: build ## MUTANTS damaged copies of the shared logs: no panic, no hang, no loss (10000)
	go run ./interop/mutate -n $(MUTANTS)

.PHONY: sigma
sigma: ## SIGMAHQ=FOLDER: the rules of SigmaHQ/sigma beside pySigma, and its regression data
	@[ -n "$(SIGMAHQ)" ] || { echo "make sigma: name a copy of SigmaHQ/sigma: make sigma SIGMAHQ=../sigma"; exit 1; }
	interop/sigma/parse "$(SIGMAHQ)"
	go run ./interop/sigma/regression -sigma "$(SIGMAHQ)"

# The page of gwlogs view is made of TypeScript by a Go program, a module of its own; see internal/view/page/build.
PAGE = go run -C internal/view/page/build .

.PHONY: page
page: ## internal/view/page/dist, the page of gwlogs view, from its sources (needs node and npm)
	$(PAGE)

.PHONY: page-test
page-test: ## the types and the unit tests of that page, and whether its dist is what the sources give
	.ci/install node
	$(PAGE) -test
	$(PAGE) -check -quick

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME (20m)
	@for pkg in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "fuzz: $$pkg $$target for $(FUZZTIME)"; \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; \
	done

.PHONY: bench
bench: build ## each kind of work beside evtx_dump or its bound, in turn, RUNS times (5)
	bench/compare --runs $(RUNS)

.PHONY: lint
lint: ## gofmt, go vet, staticcheck, govulncheck, apidiff, actionlint
	@unformatted=$$(gofmt -l $$(find . -name '*.go' -not -path './.tools/*')); \
	  if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go vet -C interop/golangevtx ./...
	go vet -C interop/velocidex ./...
	go vet -C interop/manifests ./...
	$(TOOL) staticcheck ./...
	.ci/govulncheck
	.ci/apidiff
	$(TOOL) actionlint

.PHONY: cross
cross: ## build for linux, windows and darwin, amd64 and arm64, without cgo
	@for os in linux windows darwin; do for arch in amd64 arm64; do \
	  echo "build $$os/$$arch"; \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch go build -trimpath -o /dev/null ./...; \
	done; done

.PHONY: dist
dist: ## the packages of the commit, in dist/packages: zip, deb, msi, winget, scoop, SBOM
	.ci/install dist
	packaging/dist

.PHONY: dist-test
dist-test: ## makes the packages twice, compares them, and installs them: under wine, and in a root of their own
	.ci/install dist-test
	packaging/test

.PHONY: clean
clean: ## remove what the targets above made
	rm -rf dist
