# Two commands: `make book` builds the book, `make test` runs every check. Both create their own environment in .venv.
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/node_modules/.bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Two processes: the browser tests take so long that more would not help (tests/browsing.py says what runs where).
PROCESSES := -n 2 --dist loadgroup --no-loadscope-reorder

.PHONY: book live docs test test-package test-course quick lint lab bench matrix constraints clean

book: .venv/.book
	civicquiz check
	jupyter-book build -W -n --keep-going .
	@echo
	@echo "The book is built. Open it in a browser: file://$(CURDIR)/_build/html/index.html"

# The book with its lessons as notebooks that run in the browser. It downloads Python for the browser the first time.
live: .venv/.live
	civicquiz live . --to _live --only lessons --only quizzes --only seeds --only course/before.md --only course/after.md
	civicquiz check
	jupyter-book build -W -n --keep-going .
	@echo
	@echo "The book is built. To try it: python -m http.server --bind 127.0.0.1 --directory _build/html"

# The documentation of the package, a site of its own. It is published with the book, in the folder docs/.
docs: .venv/.book
	sphinx-build -W -n --keep-going -d _build/docs-doctrees docs _build/docs
	@echo
	@echo "The documentation is built. Open it in a browser: file://$(CURDIR)/_build/docs/index.html"

test: lint
	pytest $(PROCESSES) $(PYTEST_ARGS)

# Only the package, without the book; only the book.
test-package: lint
	pytest $(PROCESSES) --ignore=tests/course $(PYTEST_ARGS)

test-course: .venv/.test
	civicquiz check
	pytest tests/course $(PYTEST_ARGS)

# For use while working, in under a minute: fewer examples of each property, no browser, no slow tests.
quick: lint
	pytest -q -n auto --hypothesis-profile=quick -m "not browser and not slow" $(PYTEST_ARGS)

lint: .venv/.test node_modules/.installed
	ruff check .
	ruff format --check .
	mypy
	tsc -p tsconfig.json
	biome check --error-on-warnings
	zizmor --offline --quiet --strict-collection --min-severity medium .github

# The lessons as notebooks: right-click a lesson, "Open With", "Notebook".
lab: .venv/.lab
	jupyter lab

bench: .venv/.spark benchmarks/node_modules/.installed
	python -m benchmarks
	python -m benchmarks.grading
	python -m benchmarks.read_gift
	python -m benchmarks.report
	python -m benchmarks.spark
	python -m benchmarks.exchange
	python -m benchmarks.preview
	python -m benchmarks.live
	python -m benchmarks.book

# Other versions of Python and Sphinx, and the lowest of everything, as far as this machine has the interpreters.
matrix: .venv/.test
	nox $(NOX_ARGS)

# Test everything with the newest versions that the ranges and the oldest Python in pyproject.toml allow, on any system.
constraints: .venv/.test
	uv pip compile --quiet --upgrade --universal --generate-hashes --all-extras --group dev --python-version 3.11 \
	  --no-annotate --custom-compile-command "make constraints" --output-file constraints.txt pyproject.toml

clean:
	rm -rf .venv .nox node_modules benchmarks/node_modules _build _live dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "civicquiz needs Python 3.11 or newer. Name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "Python cannot make an environment here. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

# What the package and the extras $(1) need; the dependency groups $(2); then the package as it is in this folder. pip checks
# everything, also what it builds with, against the hashes in constraints.txt, except a folder, which has none.
define install
	@$(PYTHON_OF_VENV) -c '$(REQUIREMENTS)' $(1) >.venv/requirements.txt
	$(PIP_INSTALL) --constraint constraints.txt --requirement .venv/requirements.txt $(2:%=--group %)
	$(PIP_INSTALL) --no-deps --editable .
	@touch $@
endef
PYTHON_OF_VENV := $(BIN)/python
PIP_INSTALL := $(PYTHON_OF_VENV) -m pip install --quiet --build-constraint constraints.txt
REQUIREMENTS := import sys, tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
  print(*project["dependencies"], *(line for extra in sys.argv[1:] for line in project["optional-dependencies"][extra]), sep="\n")

.venv/.lab: .venv/.pip pyproject.toml constraints.txt
	$(call install,lab)

.venv/.book: .venv/.pip pyproject.toml constraints.txt
	$(call install,book,light-book)

.venv/.live: .venv/.pip pyproject.toml constraints.txt
	$(call install,book live,light-book)

.venv/.test: .venv/.pip pyproject.toml constraints.txt
	$(call install,book exchange grading lab live preview units,dev)

# Half a gigabyte, so it is not among what `make test` needs: without it, the tests with Spark are skipped.
.venv/.spark: .venv/.test
	$(call install,spark)

.venv/.pip: .venv/.made .ci/pip constraints.txt
	.ci/pip $(BIN)/python
	@touch $@

# The lock files have checksums and no addresses, so that any registry will do. To update them:
# npm install --package-lock-only --omit-lockfile-registry-resolved
node_modules/.installed: .venv/.test package.json package-lock.json
	npm ci --no-audit --no-fund --silent
	@touch $@

# Lighthouse is large, and only the benchmark of the book needs it.
benchmarks/node_modules/.installed: .venv/.test benchmarks/package.json benchmarks/package-lock.json
	npm ci --prefix benchmarks --no-audit --no-fund --silent
	@touch $@
