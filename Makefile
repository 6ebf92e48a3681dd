# Everything that one does with a fresh clone. `make` alone lists the targets.

# Where scripts/bootstrap puts what the system does not have.
export PATH := $(HOME)/.cargo/bin:$(CURDIR)/.tools/node/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help bootstrap run demo test portal portal-check portal-test screenshots fmt clippy doc bench

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

bootstrap: ## Install what is missing: Rust, PostgreSQL, Node, Python, Chromium, ClamAV, a C compiler
	@sh scripts/bootstrap

# A debug build: it is ready in a fraction of the time, and more than fast enough for one person.
run: bootstrap portal ## Run the service in development mode, with a PostgreSQL of its own
	CASESTREAM_MODE=development cargo run --locked -- serve

# Beside `make run` or by itself: both use the same data folder.
demo: bootstrap ## Fill a fresh installation with a fictional telecom, and print how its people sign in
	CASESTREAM_MODE=development cargo run --locked -- demo

# The browser's tests use the binary that came about with the tests before them.
test: bootstrap fmt clippy doc portal-check ## Check formatting, lints and documentation, and run all tests
	cargo test --locked --workspace
	cargo test --locked --package domain --test table -- --nocapture
	cd $(PORTAL) && npm run test:browser

# The pages. npm runs only when the lock file changed, the build only when a source did.
PORTAL := api/portal
PORTAL_SOURCES = $(shell find $(PORTAL)/src $(PORTAL)/public $(PORTAL)/scripts -type f) \
	$(PORTAL)/index.html $(PORTAL)/graphiql.html $(PORTAL)/vite.config.ts $(PORTAL)/package.json

portal: $(PORTAL)/dist/.built ## Build the pages of the portal, which the service serves at /

$(PORTAL)/node_modules/.installed: $(PORTAL)/package-lock.json | bootstrap
	cd $(PORTAL) && npm ci --no-audit --no-fund
	touch $@

$(PORTAL)/dist/.built: $(PORTAL)/node_modules/.installed $(PORTAL_SOURCES)
	cd $(PORTAL) && npm run build
	touch $@

portal-check: portal ## Check the portal's code, that its generated files are current, and run its unit tests
	cd $(PORTAL) && npm run generate:check && npm run check && npm test

portal-test: portal ## Test the portal in a browser, against a server of its own
	cargo build --locked --package casestream
	cd $(PORTAL) && npm run test:browser

screenshots: portal ## Take the pictures of docs/portal/ anew
	cargo build --locked --package casestream
	cd $(PORTAL) && npm run screenshots

fmt: ## Check that the code is formatted
	cargo fmt --all --check

clippy: ## Check the code, with warnings denied
	cargo clippy --locked --workspace --all-targets -- -D warnings

doc: ## Build the documentation, with warnings denied
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --workspace

bench: bootstrap ## Measure speed beside the named floors and peers
	cargo run --locked --profile bench --package bench
