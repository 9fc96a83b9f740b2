# Cartwright's commands. `make` alone lists them.

CONFIGURATION ?= Release
CLI = src/Cartwright.Cli/Cartwright.Cli.csproj
PACKAGES = Learning Commerce Storage Server Cli
RUN = dotnet run --project $(CLI) -c $(CONFIGURATION) --

.DEFAULT_GOAL := help
.PHONY: help setup demo smoke build test bench bench-peers bench-http pack publish-check clean

help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing: Debian packages where apt and root are there, npm assets by lock file
	@scripts/setup.sh all

demo: ## Make a sample shop, train, print the numbers, serve http://localhost:5080 (real data: make demo DATA=<shop folder>)
	@scripts/setup.sh demo
	@dotnet build $(CLI) -c $(CONFIGURATION) -v quiet -nologo
	@$(RUN) demo $(if $(DATA),--data '$(DATA)')

smoke: ## The demo unattended: start, try every door once, print what was tried
	@scripts/setup.sh demo
	@dotnet build $(CLI) -c $(CONFIGURATION) -v quiet -nologo
	@$(RUN) demo --smoke

build: ## Restore and build everything, warnings as errors
	dotnet build Cartwright.slnx -c $(CONFIGURATION) -nologo

test: ## Restore, build with warnings as errors, run every test
	@scripts/setup.sh test
	@scripts/test.sh $(CONFIGURATION)

bench: ## Run the kernel benchmarks (BenchmarkDotNet); ARGS='--filter *MatMul*' picks some
	dotnet run --project bench/Cartwright.Benchmarks -c Release -- $(if $(ARGS),$(ARGS),--filter '*')

bench-peers: ## Print our speed beside OpenBLAS and PyTorch on this machine; ARGS='--rows mlp,softmax --threads 1' picks rows
	@scripts/setup.sh bench
	dotnet run --project bench/Cartwright.Benchmarks -c Release -- peers $(ARGS)

bench-http: ## Print how fast recommend answers over HTTP with the full pipeline on 100,000 products; ARGS='--plain' for one model on 12,000
	dotnet run --project bench/Cartwright.Benchmarks -c Release -- http-bench $(ARGS)

pack: ## Make the NuGet packages and the cartwright tool in artifacts/
	@for name in $(PACKAGES); do \
		dotnet pack src/Cartwright.$$name/Cartwright.$$name.csproj -c Release -o artifacts -nologo -v quiet || exit 1; \
	done
	@ls -1 artifacts/*.nupkg

publish-check: ## Publish samples/predict.cs as one trimmed file and check its size, its warnings and its start
	@scripts/publish-check.sh

clean: ## Delete what was built
	@find src tests bench -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
	@rm -rf artifacts
