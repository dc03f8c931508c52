"""What is left out can be read when a person wants it, and what may hold secrets never is."""

from __future__ import annotations

import pytest

from indexer.client import Client
from indexer.errors import NotFoundError, UsageError
from indexer.pages import SkippedRow, SkippedWanted
from indexer.protocol import HEALTH_PAGE, INCLUDE, INDEX, SEARCH, Include, IndexRequest
from indexer.types import Query
from tests.conftest import SmallRepository
from tests.engine.conftest import Engines

MINIFIED = "var zebracrossing=1;" * 30_000


def left_out(client: Client) -> dict[str, SkippedRow]:
    return {row.path: row for row in client.call(HEALTH_PAGE, SkippedWanted(0, 100)).skipped}


def finds(client: Client, word: str) -> bool:
    client.call(INDEX, IndexRequest(words_only=True))
    return bool(client.call(SEARCH, Query(word)).hits)


@pytest.fixture
def client(engines: Engines, small_repository: SmallRepository) -> Client:
    small_repository.commit(
        "Add what nobody wrote",
        {
            "web/app.js": MINIFIED,
            "web/lib.min.js": "function quaggamire() {}\n",
            "poetry.lock": '[[package]]\nname = "okapipack"\n',
            ".env": "TAPIRTOKEN=1\n",
            "logo.png": b"\x89PNG\r\n\x1a\n\0\0",
        },
    )
    made = engines.client(small_repository)
    made.call(INDEX, IndexRequest(words_only=True))
    return made


@pytest.mark.parametrize(
    ("path", "word"),
    [("web/app.js", "zebracrossing"), ("web/lib.min.js", "quaggamire"), ("poetry.lock", "okapipack")],
)
def test_a_file_that_nobody_wrote_by_hand_is_read_when_it_is_included_and_left_out_again(
    client: Client, path: str, word: str
) -> None:
    assert not finds(client, word)
    assert left_out(client)[path].includable
    client.call(INCLUDE, Include(path))
    assert finds(client, word)
    row = left_out(client)[path]
    assert (row.included, row.includable, row.searchable) == (True, False, True)
    client.call(INCLUDE, Include(path, on=False))
    assert not finds(client, word)
    assert not left_out(client)[path].included


def test_what_may_hold_secrets_or_no_text_cannot_be_included(client: Client) -> None:
    rows = left_out(client)
    assert not rows[".env"].includable
    assert not rows["logo.png"].includable
    with pytest.raises(UsageError, match="may hold secrets"):
        client.call(INCLUDE, Include(".env"))
    with pytest.raises(UsageError, match="binary"):
        client.call(INCLUDE, Include("logo.png"))
    assert not finds(client, "tapirtoken")


def test_a_path_that_is_not_left_out_is_told_so(client: Client) -> None:
    with pytest.raises(NotFoundError, match=r"src/greet\.py is not among"):
        client.call(INCLUDE, Include("src/greet.py"))
    with pytest.raises(NotFoundError, match="was not included by anybody"):
        client.call(INCLUDE, Include("src/greet.py", on=False))


def test_what_is_included_outlives_the_engine(client: Client) -> None:
    client.call(INCLUDE, Include("poetry.lock"))
    client.finish()
    assert finds(client, "okapipack")
