"""When something came or went: by the first that speaks of it, and of the very version asked about."""

from __future__ import annotations

import pytest

from indexer.answer.evidence import subject_terms
from indexer.answer.questions import read_question
from indexer.types import Section, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

LOG = """# Changes

## 2.0.0

Released 2024-05-10

### Removed

- Drop support for Python 3.8 and 3.9.

## 1.0.0

### Removed

- Drop support for Python 3.7.

- The header cache is no longer kept (#812): it held on to every canvas, which leaked memory.

## 0.9.0

- Read configuration files.
- Write them too.
- Follow the site, which moved on 2019-01-01.
- Drop support for Python 2.6.
"""


@pytest.fixture(scope="module")
def history(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("changed") / "repo"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit(
        "Handle the zone of time stamps", {"app/times.py": "def zone(stamp):\n    return stamp\n"}
    )
    repository.commit("Remove support for Python 3.7", {"setup.cfg": "[options]\npython_requires = >=3.8\n"})
    repository.commit("Canvas header stamping", {"app/canvas.py": "def stamp(header):\n    return header\n"})
    repository.commit(
        "Fix the stamping of empty headers", {"app/canvas.py": "def stamp(header):\n    pass\n"}
    )
    repository.commit("Add the pigment table", {"app/pigment.py": "PIGMENTS = ()\n"})
    repository.commit("Add the header cache", {"app/header_cache.py": "CACHE = {}\n"})
    repository.git("rm", "--quiet", "app/header_cache.py")
    repository.commit("Remove the header cache (#812)\n\nTidy up.", {"app/headers.py": "HEADERS = ()\n"})
    repository.git("rm", "--quiet", "app/pigment.py")
    repository.commit(
        "Remove the pigment table\n\nNobody mixes pigments any more because the printer does.",
        {"app/inks.py": "INKS = ()\n"},
    )
    repository.commit("Keep a log of changes", {"CHANGES.md": LOG})
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            "When and why was the pigment table removed?",
            "Nobody mixes pigments any more because the printer does.",
        ),
        ("When and why was the header cache removed?", "it held on to every canvas, which leaked memory."),
        ("Why was the header cache removed?", "it held on to every canvas, which leaked memory."),
    ],
)
def test_why_it_went_is_told_by_the_commit_or_by_the_line_of_its_number(history: Asking, question, reason):
    answer = history.ask(question)
    told = [each for each in answer.statements if each.section is Section.WHY]
    assert any(reason in each.text for each in told)
    assert not any("Tidy up" in each.text for each in answer.statements)
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_what_was_added_is_led_by_the_first_commit_that_speaks_of_it(history: Asking):
    first = history.ask("When was the stamping mechanism added, and by whom?").statements[0].text
    # "Mechanism" is what anything may be called, and time stamps are no stamping.
    assert "“Canvas header stamping”" in first
    assert first.endswith("is the first commit whose subject line speaks of it.")


def test_t1_the_end_of_another_version_is_not_told(history: Asking):
    answer = history.ask("When was support for Python 3.9 dropped?")
    texts = [each.text for each in answer.statements]
    assert texts[0] == "CHANGES.md:9, under “2.0.0” (2024-05-10): “Drop support for Python 3.8 and 3.9.”"
    assert [each.start_line for each in answer.statements[0].citations] == [9, 5]
    assert not any("3.7" in each for each in texts)
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_t1_a_date_further_down_is_not_taken_for_the_version_s(history: Asking):
    first = history.ask("When was support for Python 2.6 dropped?").statements[0]
    assert first.text == "CHANGES.md:24, under “0.9.0”: “Drop support for Python 2.6.”"
    assert [each.start_line for each in first.citations] == [24]


def test_t1_a_version_that_nothing_speaks_of_has_no_end(history: Asking):
    answer = history.ask("When was support for Python 3.6 dropped?")
    assert answer.verdict.status is not VerdictStatus.GROUNDED
    assert not any("Python 3." in each.text and each.section.value == "what" for each in answer.statements)


def test_t1_the_same_number_of_something_else_is_not_told(history: Asking):
    answer = history.ask("When was support for Django 3.9 dropped?")
    assert not any("Python 3." in each.text and each.section.value == "what" for each in answer.statements)


def test_t1_a_shallow_clone_does_not_claim_a_first_commit(history: Asking, tmp_path, git_environment):
    asked = "When was the stamping of empty headers added?"
    claim = "is the first commit whose subject line speaks of it"
    assert claim in history.said(asked)
    origin = SmallRepository(tmp_path / "origin", dict(git_environment))
    origin.path.mkdir()
    origin.git("init", "--quiet", "--initial-branch=main", ".")
    origin.commit("Canvas header stamping", {"app/canvas.py": "def stamp(header):\n    return header\n"})
    origin.commit("Fix the stamping of empty headers", {"app/canvas.py": "def stamp(header):\n    pass\n"})
    origin.commit("Say more", {"README.md": "# Canvas\n"})
    shallow = SmallRepository(tmp_path / "shallow", dict(git_environment))
    origin.git("clone", "--quiet", "--depth=2", origin.path.as_uri(), str(shallow.path))
    with opened(shallow, tmp_path / "data") as asking:
        answer = asking.ask(asked)
        assert claim not in " ".join(each.text for each in answer.statements)
        assert any("Fix the stamping of empty headers" in each.text for each in answer.statements)


@pytest.mark.parametrize(
    "question",
    [
        "What changed in version 2?",
        "What is new in 2.0.0?",
        "What did 2.0 remove?",
        "what has changed since v2.0",
    ],
)
def test_what_a_version_brought_is_what_the_change_log_lists_under_it(history: Asking, question):
    answer = history.ask(question)
    texts = [each.text for each in answer.statements]
    assert "Drop support for Python 3.8 and 3.9." in texts
    assert not any("3.7" in each or "2.6" in each for each in texts)
    assert answer.verdict.status is VerdictStatus.GROUNDED


@pytest.mark.parametrize("question", ["What changed in Python 2.0?", "What does Django 1.0 bring?"])
def test_t1_a_version_of_something_else_is_none_of_this_one(history: Asking, question):
    answer = history.ask(question)
    assert answer.verdict.status is not VerdictStatus.GROUNDED
    assert not any("header cache is no longer kept" in each.text for each in answer.statements)


def test_t1_what_was_removed_is_no_list_of_what_was_added(history: Asking):
    said = history.said("What was removed in version 0.9?")
    assert "Drop support for Python 2.6" in said
    assert "Read configuration files" not in said
    assert "Read configuration files" not in history.said("What was fixed in version 0.9?")


def test_a_version_that_no_change_log_tells_of_is_not_taken_for_another(history: Asking):
    assert "Read configuration files" not in history.said("What changed in version 9?")


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("When did redirects start sending 303 instead of 302?", ("redirect", "send", "303")),
        ("When did we change to tox rather than nox?", ("tox",)),
        # What it is about all the same is no mere thing of before.
        ("When did a 302 that is sent instead of 302 change?", ("302", "sent")),
    ],
)
def test_what_something_was_before_is_not_what_a_change_is_about(question: str, about: tuple[str, ...]):
    assert tuple(subject_terms(read_question(question).parts)) == about
