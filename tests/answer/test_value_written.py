"""When a value was set: by the lines that history took out and put in, whoever moved them since."""

from __future__ import annotations

import pytest

from indexer.types import Section, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

CLIENT = '''"""Talks to the bank."""

SEND_TIMEOUT = {timeout}


class Client:
    """A connection to the bank."""

    def __init__(self, opts):
        """Take what is set."""
        self.keep_alive = opts.get("keep_alive", {keep})

    def ask(self, question, retry_count{annotated}=3):
        """Ask and wait."""
        backoff = 7
        return question, retry_count, backoff
'''


def _client(timeout: int, keep: str, annotated: str = "") -> str:
    return CLIENT.format(timeout=timeout, keep=keep, annotated=annotated)


@pytest.fixture(scope="module")
def history(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("valued") / "repo"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit("Talk to the bank", {"shop/client.py": _client(10, "False")})
    repository.git("tag", "v1.0.0")
    repository.commit("Be patient with the bank", {"shop/client.py": _client(60, "False")})
    repository.git("tag", "v1.1.0")
    repository.commit("Stay connected unless told otherwise", {"shop/client.py": _client(60, "True")})
    repository.git("tag", "v1.2.0")
    repository.commit("Annotate the client", {"shop/client.py": _client(60, "True", ": int ")})
    repository.git("rm", "--quiet", "shop/client.py")
    repository.commit(
        "Move the client to a package of its own", {"bank/client.py": _client(60, "True", ": int ")}
    )
    repository.git("tag", "v2.0.0")
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


@pytest.mark.parametrize(
    ("question", "subject", "before", "release"),
    [
        ("When was `SEND_TIMEOUT` raised to 60?", "Be patient with the bank", "SEND_TIMEOUT = 10", "v1.1.0"),
        (
            "When was the default of `keep_alive` changed to True, and in which release did it come?",
            "Stay connected unless told otherwise",
            'opts.get("keep_alive", False)',
            "v1.2.0",
        ),
    ],
)
def test_the_commit_that_set_a_value_leads_though_the_line_was_moved_since(
    history: Asking, question, subject, before, release
):
    answer = history.ask(question)
    first = answer.statements[0]
    assert subject in first.text, [each.text for each in answer.statements]
    assert before in first.text
    assert "Move the client" not in first.text
    assert any(release in each.text for each in answer.statements)
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_what_is_new_with_its_value_is_told_without_one_before_it(history: Asking):
    answer = history.ask("Since when does `retry_count` default to 3?")
    assert "Talk to the bank" in answer.statements[0].text
    assert "stood before" not in answer.statements[0].text


@pytest.mark.parametrize(
    "question",
    [
        "When was the default of `keep_alive` changed to 30?",
        "When was the default of `backoff` changed?",
    ],
)
def test_of_a_value_that_stands_nowhere_here_nothing_is_told_as_if_it_were_it(history: Asking, question):
    answer = history.ask(question)
    assert not any(" set `" in each.text for each in answer.statements)
    assert answer.verdict.status is not VerdictStatus.GROUNDED
    assert all(each.citations for each in answer.statements if each.section is not Section.MISSING)
