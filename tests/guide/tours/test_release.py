"""How a change gets out: what publishes comes first, and nothing is said of what is left over or skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.guide.tours.pipelines import pipelines_of
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind, TourStep
from tests.conftest import Bench
from tests.guide.conftest import ADA, YEAR_2024, Quiet, settings_of
from tests.guide.tours.conftest import derived, grounded, opened_with
from tests.guide.tours.test_route import said, step_of

CODE = '"""The mill."""\n\n\ndef grind(corn):\n    """Grind corn."""\n    return sorted(corn)\n'
CHECKS = "name: Checks\non:\n  push:\njobs:\n  test:\n    steps:\n      - run: pytest\n"
SHIPS = """name: Ship
on:
  push:
    tags: ["*"]
jobs:
  ship:
    steps:
      # - run: npm publish
      - run: twine upload dist/*
      - run: make out
      - uses: docker/build-push-action@v5
        with:
          push: false
"""
MAKEFILE = """clean:
\trm -rf dist

pack: clean
\tpython setup.py sdist

out: pack
\ttwine upload dist/*
"""
CONTRIBUTING = """# Contributing

Please write a test for what you change.

## Release process

A release is made on the first Monday of a month.

```
git tag 1.0
git push --tags
```
"""
RELEASER = "project_name: mill\n\nbuilds:\n  - # No program.\n    skip: true\n\nchangelog:\n  use: git\n"
MAKERS = "FROM python:3\nCOPY requirements-test.txt .\nRUN pip install -r requirements-test.txt\n"


@pytest.fixture(scope="module")
def mill(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("mill")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = bench.make("mill")
    old = {".circleci/config.yml": "version: 2\njobs:\n  build:\n    steps:\n      - run: make test\n"}
    files = {
        "mill/__init__.py": CODE,
        "README.md": "# Mill\n\nThe mill grinds corn for the street.\n",
        "CONTRIBUTING.md": CONTRIBUTING,
        "Makefile": MAKEFILE,
        ".github/workflows/checks.yml": CHECKS,
        ".github/workflows/ship.yml": SHIPS,
        ".goreleaser.yaml": RELEASER,
        "docker/Dockerfile": MAKERS,
        "NEWS": "0.9.1\n    More corn.\n\n0.9.0\n    Some corn.\n",
    }
    made.commit("Begin the mill", old, ADA, YEAR_2024 - 3 * 31_557_600)
    made.commit("Build the mill", files, ADA, YEAR_2024)
    for number in range(4):
        made.commit(f"Turn {number}", {"mill/wheel.py": f"TURNS = {number}\n"}, ADA, YEAR_2024 + number)
        made.git("tag", f"mill-1.{number}.0")
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def step(mill: KnowledgeBase) -> TourStep:
    return step_of(derived(mill), StepKind.RELEASE)


def test_what_publishes_comes_before_what_checks(mill: KnowledgeBase, step: TourStep) -> None:
    with grounded(mill) as ground:
        found = pipelines_of(ground)
    assert [each.file.path.rpartition("/")[2] for each in found] == ["ship.yml", "checks.yml", "config.yml"]
    # A remark publishes nothing, and neither does a step that is told not to push.
    assert found[0].publishes == (("twine upload dist/*", 9), ("make out", 10))
    assert "it publishes with `twine upload dist/*` (line 9) and `make out` (line 10)" in said(step)


def test_what_another_system_left_over_is_marked(mill: KnowledgeBase, step: TourStep) -> None:
    with grounded(mill) as ground:
        assert [bool(each.left) for each in pipelines_of(ground)] == [False, False, True]
    assert "nobody changed it since" in said(step)


def test_the_answer_names_only_pipelines_that_were_shown(step: TourStep) -> None:
    assert step.check is not None
    assert step.check.answer.statement.text.startswith("`.github/workflows/ship.yml`, started by a tag; it")


def test_how_it_is_released_by_hand_is_told(step: TourStep) -> None:
    assert "under “Release process”, says: “A release is made on the first Monday" in said(step)
    assert "`git tag 1.0` and `git push --tags`" in said(step)
    assert "To release it by hand: `make out`, which runs `twine upload dist/*`, after `make pack`" in said(
        step
    )


def test_a_version_is_found_behind_the_name_of_the_repository(step: TourStep) -> None:
    assert "The newest version that this branch has is mill-1.3.0" in said(step)


def test_a_log_that_stopped_is_said_to_be_behind(step: TourStep) -> None:
    assert "NEWS tells what changed for users only up to 0.9.1 (NEWS:1): 4 versions above it" in said(step)


def test_what_builds_nothing_or_is_made_for_its_makers_is_not_how_it_runs(step: TourStep) -> None:
    text = said(step)
    assert "It is packed for running by" not in text
    assert "`.goreleaser.yaml` builds no program: it skips that (.goreleaser.yaml:5)" in text
    assert "For work on it, by what it takes in, there is `docker/Dockerfile` (docker/Dockerfile:2)" in text


def test_a_log_of_a_few_lines_is_but_a_pointer(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> None:
    files = {
        "fort/__init__.py": CODE,
        "README.md": "# Fort\n\nThe fort keeps the river.\n",
        "CHANGELOG.rst": "Changelog\n=========\n\nAll of it is at\nhttps://fort.example/en/releases/\n",
        "docs/releases/v1.0.rst": "1.0\n===\n\nIt stands.\n",
        "docs/releases/v1.1.rst": "1.1\n===\n\nIt still stands.\n",
    }
    with opened_with(tmp_path_factory, git_environment, "fort", files) as fort:
        text = said(step_of(derived(fort), StepKind.RELEASE))
    assert "CHANGELOG.rst is no log of changes: it only points to https://fort.example/en/releases/" in text
    assert "the notes of each version lie beside docs/releases/v1.1.rst" in text
