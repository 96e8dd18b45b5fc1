# The two commands that matter: "make run" does the main job, "make test" proves
# that everything works, installing what it needs. "make help" lists the rest.

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: run
run: ## scan the burrito shop
	@go run ./cmd/foil scan examples/burrito-shop

.PHONY: build
build: ## build bin/foil, which needs no C library and a fifth less memory than with one
	CGO_ENABLED=0 go build -trimpath -o bin/foil ./cmd/foil

.PHONY: test
test: ## everything that CI runs
	@.ci/test all

.PHONY: quick
quick: ## what takes a minute: vet, and tests without a cluster
	@.ci/test quick

.PHONY: lint
lint: ## golangci-lint, as CI runs it
	@.ci/test lint

.PHONY: fuzz
fuzz: ## every fuzz test for FUZZTIME (30s)
	@.ci/test fuzz

.PHONY: update
update: ## write the list of linked packages and the outputs in the docs anew
	go test ./internal/house -run Linked -update
	go test ./test/docs -update
