# Two commands: `make run` and `make test`. Both set up what they need once, in .venv, and need no
# network when they are run again.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# What `make run` works on, and what it asks when there is no window to ask in.
REPO ?= .
Q    ?= How does a question become a cited answer?

# PyTorch comes with sentence-transformers and serves other embedding models only. Set TORCH_INDEX
# to the address of PyTorch's own CPU builds to spare several GB of GPU libraries (see README.md).
TORCH       ?= torch==2.13.0
TORCH_INDEX ?=

.PHONY: run test lint format bench clean
.DEFAULT_GOAL := run

$(VENV)/pyvenv.cfg:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.torch: | $(VENV)/pyvenv.cfg
	$(BIN)/python -c "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)" \
	  || $(BIN)/pip install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@touch $@

$(VENV)/.run: pyproject.toml $(VENV)/.torch
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.torch
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.lint: pyproject.toml $(VENV)/.torch
	$(BIN)/pip install --quiet --editable '.[test,lint]'
	@touch $@ $(VENV)/.run $(VENV)/.test

# Open the window on REPO. Where there is no display, index REPO and answer Q in the terminal; a
# verdict of "missing" or "unknown" (exit code 3) is an answer too.
SEEN := $(filter-out offscreen minimal,$(or $(QT_QPA_PLATFORM),native))
SCREEN := $(if $(filter Linux,$(shell uname)),$(DISPLAY)$(WAYLAND_DISPLAY),yes)

run: $(VENV)/.run
ifneq ($(and $(SEEN),$(SCREEN)),)
	@$(BIN)/lorebase gui "$(REPO)"
else
	@$(BIN)/lorebase index "$(REPO)"
	@$(BIN)/lorebase ask --repo "$(REPO)" "$(Q)" || [ $$? -eq 3 ]
endif

# Four at a time, on two cores too: most tests wait for a process (11 minutes in place of 18, two at a
# time). `make test ARGS=` runs them one by one.
ARGS ?= --numprocesses=4

test: $(VENV)/.test
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist
