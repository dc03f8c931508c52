"""What a newcomer asks in the first week: which checks run, what a value does, how a named thing is used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answer.checks import checks_asked
from indexer.answer.extract import say_line
from indexer.answer.needs import Need
from indexer.answer.perhaps import is_guess
from indexer.answer.questions import read_question
from indexer.answer.reaching import unwritten
from indexer.answer.readable import CHANGE_LOG
from indexer.answer.verdict import Label, Ruling
from indexer.index.reader import PassageReader
from indexer.types import Section, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

LABELS = '''"""Labels of parcels."""


def safe_label(text):
    """Take out of a label what no printer can print.

    Meant for what a customer typed.
    """
    return text.strip()


def plain_label(text):
    """Write a label in capital letters.

    Meant for what a depot wrote itself.
    """
    return text.upper()
'''
WEB = '''"""The pages of a depot."""


class Keeper:
    """Keeps labels."""

    # a label is kept for as long as its parcel may come back
    KEEP_DAYS = 20

    def is_old(self, days):
        return days > Keeper.KEEP_DAYS


class Pages:
    """All pages of a depot."""

    def register_tab(self, name, page):
        """Register a page as a tab of the pages.

        The page is shown behind the others.
        """
        self.tabs[name] = page
'''
API = """Functions
=========

.. autofunction:: safe_label

.. autofunction:: plain_label
"""
CONTRIBUTING = """# How to help

## Tests

All tests run with `python -m pytest`, which takes a minute.
"""
CI = """name: tests
on: [pull_request]
jobs:
  tests:
    runs-on: ubuntu-latest
    steps:
      - name: Install
        run: pip install -r requirements.txt
      - name: Read the code
        run: ruff check .
      - name: Test
        run: python -m pytest --strict
      - run: mypy depot
  print-labels:
    if: github.event_name == 'push'
  release:
    steps:
      - run: twine upload dist/*
"""
EXAMPLE = """from depot.web import Pages

pages = Pages()
pages.register_tab("stock", object())
"""
SETTINGS = "import os\n\nDEPOT_LIMIT = int(os.environ.get('DEPOT_LIMIT', '5'))\n"
RETURNS = '''"""What comes back."""

# as many as one van takes
RETURN_LIMIT = 40


def take_back(parcels):
    """Take parcels back."""
    first = parcels[0]
    checked = [each for each in parcels if each.checked]
    checked[0].is_counted = True
    weigh(checked)
    if len(parcels) > RETURN_LIMIT:
        raise OverflowError("the second van is called")
    return len(parcels), first


def weigh(parcels):
    """Weigh parcels on the scales of the yard."""
    return sum(each.weight for each in parcels if each.is_counted)
'''


@pytest.fixture(scope="module")
def depot(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("week") / "depot"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit(
        "Keep labels",
        {
            "depot/labels.py": LABELS,
            "depot/web.py": WEB,
            "depot/limits.py": SETTINGS,
            "docs/api.rst": API,
            "CONTRIBUTING.md": CONTRIBUTING,
            ".github/workflows/tests.yml": CI,
            "examples/stock.py": EXAMPLE,
        },
    )
    # A longer name that holds it is another.
    repository.commit("Begin with returns", {"depot/returns.py": "OLD_RETURN_LIMIT = 3\n"})
    repository.commit("Count what comes back (#7)", {"depot/returns.py": RETURNS})
    repository.commit(
        "docs: correct what RETURN_LIMIT says of itself",
        {"depot/returns.py": RETURNS.replace("# as many", "# not more than")},
    )
    with opened(repository, tmp_path_factory.mktemp("data"), PassageReader(1)) as asking:
        yield asking


@pytest.mark.parametrize(
    "question",
    [
        "How do I run all the checks before I send you something?",
        "What do I run so that the robot doesn't turn my pull request red?",
        "What should I run to keep CI green?",
    ],
)
def test_the_checks_are_what_people_type_and_what_ci_runs(depot: Asking, question):
    answer = depot.ask(question)
    said = " ".join(each.text for each in answer.statements)
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert answer.statements[0].text == "Type `python -m pytest` (CONTRIBUTING.md:5, under “Tests”)."
    assert "CI runs `ruff check .` (.github/workflows/tests.yml:10, “Read the code”)." in said
    assert "CI runs `python -m pytest --strict`" in said
    assert "CI runs `mypy depot` (.github/workflows/tests.yml:13)." in said, "a step without a name has none"
    assert "pip install" not in said
    assert "twine" not in said


def test_what_a_file_of_ci_that_is_named_runs_is_told_by_its_commands_alone(depot: Asking):
    answer = depot.ask("What do I run on my machine to get the same checks as tests.yml runs?")
    said = [each.text for each in answer.statements if each.section is Section.WHAT]
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert "CI runs `ruff check .` (.github/workflows/tests.yml:10, “Read the code”)." in said
    assert all(each.startswith("CI runs `") for each in said)
    # Who asks about the file asks for no command of it.
    for question in ("When was tests.yml changed?", "How do I debug tests.yml?"):
        about = depot.ask(question)
        assert not [each for each in about.statements if each.text.startswith("CI runs")]


@pytest.mark.parametrize(
    "question",
    [
        "What does the pipeline of a parcel do?",
        "How do I check a label before I print it?",
        "I want to skip the checks on incoming values for a moment, then have them back. possible?",
        "How do I run the checks on incoming values?",
        "Why does the check fail when a label is empty?",
        "What happens when the pipeline of the yard fails?",
        "What does the weighing pipeline do?",
    ],
)
def test_what_only_sounds_like_it_asks_for_no_checks(depot: Asking, question):
    inquiry = depot.answerer._inquire(question)
    assert all(checks_asked(inquiry, part) is None for part in read_question(question).parts)


def test_two_things_that_a_document_lists_are_told_apart_by_what_they_say_of_themselves(depot: Asking):
    answer = depot.ask("What's the difference between safe_label and plain_label, when do I reach for which?")
    said = " ".join(each.text for each in answer.statements)
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert "Take out of a label what no printer can print." in said
    assert "Meant for what a depot wrote itself." in said


def test_what_another_value_breaks_begins_at_the_value_and_what_it_is_for(depot: Asking):
    answer = depot.ask("I have a subclass of Keeper. What breaks if I set KEEP_DAYS to 2 on it?")
    assert answer.statements[0].text.startswith("`Keeper.KEEP_DAYS` is defined in depot/web.py:8")
    assert "as long as its parcel may come back" in answer.statements[1].text
    removed = depot.ask("What breaks if I remove Keeper, which has KEEP_DAYS?")
    assert any(each.text.startswith("`Keeper` is defined in") for each in removed.statements)


def test_how_one_does_it_with_a_thing_that_is_named_is_told_by_that_thing(depot: Asking):
    answer = depot.ask("How do I add my own page with register_tab?")
    said = [each.text for each in answer.statements]
    assert said[0].startswith("`Pages.register_tab` is a method in depot/web.py")
    assert "The page is shown behind the others." in said[1]
    assert 'pages.register_tab("stock", object())' in said[2]


def test_where_nothing_was_shown_no_file_is_offered_to_ask_about(depot: Asking):
    answer = depot.ask("How many labels do our customers print each day?")
    assert not [each for each in answer.statements if each.section is not Section.MISSING]
    assert not [each for each in answer.follow_ups if ".py" in each]


def test_a_name_that_is_known_is_shown_though_nothing_answers(depot: Asking):
    answer = depot.ask("I have a file and DEPOT_LIMIT both set. who wins, and what if none of them is?")
    assert answer.verdict.status is not VerdictStatus.GROUNDED
    shown = [each for each in answer.statements if each.section is not Section.MISSING]
    assert any(each.path == "depot/limits.py" for statement in shown for each in statement.citations)


def test_who_brought_a_name_is_told_by_what_first_wrote_it_and_not_by_who_speaks_of_it(depot: Asking):
    answer = depot.ask("Who introduced RETURN_LIMIT, and when?")
    assert "“Count what comes back (#7)”" in answer.statements[0].text
    assert answer.statements[0].text.endswith("is the first that wrote `RETURN_LIMIT` into depot/returns.py.")
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_where_in_a_thing_is_told_by_its_lines(depot: Asking):
    answer = depot.ask("Where does take_back call the second van?")
    said = [each.text for each in answer.statements]
    assert said[0].startswith("`take_back` is a function in depot/returns.py")
    assert any("the second van is called" in each for each in said)


def test_where_in_a_thing_may_be_told_by_what_stands_beside_it(depot: Asking):
    answer = depot.ask("Where does take_back deal with the scales of the yard?")
    assert any(each.text.startswith("`weigh` is a function") for each in answer.statements)


def test_what_a_line_is_good_for_is_told_by_what_reads_the_name_in_it(depot: Asking):
    answer = depot.ask("What breaks if I removed the `checked[0].is_counted = True` line from take_back?")
    said = [each.text for each in answer.statements]
    assert said[0].startswith("`is_counted` is written in depot/returns.py:11 and depot/returns.py:20.")
    assert "if each.is_counted" in said[1]


@pytest.mark.parametrize(
    ("question", "needs"),
    [
        ("walk me through take_back please: in which order does it look things up?", {Need.MECHANISM}),
        ("my call dies now. since which change, and what do i configure?", {Need.CHANGE}),
        ("it worked before the yard moved. where is it now?", {Need.PLACE}),
    ],
)
def test_what_is_typed_in_haste_is_read(question, needs):
    assert needs <= {part.need for part in read_question(question).parts}


def test_what_holds_nothing_of_the_question_is_a_guess_and_is_not_shown(depot: Asking):
    inquiry = depot.answerer._inquire("How are customers told that the second van was called?")
    near, whole = (
        Label(status, None, tuple(Ruling(part, answered=False) for part in inquiry.asked.parts))
        for status in (VerdictStatus.PARTIAL, VerdictStatus.GROUNDED)
    )
    assert not is_guess(inquiry, near), "nothing was laid down"
    inquiry.page.code(Section.WHAT, "depot/labels.py", 12, 13)
    assert is_guess(inquiry, near)
    assert not is_guess(inquiry, whole)
    assert not is_guess(inquiry, replace(near, bare=True))
    inquiry.page.code(Section.WHAT, "depot/returns.py", 13, 14)
    assert not is_guess(inquiry, near)
    named = depot.answerer._inquire("How are customers told what take_back did?")
    named.page.code(Section.WHAT, "depot/labels.py", 12, 13)
    assert not is_guess(named, near)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("How does the yard keep a label dry while its van waits?", VerdictStatus.UNKNOWN),
        ("Why was the yard closed to vans on Sundays?", VerdictStatus.MISSING),
    ],
)
def test_a_guess_is_taken_back_whole(depot: Asking, monkeypatch, question, status):
    assert depot.ask(question).verdict.status is not VerdictStatus.GROUNDED
    monkeypatch.setattr("indexer.answer.answerer.is_guess", lambda *_: True)
    answer = depot.ask(question)
    assert answer.verdict.status is status
    assert not [each for each in answer.statements if each.section is not Section.MISSING]
    assert not answer.verdict.contacts


def test_of_a_line_that_only_begins_something_what_follows_is_shown_too(depot: Asking):
    inquiry = depot.answerer._inquire("When does print-labels fire?")
    line = CI.splitlines().index("  print-labels:") + 1
    assert say_line(inquiry, ".github/workflows/tests.yml", line)
    assert say_line(inquiry, "depot/returns.py", 4)
    begun, whole = (each.text for each in inquiry.page.statements)
    assert "github.event_name" in begun
    assert whole == "RETURN_LIMIT = 40"


def test_how_late_it_is_is_no_thing_that_must_stand_here(depot: Asking):
    inquiry = depot.answerer._inquire(
        "What happens if somebody puts the label back a fortnight or a minute later?"
    )
    assert "minute" not in [each.word for each in unwritten(inquiry)]
    assert "fortnight" in [each.word for each in unwritten(inquiry)]


@pytest.mark.parametrize(
    ("path", "is_log"),
    [
        ("Pro-Changes.md", True),
        ("docs/Pro-2.0-Upgrade.md", True),
        ("CHANGES.rst", True),
        ("docs/exchanges.md", False),
        ("src/state-changes.py", True),
        ("docs/field_exchange.md", False),
    ],
)
def test_the_change_log_of_another_edition_is_one(path, is_log):
    assert (CHANGE_LOG.search(path) is not None) is is_log
