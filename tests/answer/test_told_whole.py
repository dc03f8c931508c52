"""What is told whole: a comment, a list with its code, a reason within a body, versions, abbreviations."""

from __future__ import annotations

import pytest

from indexer.answer.kinds_of_test import kinds_of_test
from indexer.answer.sentences import sentences_of
from indexer.repo.translations import is_translated_document
from indexer.types import ChunkKind, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

RELAY = '''"""Relays messages.

Run it like this:

    async def main():
        relay = Relay()
        await relay.serve(8888)

    if __name__ == "__main__":
        asyncio.run(main())

    async def other(relay):
        await relay.close(1)
        return relay.state(2)

Notes on threads
----------------

In general the methods of `Relay` are not safe to use from several threads. In particular
`~Relay.push` must only be called from the main thread.

"""


class Relay:
    """Sends messages on.

    The relay is started once for each host.

    It keeps what it could not send.

    It has no state beside that.

    It speaks one language alone.

    If a message waits for longer than `patience` seconds, it is given to the next relay.
    """

    def __init__(self, bells: bool = False):
        """
        :param bells: See below.

        If ``bells`` is ``True``, each message that goes out rings the house bell, so that who waits hears it.
        """
        self.bells = bells

    def push(self, message):
        """Send one message."""
        if self.stopped:
            # Nobody listens any more.
            return None
        if self.child is not None:
            # We stand in a child that the master made. If children sent by themselves, each message would
            # go out as often as there are children.
            return None
        return self.line.send(message)

    def reload(self):
        """Read the routes anew."""
        return self.push(None)


class Router:
    """Finds relays."""

    def push(self, relay):
        """Put a relay at the end of the list of this router."""
        self.relays.append(relay)

    def place(self, relay, port):
        """Give a relay its port."""
        if port < 1024:
            raise ValueError("A relay must use a port above 1023, the others belong to the system")
        self.ports[relay] = port


def ring_bells(relay):
    """Bells are rung once for each relay."""
    return relay.bells
'''
RELEASING = """# Releasing

1. Set the version in `setup.py`.

2. Commit

   ```
   $ git commit -am "Version X"
   ```

3. Push

   ```
   $ git push --tags
   ```

   The rest is done by a machine.
"""
GUIDE = """# Guide

A message has a time to live (TTL). MTA means whatever carries mail.

Who sets MTA is asked for nothing else.
"""
PROJECT = """[project]
name = "relay"
requires-python = ">=3.10"
classifiers = [
    "Programming Language :: Python :: 3.10",
    "Programming Language :: Python :: 3.11",
]
"""
CI = """jobs:
  lint:
    steps:
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
  test:
    strategy:
      matrix:
        python-version:
          - "3.10"
          - "3.11"
"""
RELAY_TEST = '''"""Tests of the router."""


def test_router_pushes():
    """A router takes a relay in."""
    router = make_router()
    router.push(1)
    assert router.relays == [1]


def test_router_places():
    """A router gives a port."""
    router = make_router()
    router.place(1, 2000)
    assert router.ports == {1: 2000}
'''


@pytest.fixture(scope="module")
def relay(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("told") / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Drop support for Python 2.6", {"relay/old.py": "old = 1\n"})
    made.commit("Tidy up\n\n*: Drop support for Python 2", {"relay/old.py": "old = 2\n"})
    made.commit(
        "Begin",
        {
            "relay/core.py": RELAY,
            "RELEASING.md": RELEASING,
            "docs/guide.md": GUIDE,
            "pyproject.toml": PROJECT,
            ".github/workflows/ci.yml": CI,
            "tests/test_router.py": RELAY_TEST,
        },
    )
    with opened(made, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def first(relay: Asking, question: str) -> str:
    return relay.ask(question).statements[0].text


def test_a_comment_within_a_function_is_its_reason_and_told_whole(relay: Asking):
    answer = relay.ask("Why does Relay.push return early when self.child is not None?")

    assert answer.statements[0].text == (
        "We stand in a child that the master made. If children sent by themselves, each message would go out"
        " as often as there are children."
    )
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_a_docstring_is_read_to_its_end(relay: Asking):
    assert first(relay, "What does Relay do when a message waits longer than its patience?") == (
        "If a message waits for longer than `patience` seconds, it is given to the next relay."
    )


def test_prose_behind_a_sample_in_a_docstring_is_no_code(relay: Asking):
    said = relay.said("Can I call Relay.push from another thread?")

    assert "`Relay.push` must only be called from the main thread." in said
    assert "|" not in said


def test_the_steps_of_a_list_come_with_their_code():
    told = sentences_of(ChunkKind.DOC, "markdown", RELEASING, 1)
    whole = next(each.listed for each in told if each.listed is not None)

    assert whole.text == (
        '1. Set the version in `setup.py`; 2. Commit: `git commit -am "Version X"`;'
        " 3. Push: `git push --tags`"
    )
    assert (whole.start_line, whole.end_line) == (3, 14)


def test_a_list_with_code_is_quoted_as_it_stands(relay: Asking):
    assert first(relay, "How do I publish a new release?").endswith("3. Push: `git push --tags`")


def test_a_major_version_is_no_part_of_another(relay: Asking):
    said = relay.said("When was support for Python 2 removed?")

    assert "*: Drop support for Python 2”" in said
    assert "2.6" not in said


def test_what_a_message_refuses_settles_whether_it_may_be_done(relay: Asking):
    answer = relay.ask("Can a relay use a port that belongs to the system?")

    assert answer.statements[0].text == (
        "`Router.place` refuses it, relay/core.py:73: “A relay must use a port above 1023, the others belong"
        " to the system”"
    )
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_a_member_is_of_the_type_that_is_named_beside_it(relay: Asking):
    said = relay.said("What does push() do in Router?")

    assert "`Router.push` is a method" in said
    assert said.index("Router.push") < said.find("Relay.push") or "Relay.push" not in said


def test_what_an_argument_means_is_told_by_the_sentence_that_begins_with_it(relay: Asking):
    told = first(relay, "What does bells mean?")
    assert told.startswith("In the docstring of `Relay.__init__`: “If `bells` is `True`, each message")


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("Which Python versions are supported?", 'pyproject.toml:3 says `requires-python = ">=3.10"`.'),
        ("Does it run on Python 3.8?", 'No: pyproject.toml:3 says `requires-python = ">=3.10"`.'),
        ("Does it run on Python 3.11?", 'pyproject.toml:3 says `requires-python = ">=3.10"`.'),
    ],
)
def test_versions_are_told_by_the_manifest(relay: Asking, question: str, lead: str):
    answer = relay.ask(question)
    said = [each.text for each in answer.statements]

    assert said[0] == lead
    assert "Its classifiers name Python 3.10 and 3.11." in said
    assert 'CI tries it with `python-version: "3.10", "3.11"` (.github/workflows/ci.yml:10).' in said
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_an_abbreviation_is_told_where_it_is_written_out(relay: Asking):
    assert first(relay, "What does TTL stand for?") == (
        "`TTL` stands for “time to live”, as docs/guide.md:3 has it."
    )
    answer = relay.ask("What does MTA stand for?")
    assert answer.verdict.status is VerdictStatus.PARTIAL
    assert "What “MTA” stands for is written out nowhere here." in relay.said("What does MTA stand for?")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a test that talks to a handler", ["handler test"]),
        ("a test of a websocket here", ["websocket test"]),
        ("a test for the HTTP client", ["HTTP client test", "client test"]),
        ("a new handler", []),
    ],
)
def test_what_a_test_is_of(text: str, kinds: list[str]):
    assert kinds_of_test(text) == kinds


LIMITS = '''"""Limits of the mill."""


class Mill:
    """Grinds corn in batches.

    By default, a mill takes 40 sacks at once. Others wait for 2 hours.
    """

    def grind(self, sacks):
        """Grind sacks of corn, as far as they fit."""
        return sacks[: self.most]
'''


def test_a_number_that_is_asked_for_leads(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("mill") / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Begin", {"mill.py": LIMITS})
    with opened(made, tmp_path_factory.mktemp("data")) as asking:
        answer = asking.ask("How many sacks of corn does the mill grind at once by default?")

    assert answer.statements[0].text == (
        "By default, a mill takes 40 sacks at once. Others wait for 2 hours."
    )
    assert answer.verdict.status is VerdictStatus.GROUNDED


@pytest.mark.parametrize(
    ("path", "translated"),
    [
        ("README.zh-CN.md", True),
        ("Readme_ja.md", True),
        ("docs/de/guide.rst", True),
        ("docs/internals/es.md", False),
        ("docs/it.md", False),
        ("README.md", False),
    ],
)
def test_translated_documents_are_known_by_their_path(path: str, translated: bool):
    assert is_translated_document(path) is translated


def test_the_name_of_the_repository_asks_for_what_it_is(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("miller") / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    readme = "# Miller\n\nThe complete solution for grinding corn at home.\n\nEnglish | 简体中文 | 日本語\n"
    package = '{\n  "name": "@mills/miller"\n}\n'
    code = "/** Grinds one mill of corn. */\nexport function mill(corn) {\n  return corn;\n}\n"
    made.commit("Begin", {"README.md": readme, "package.json": package, "lib/mill.js": code})
    with opened(made, tmp_path_factory.mktemp("data")) as asking:
        assert first(asking, "What is Miller?") == "“The complete solution for grinding corn at home.”"
        assert not first(asking, "What does a mill do?").startswith("“The complete")


SHOP = """# Shop

The Product class holds what a thing is, while the Stock class holds how many of it are left.
"""
PRODUCT = '''class Product:
    """What can be sold."""


class Stock:
    """What lies in a store."""

    def take(self, many):
        """Take some out."""
        if many > self.left:
            self.fail(f"only {self.left} left in store, cannot take more")
'''


def test_versions_of_a_library_and_what_sets_two_things_apart(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("shop") / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    cargo = '[package]\nname = "shop"\n'
    needs = "django>=4.2,<6.0\npillow\n"
    made.commit(
        "Begin",
        {"README.md": SHOP, "shop/stock.py": PRODUCT, "Cargo.toml": cargo, "requirements.txt": needs},
    )
    with opened(made, tmp_path_factory.mktemp("data")) as asking:
        assert first(asking, "Which Django versions are supported?") == (
            "requirements.txt:1 says `django>=4.2,<6.0`."
        )
        assert first(asking, "What is the difference between Product and Stock?").startswith(
            "The Product class holds what a thing is, while the Stock class"
        )
        assert first(asking, "How do I run the tests?") == (
            "Nothing here says how; with Cargo (Cargo.toml) the usual command is `cargo test`."
        )
        assert first(asking, "What happens if the store has too few left to take?").endswith(
            "shop/stock.py:11: “only {self.left} left in store, cannot take more”"
        )
