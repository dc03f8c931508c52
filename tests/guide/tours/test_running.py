"""How it is run: whole blocks, what shows it running, and nothing that starts another's program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.guide.tours.typed import shortened
from indexer.shapes.onboarding import StepKind
from tests.guide.tours.conftest import derived, opened_with
from tests.guide.tours.test_route import said, step_of

CODE = '"""The mill."""\n\n\ndef grind(corn):\n    """Grind corn."""\n    return sorted(corn)\n'
README = """# Mill

The mill grinds corn for the street.

## Your first mill

Write `main.go` first, as it is shown above.

```sh
go run main.go
```
"""
CONTRIBUTING = """# Contributing

## Set up

```sh
pip install -r requirements/test.txt
pip install -r requirements/default.txt
```
"""
DEMO = """Demo
====

See it run::

    (mill) $ make demo
    (mill) $ demo/manage.py runserver
"""
MAKEFILE = """demo: corn
\tdemo/manage.py migrate

corn:
\tcurl https://corn.example

package:
\tpython setup.py sdist
"""
START = """#!/bin/sh
function usage() {
    echo "-s start"
}
cmd="mvn -Dcorn=fine -Dwater=high jetty:run"
$cmd
"""
CHECKS = """name: Checks
on: push
jobs:
  build:
    steps:
      - name: Build the mill
        run: ./mvnw --errors --batch-mode --show-version clean install -DskipTests=true -Dcheck.skip=true
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> Iterator[str]:
    files = {
        "README.md": README,
        "CONTRIBUTING.md": CONTRIBUTING,
        "docs/demo.rst": DEMO,
        "demo/manage.py": "import mill\n",
        "mill/__init__.py": CODE,
        "go.mod": "module mill\n",
        "Makefile": MAKEFILE,
    }
    with opened_with(tmp_path_factory, git_environment, "mill", files) as opened:
        yield said(step_of(derived(opened), StepKind.RUN))


@pytest.fixture(scope="module")
def java(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> Iterator[str]:
    files = {
        "README.md": "# Mill\n\nThe mill grinds corn for the street.\n",
        "mill/__init__.py": CODE,
        "pom.xml": "<project>\n  <artifactId>mill</artifactId>\n</project>\n",
        "bin/start-server": START,
        ".github/workflows/checks.yml": CHECKS,
    }
    with opened_with(tmp_path_factory, git_environment, "mill", files) as opened:
        yield said(step_of(derived(opened), StepKind.RUN))


def test_a_file_that_is_not_here_is_a_readers_own_program(python: str) -> None:
    assert "To start it: `go run main.go`" not in python
    assert "To start a program of one's own that uses it: `go run main.go` (README.md:10" in python
    assert "`main.go` is not in this repository" in python


def test_an_example_of_a_readers_program_is_said_to_be_here(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> None:
    files = {"README.md": README, "mill/__init__.py": CODE, "go.mod": "module mill\n"}
    files["examples/first/main.go"] = "package main\n\nfunc main() {\n}\n"
    with opened_with(tmp_path_factory, git_environment, "mill", files) as opened:
        text = said(step_of(derived(opened), StepKind.RUN))
    assert "`main.go` is what one writes, and one of that name lies in examples/first/main.go" in text


def test_a_block_is_taken_as_a_whole(python: str) -> None:
    typed = "`pip install -r requirements/test.txt`, then `pip install -r requirements/default.txt`"
    assert f"To set it up for work on it: {typed} (CONTRIBUTING.md:6" in python


def test_what_shows_it_running_comes_before_what_packs_it(python: str) -> None:
    assert "To start it: `make demo`, then `demo/manage.py runserver` (docs/demo.rst:6" in python
    assert "make package" not in python


def test_a_script_is_found_by_its_name_and_what_it_runs(java: str) -> None:
    assert "a script, `bin/start-server`, which runs `mvn -Dcorn=fine -Dwater=high jetty:run`" in java
    assert "how it is called stands in bin/start-server:2" in java


def test_a_pipelines_line_is_found_through_its_wrapper_and_flags(java: str) -> None:
    assert "To build it, a pipeline runs `./mvnw … clean install -DskipTests=true …`" in java
    assert "`mvnw` itself is not kept here (.github/workflows/checks.yml:7" in java


def test_variables_are_no_part_of_what_is_shown() -> None:
    assert shortened("mvn ${FLAGS} clean install") == "mvn … clean install"
    assert shortened("make all") == "make all"
