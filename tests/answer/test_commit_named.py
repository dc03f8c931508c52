"""A question that names a commit by its id is answered by that commit."""

from __future__ import annotations

import pytest

from indexer.types import Section, VerdictStatus
from tests.asking import GONE, HERE, IN_2015, IN_2024, Asking, opened
from tests.conftest import SmallRepository

BODY = (
    "Weigh coins twice\n\nThe scales of the harbour are wet, so that a coin weighs more in the morning.\n"
    "We weigh twice because the harbour master refused the last three bags.\n"
)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("harbour")
    (folder / "repo").mkdir()
    repository = SmallRepository(folder / "repo", dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit("Begin", {"bag.py": "BAG = 1\n", "old.py": "OLD = 1\n"}, author=GONE, date=IN_2015)
    repository.git("rm", "--quiet", "old.py")
    weighed = repository.commit(
        BODY, {"bag.py": "BAG = 2\n", "scales.py": "SCALES = 2\n"}, author=HERE, date=IN_2024
    )
    repository.git("tag", "v2.0")
    plain = repository.commit("Paint the bag", {"bag.py": "BAG = 3\n"}, author=GONE, date=IN_2024 + 60)
    with opened(repository, folder / "data") as asking:
        asking.weighed, asking.plain = weighed, plain  # type: ignore[attr-defined]
        yield asking


@pytest.mark.parametrize("length", [7, 12, 40])
def test_what_a_commit_changed_is_told_by_it(harbour: Asking, length: int):
    answer = harbour.ask(f"What did commit {harbour.weighed[:length]} change?")
    said = [each.text for each in answer.statements]
    assert "Weigh coins twice" in said[0]
    assert "Ben Ito" in said[0]
    assert any("adds scales.py, takes out old.py, and changes bag.py" in each for each in said)
    assert any("v2.0" in each for each in said)
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert all(each.citations for each in answer.statements)


def test_why_a_commit_was_made_is_told_where_it_says_so_and_else_missing(harbour: Asking):
    told = harbour.ask(f"Why was {harbour.weighed[:9]} made?")
    assert told.verdict.status is VerdictStatus.GROUNDED
    assert any(
        each.section is Section.WHY and "harbour master refused" in each.text for each in told.statements
    )
    silent = harbour.ask(f"Why was commit {harbour.plain[:9]} made?")
    assert silent.verdict.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING)
    assert "Paint the bag" in silent.statements[0].text


def test_who_made_a_commit_is_its_author(harbour: Asking):
    answer = harbour.ask(f"Who wrote {harbour.weighed[:8]}?")
    assert "Ben Ito" in answer.statements[0].text
    assert answer.verdict.status is VerdictStatus.GROUNDED


@pytest.mark.parametrize("question", ["What did commit deadbee1 change?", "Why was commit 0123456789 made?"])
def test_t1_a_commit_that_is_not_here_is_said_not_to_be(harbour: Asking, question: str):
    answer = harbour.ask(question)
    assert answer.verdict.status is VerdictStatus.UNKNOWN or answer.verdict.status is VerdictStatus.MISSING
    assert not [each for each in answer.statements if each.section is not Section.MISSING]
    if answer.verdict.status is VerdictStatus.UNKNOWN:
        assert "No one commit of this repository has an id that begins with" in answer.verdict.reason


def test_a_word_of_such_letters_and_a_number_name_no_commit(harbour: Asking):
    answer = harbour.ask("Where is the effaced bag 1234567?")
    assert not any(
        "Weigh coins" in each.text and each.section is Section.WHAT for each in answer.statements[:1]
    )
