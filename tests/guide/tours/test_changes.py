"""Where it keeps changing: what counts as a change, what as a mending, and what may be concluded."""

from __future__ import annotations

import pytest

from indexer.guide.tours.past_stops import _mends
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind, TourStep
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, YEAR_2024, Quiet, settings_of
from tests.guide.tours.conftest import derived
from tests.guide.tours.test_route import said, step_of

DAY = 86_400
HEAD = '"""A part."""\n\n' + "".join(f"import part{number}\n" for number in range(20))
BODY = '\n\ndef send(box):\n    """Send a box."""\n    return box\n\n\ndef keep(box):\n    """Keep it."""\n{}'


def _part(lines: int) -> str:
    return HEAD + BODY.format("".join(f"    box.turn({number})\n" for number in range(lines)))


def _hot(bench: Bench, changes: list[dict[str, str]]) -> TourStep:
    made = bench.make("mill")
    first = {f"mill/part{number}.py": _part(0) + "    return box\n" for number in range(45)}
    made.commit("Begin the mill", {"README.md": "# Mill\n\nThe mill grinds.\n", **first}, ADA, YEAR_2024)
    made.commit("Format it all", {path: text + "\n\nX = 1\n" for path, text in first.items()}, ADA, YEAR_2024)
    for number, files in enumerate(changes):
        made.commit(f"Change {number}", files, BOB, YEAR_2024 + DAY * (1 + number))
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    try:
        return step_of(derived(opened), StepKind.HOT)
    finally:
        opened.close()


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> Bench:
    folder = tmp_path_factory.mktemp("mill")
    return Bench(folder, settings_of(folder), git_environment)


def _matters(step: TourStep) -> str:
    return step.matters.statement.text if step.matters is not None else ""


def test_a_change_of_everything_is_no_change_of_a_file(place: Bench) -> None:
    step = _hot(place, [{"mill/part3.py": _part(number)} for number in (3, 6, 9)])
    assert "mill/part3.py changed 3 times in the last 12 months, 2 commits that touched" in said(step)
    assert "mill/part4.py" not in said(step)
    assert "a first change of one's own most likely lands here" in _matters(step)
    # What was written last stands at its end, not where it takes in others.
    assert all(reading.anchor.start_line > 20 for reading in step.reading)


def test_nothing_is_concluded_from_a_small_share(place: Bench) -> None:
    twice = [{f"mill/part{part}.py": _part(part + again) for part in range(12)} for again in (1, 2)]
    assert "lands here" not in _matters(_hot(place, twice))


@pytest.mark.parametrize(
    ("subject", "mends"),
    [
        ("fix(tree): panic in a path", True),
        ("Fix the count of rows", True),
        ("docs: fix a comment", False),
        ("test(core): fix flaky run", False),
        ("Fix typo in the count", False),
        ("Show rows", False),
    ],
)
def test_a_mended_comment_or_test_is_no_mending(subject: str, mends: bool) -> None:
    assert _mends(subject) is mends
