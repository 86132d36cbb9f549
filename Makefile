# make run    starts a demo center on this machine        make test   runs every test
# make peers  installs the peers of the tests (Debian)      make lint   runs golangci-lint
# make build  builds ./threering                           make prompts  makes the shipped prompts anew (espeak-ng, flite, sox)
# make console  builds the pages that go into ./threering  make test-console  tests them, also in a browser
# make screenshots  of every page, into docs/screenshots   make api-types  types the console's client from the API
# make bench-sip    measures calls a second, and calls in progress beside registering phones and a flood (BENCH=-quick: a minute)
# make bench-acd    measures the routing beside that of others, in simulation (six minutes; BENCH=-all: every figure)
# make bench-media  measures what calls cost (eight minutes on a machine at rest; BENCH=-quick: one; BENCH=-h: more)
# make bench-offers measures how soon an agent who becomes free is rung, with 500 agents and 1,000 waiting calls (two minutes at rest)
# make soak         ten million random events against the brain (four to twelve minutes)
# make fuzz         tries every parser with input that it makes up, each for FUZZ=20s; what it finds it leaves in testdata

GO ?= go
CENTER_TESTS = ./cmd/threering/e2e
PEERS = sip-tester baresip-core linphone-cli kamailio sipvicious chromium fonts-noto-cjk
PEER_PROGRAMS = sipp baresip linphonec kamailio svwar $(CHROMIUM)
CHROMIUM = chromium
FUZZ = 20s

CONSOLE = web/console
CONSOLE_SOURCES = $(shell find $(CONSOLE)/src $(CONSOLE)/public -type f) $(addprefix $(CONSOLE)/,index.html package.json tsconfig.json vite.config.ts)

.PHONY: run build console console-if-node node test test-unit test-e2e test-console screenshots api-types peers lint prompts bench-acd bench-media bench-sip bench-offers soak fuzz prerequisites clean

run: console-if-node build
	./threering serve

build: prerequisites
	$(GO) build -o threering ./cmd/threering

# The pages are made again only where something of them has changed.
console: node $(CONSOLE)/dist/index.html

$(CONSOLE)/dist/index.html: $(CONSOLE)/node_modules/.package-lock.json $(CONSOLE_SOURCES)
	cd $(CONSOLE) && npm run --silent build

$(CONSOLE)/node_modules/.package-lock.json: $(CONSOLE)/package-lock.json
	cd $(CONSOLE) && npm ci --no-audit --no-fund
	@touch $@

NODE_CHECK = node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null

node:
	@$(NODE_CHECK) || { echo 'the console needs Node 20.19 or newer, with npm: https://nodejs.org' >&2; exit 1; }

# Without Node the server runs all the same, and says on its page how to build the console.
console-if-node:
	@if $(NODE_CHECK); then $(MAKE) --no-print-directory console; \
	else echo 'make run: no console: it needs Node 20.19 or newer, with npm: https://nodejs.org' >&2; fi

# The pages alone, then the pages in a browser with the built server and telephones.
test-console: console build
	cd $(CONSOLE) && npm test
	@mkdir -p build && $(GO) build -o build/phones ./$(CONSOLE)/e2e/phones
	@if command -v $(CHROMIUM) >/dev/null; then cd $(CONSOLE) && npm run test:e2e; \
	elif [ -n "$$CI" ]; then echo 'make test-console: needs chromium: make peers' >&2; exit 1; \
	else echo 'make test-console: the tests in a browser are skipped; they need chromium: make peers' >&2; fi

screenshots: console build
	@mkdir -p build && $(GO) build -o build/phones ./$(CONSOLE)/e2e/phones
	cd $(CONSOLE) && THREERING_SCREENSHOTS=$(CURDIR)/docs/screenshots npm run test:e2e

# After a change of the API: its document, then the types made of it.
api-types: node $(CONSOLE)/node_modules/.package-lock.json
	THREERING_API_TYPES=1 $(GO) test -count=1 -run TestTheConsoleKnowsTheAPI ./web
	cd $(CONSOLE) && npm run --silent types

test: test-unit test-e2e

test-unit: prerequisites
	$(GO) vet ./...
	$(GO) test -race -timeout 20m $$($(GO) list ./... | grep -v '/e2e$$')

soak: prerequisites
	$(GO) test ./acd/brain -run Properties -timeout 6h -rapid.checks=50000

# The built binary against phones that nobody here wrote.
test-e2e: prerequisites
	$(GO) test -race -count=1 -parallel 5 -timeout 30m -v $(CENTER_TESTS)

peers:
	@missing=; for program in $(PEER_PROGRAMS); do command -v $$program >/dev/null || missing="$$missing $$program"; done; \
	if [ -z "$$missing" ]; then echo 'make peers: the peers are here'; \
	elif ! command -v apt-get >/dev/null; then echo 'make peers: needs Debian or Ubuntu; elsewhere install by hand:'$$missing >&2; exit 1; \
	else $(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -qy --no-install-recommends $(PEERS); fi

lint:
	golangci-lint run ./...

prompts:
	$(GO) generate ./ivr

bench-acd: prerequisites
	@mkdir -p build && $(GO) build -o build/benchacd ./cmd/benchacd
	build/benchacd $(BENCH)
	$(GO) test -run '^$$' -bench Apply -benchmem ./acd/brain | grep Benchmark

bench-media: prerequisites
	@mkdir -p build && $(GO) build -o build/benchmedia ./cmd/benchmedia
	build/benchmedia $(BENCH)
	$(GO) test -run '^$$' -bench 'Packet|Seal|Open' -benchmem ./media ./media/srtp | grep Benchmark
	$(GO) test -run '^$$' -bench 'PickUp|BargeIn' -benchtime 200x ./acd/floor | grep '^Benchmark'

bench-sip: build
	@mkdir -p build && $(GO) build -o build/benchsip ./cmd/benchsip
	build/benchsip $(BENCH)
	$(GO) test -run '^$$' -bench 'Gate|Ladder' -benchmem ./sip | grep Benchmark

bench-offers: build
	@mkdir -p build && $(GO) build -o build/benchsip ./cmd/benchsip
	build/benchsip -parts offers $(BENCH)

prerequisites:
	@command -v $(GO) >/dev/null || { echo 'threering needs Go 1.26 or newer: https://go.dev/dl' >&2; exit 1; }
	@command -v $${CC:-gcc} >/dev/null || command -v cc >/dev/null || { echo 'threering needs a C compiler for SQLite: apt-get install gcc libc6-dev' >&2; exit 1; }
	@[ "$$($(GO) env CGO_ENABLED)" = 1 ] || { echo 'threering needs cgo for SQLite: unset CGO_ENABLED' >&2; exit 1; }

fuzz: prerequisites
	@for package in $$(grep -rl '^func Fuzz' --include=*_test.go --exclude-dir=node_modules . | xargs -n 1 dirname | sort -u); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) -fuzzminimizetime 20x $$package || exit 1; \
		done; \
	done

clean:
	rm -f threering
