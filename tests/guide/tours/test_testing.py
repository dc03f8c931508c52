"""How it is tested: where the tests lie, which of them to copy from, and what they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from indexer.answer.command_lines import Command
from indexer.guide.tours.covering import _subject
from indexer.guide.tours.testing_stops import _places
from indexer.guide.tours.tooling import missing_file
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind, TourStep
from tests.guide.tours.conftest import derived, grounded, opened_with
from tests.guide.tours.test_route import said, step_of

CONTEXT = '''"""What belongs to one request."""


class Context:
    """Holds what one request has brought."""

    def __init__(self, given):
        self.given = given

    def bring_along(self, name):
        """Return what was brought under a name."""
        found = self.given.get(name)
        return found

    def send_away(self, name):
        """Forget what was brought."""
        self.given.pop(name, None)
        return self
'''
USER = "from mill.context import Context\n\n\ndef serve{0}(given):\n    return Context(given)\n"
NAMING = (
    "from mill.context import Context\n\n\n"
    + "".join(f"def route_{number}(context: Context):\n    return {number}\n\n\n" for number in range(9))
    + "def test_routes_are_numbered():\n    context: Context\n    routes = [route_1, route_2]\n"
    "    numbers = [1, 2]\n    assert len(routes) == len(numbers)\n"
)
OF_CONTEXT = """from mill.context import Context


def given():
    return {"corn": 1}


def test_nothing_yet(context: Context):
    numbers = [1]
    numbers.append(2)
    assert numbers


def test_what_was_brought(make):
    context = make(given())
    found = context.bring_along("corn")
    context.send_away("corn")
    assert found == 1
"""
CONFTEST = "def test_client():\n    return None\n"
PROJECT = """[project]
name = "mill"

[tool.pytest.ini_options]
markers = [
    "slow: takes minutes",
    "network",
]
"""
MAKEFILE = "test:\n\tpytest\n\ntest-all:\n\ttox\n\ntest-far:\n\tpytest -m network\n"


@pytest.fixture(scope="module")
def mill(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    files = {
        "README.md": "# Mill\n\nThe mill serves what is asked for.\n",
        "mill/__init__.py": "",
        "mill/context.py": CONTEXT,
        **{f"mill/user{number}.py": USER.format(number) for number in range(4)},
        "context_test.py": OF_CONTEXT,
        "routes_test.py": NAMING,
        "inner/tests/conftest.py": CONFTEST,
        "inner/tests/test_inner.py": "def test_inner():\n    assert True\n",
        "tests/conftest.py": CONFTEST,
        "tests/test_one.py": "def test_one():\n    assert True\n",
        "tests/test_two.py": "def test_two():\n    assert True\n",
        "pyproject.toml": PROJECT,
        "Makefile": MAKEFILE,
    }
    with opened_with(tmp_path_factory, git_environment, "mill", files) as opened:
        yield opened


@pytest.fixture(scope="module")
def step(mill: KnowledgeBase) -> TourStep:
    return step_of(derived(mill), StepKind.TESTS)


def test_the_root_is_a_place_of_tests(step: TourStep) -> None:
    assert "5 files hold 6 tests: 3 in the root, 2 below `tests/` and 1 below `inner/tests/`" in said(step)


def test_a_folder_is_not_said_to_hold_what_is_counted_for_one_in_it() -> None:
    assert _places(Counter({"test": 3, "test/far": 2})) == ": 3 in `test/` itself and 2 below `test/far/`"


def test_the_test_to_read_is_called_after_its_subject_and_calls_it(step: TourStep) -> None:
    text = said(step)
    assert "By its name context_test.py tests `Context`; `test_what_was_brought` is a short one" in text
    assert "that calls `bring_along`" in text
    assert step.reading[0].anchor.symbol == "test_what_was_brought"


def test_what_the_most_tests_share_comes_first(step: TourStep) -> None:
    assert "What tests share stands in tests/conftest.py (by 2 files)" in said(step)


def test_markers_and_other_targets_are_named(step: TourStep) -> None:
    text = said(step)
    assert "Tests are marked in pyproject.toml as `slow` and `network`" in text
    assert "Beside these there is `make test-far` (Makefile:7)" in text


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("context_test.go", "context"),
        ("tests/test_basket.py", "basket"),
        ("src/test/java/TestCatalog.java", "catalog"),
        ("src/test/java/CatalogTest.java", "catalog"),
        ("test/reply.test.js", "reply"),
        ("spec/order_spec.rb", "order"),
        ("tests/testing.py", ""),
        ("tests/contest.py", ""),
    ],
)
def test_a_file_of_tests_is_called_after_its_subject(path: str, subject: str) -> None:
    assert _subject(path) == subject


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("go run main.go", "main.go"),
        ("python mill/context.py", ""),
        ("pytest tests/test_one.py::test_one -q", ""),
        ("serve --app hello run", "hello"),
        ("serve --app mill run", ""),
        ("make test", ""),
    ],
)
def test_what_a_command_runs_must_be_here(mill: KnowledgeBase, text: str, missing: str) -> None:
    with grounded(mill) as ground:
        assert missing_file(ground, Command("README.md", 1, text, "", 1.0)) == missing
