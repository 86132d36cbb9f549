# make run    starts a demo center on this machine        make test   runs every test
# make peers  installs the SIP peers of the tests (Debian) make lint   runs golangci-lint
# make build  builds ./threering                           make prompts  makes the shipped prompts anew (espeak-ng, flite, sox)

GO ?= go
CENTER_TESTS = ./cmd/threering/e2e
PEERS = sip-tester baresip-core

.PHONY: run build test test-unit test-e2e peers lint prompts prerequisites clean

run: build
	./threering serve

build: prerequisites
	$(GO) build -o threering ./cmd/threering

test: test-unit test-e2e

test-unit: prerequisites
	$(GO) vet ./...
	$(GO) test -race $$($(GO) list ./... | grep -v '/e2e$$')

# The built binary against phones that nobody here wrote.
test-e2e: prerequisites
	$(GO) test -race -count=1 -parallel 3 -v $(CENTER_TESTS)

peers:
	@if command -v sipp >/dev/null && command -v baresip >/dev/null; then echo 'make peers: sipp and baresip are here'; \
	elif ! command -v apt-get >/dev/null; then echo 'make peers: needs Debian or Ubuntu; elsewhere install sipp and baresip by hand' >&2; exit 1; \
	else $(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -qy --no-install-recommends $(PEERS); fi

lint:
	golangci-lint run ./...

prompts:
	cd ivr/prompts/generate && $(GO) run .

prerequisites:
	@command -v $(GO) >/dev/null || { echo 'threering needs Go 1.26 or newer: https://go.dev/dl' >&2; exit 1; }
	@command -v $${CC:-gcc} >/dev/null || command -v cc >/dev/null || { echo 'threering needs a C compiler for SQLite: apt-get install gcc libc6-dev' >&2; exit 1; }
	@[ "$$($(GO) env CGO_ENABLED)" = 1 ] || { echo 'threering needs cgo for SQLite: unset CGO_ENABLED' >&2; exit 1; }

clean:
	rm -f threering
