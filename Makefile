# Folkmoot. `make run` starts it with demonstration content, `make test` proves it, `make bench` measures it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The same tags everywhere, else the SQLite C file is compiled twice.
TAGS := netgo,osusergo,sqlite_omit_load_extension
export GOFLAGS := -tags=$(TAGS)
export CGO_ENABLED := 1

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
ADDR ?= 127.0.0.1:8080
DATA ?= var/demo
RESULTS ?= var/bench
FUZZTIME ?= 60s

.PHONY: help run build assets tools test lint gotest e2e dockerfile bench bench-large fuzz screenshots vuln clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/ -/'

run: build ## start with demonstration content on http://127.0.0.1:8080
	@mkdir -p $(DATA)
	./bin/folkmoot serve --demo --addr $(ADDR) --data $(DATA)

build: assets ## build bin/folkmoot
	go build -ldflags '$(LDFLAGS)' -o bin/folkmoot ./cmd/folkmoot

assets: web/dist/manifest.json ## build style sheets, scripts and fonts into web/dist

web/dist/manifest.json: web/node_modules/.package-lock.json web/build.mjs $(shell find web/assets -type f 2>/dev/null)
	cd web && node build.mjs

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@.ci/install npm go
	cd web && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

tools: ## install what the tests need (Debian packages), or say what is missing
	@.ci/install npm go chromium postgresql
	@.ci/install glpk || echo "Going on without glpsol: the bounds of the attack are not cross-checked."

test: tools build lint gotest e2e dockerfile ## everything that is proved

lint: ## gofmt, vet, staticcheck
	@out=$$(gofmt -l cmd internal migrations surveys web/*.go); [ -z "$$out" ] || { echo "not gofmt-ed: $$out"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

gotest: assets ## Go tests with the race detector, SQLite and PostgreSQL
	go test -race -timeout 45m ./...
	go test ./internal/disclosure/... # the attackers in full, which get less under the race detector
	go test -run TestHostileInput ./internal/ui # its 10,000 requests, which cost five times as much under the race detector
	go test -run TestExportOfAHundredThousand ./internal/ui/inside # under the race detector storing them takes minutes
	go test -run TestScenario -timeout 15m ./cmd/folkmoot

e2e: build ## whole journeys in headless Chromium, with axe after every navigation
	@[ -n "$${CHROMIUM:-$$(command -v chromium)}" ] || { echo "no chromium on the PATH: install it, or name one in CHROMIUM"; exit 1; }
	cd web && CHROMIUM="$${CHROMIUM:-$$(command -v chromium)}" node --test --test-concurrency=1 e2e/*.test.mjs

dockerfile: web/node_modules/.package-lock.json ## lint the Dockerfile
	cd web && npx --no-install dockerfilelint ../Dockerfile

bench: build ## print figures; asserts nothing about time
	@mkdir -p $(RESULTS)
	go test -short -run '^$$' -bench . -benchmem -timeout 30m ./internal/... ./cmd/... | tee $(RESULTS)/bench.txt

bench-large: ## measure protection and attack at the sizes of docs/disclosure.md, the verification of a million audit events, and the search for a person over a million responses; more than an hour
	go test -run '^$$' -bench 'BenchmarkLinked|BenchmarkCurve|BenchmarkRun|BenchmarkPublish' -benchtime 1x -timeout 90m ./internal/disclosure/...
	go test -run '^$$' -bench BenchmarkAuditVerify -benchtime 1x -timeout 30m ./internal/store
	go test -run '^$$' -bench BenchmarkSubjectSearch -benchtime 5x -timeout 60m ./internal/consult

fuzz: ## fuzz every parser and rule that has a fuzz test, a minute each; attack 500 sequences of releases; FUZZTIME=10s for less
	.ci/fuzz $(FUZZTIME)
	FOLKMOOT_SEQUENCES=500 go test -run TestSequencesOfReleases -timeout 60m ./internal/disclosure

screenshots: build ## make the screenshots of the README
	cd web && CHROMIUM="$${CHROMIUM:-$$(command -v chromium)}" node e2e/screenshots.mjs

vuln: ## known vulnerabilities in what is linked; VULNDB=file://DIR for an offline database
	go run golang.org/x/vuln/cmd/govulncheck@v1.8.0 $(if $(VULNDB),-db $(VULNDB)) ./...

clean: ## remove what was built
	rm -rf bin var web/dist/* web/node_modules web/e2e/out
