"""What is read first begins with what is told of the product, and what there is more to read is named."""

from __future__ import annotations

import pytest

from indexer.shapes.onboarding import StepKind, TourStep
from tests.guide.tours.conftest import derived, opened_with
from tests.guide.tours.test_route import step_of

README = """# Kiln

[![one](https://img.example/1.svg)](https://example.com/1)

## Donations

Open purse is our funding platform, and your sponsorship keeps the fire of this project burning.

## Sponsors

Sponsors keep the oven warm, and everybody is glad of them in the cold time of the year.

## What is it?

Kiln is a small oven that bakes clay for the people of a street.

Many people bake with kiln, and everybody likes it.
"""
LONG = "# Manual\n\n" + "\n".join(f"A sentence on the number {number} of all.\n" for number in range(100))


def purpose_of(
    factory: pytest.TempPathFactory, environment: dict[str, str], files: dict[str, str]
) -> TourStep:
    """Return the step of a repository that has these files beside a bit of code."""
    code = {"kiln/__init__.py": "", "kiln/fire.py": "def fire():\n    return 1\n", "README.md": README}
    with opened_with(factory, environment, "kiln", {**code, **files}) as knowledge:
        return step_of(derived(knowledge), StepKind.PURPOSE)


def test_a_reading_begins_at_the_heading_of_what_is_quoted(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> None:
    step = purpose_of(tmp_path_factory, git_environment, {"docs/reference.md": LONG})
    assert [(each.anchor.path, each.anchor.start_line) for each in step.reading] == [("README.md", 13)]
    assert step.matters is not None
    assert "docs/reference.md (“Manual”) has 201 lines" in step.matters.statement.text


def test_the_own_introduction_is_read_and_no_page_on_its_use_with_something_else(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> None:
    page = "# First steps with {}\n\nClay is put into the fire.\n\n" + "It is hot.\n\n" * 9
    files = {
        "docs/first-steps-with-wood.md": page.format("wood"),
        "docs/start/introduction.md": page.format("clay"),
        "docs/includes/introduction.md": page.format("includes"),
        "docs/use.md": page.format("gas"),
        "vendor/a/README.md": page.format("a"),
    }
    step = purpose_of(tmp_path_factory, git_environment, files)
    assert [each.anchor.path for each in step.reading] == ["README.md", "docs/start/introduction.md"]
    assert step.matters is not None
    assert "4 of its 5 documents lie in `docs/`" in step.matters.statement.text


def test_a_part_is_told_by_what_the_whole_is_and_by_nobody_who_founded_it(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> None:
    readme = "# Kiln\n\nEve Newcomer founded the project in 2010, and it was a warm summer.\n\n" + README
    files = {"README.md": readme, "kiln/fire.py": "def fire():\n    return 1\n"}
    with opened_with(tmp_path_factory, git_environment, "kiln", files) as knowledge:
        step = step_of(derived(knowledge, "kiln"), StepKind.PURPOSE)
    told = [line.statement.text for line in step.lines]
    assert (
        told[0] == "It is a part of kiln: “Kiln is a small oven that bakes clay for the people of a street.”"
    )
    assert step.check is not None
    assert step.check.question == "What is kiln a part of, and what is that for?"
