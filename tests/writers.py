"""An index whose answers a language model writes out, and the server that speaks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.answer.patience import Deadlines, Patience
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.protocol import WriteWanted
from indexer.settings import IndexingSettings, ModelSettings, Settings
from indexer.types import Answer, Statement
from indexer.writing import Writer
from tests.asking import Quiet
from tests.conftest import SmallRepository

QUESTION = "Why do we retry a charge three times?"
LONGER = "Why do we retry a charge three times, and how is a charge sent?"
REASON = "The bank drops one request in a hundred"
GOOD = "A charge is retried up to three times because the bank drops one request in a hundred."
MORE = "More retries would make the customer wait longer than the checkout allows."

KEY = "sk-proj-9fQ2kLm4Zx7RtY1vBn8WcD5eHj3Ua6Pg"


@dataclass
class Desk:
    """One open index, and what has been told of a writing."""

    knowledge: KnowledgeBase

    @contextmanager
    def lend(self) -> Iterator[KnowledgeBase]:
        """Give the index, as an engine's shelf does."""
        yield self.knowledge

    def writer(self, provider: str, url: str, **more: object) -> Writer:
        """Return a writer whose model is at ``url``; deadlines are short unless given."""
        settings = ModelSettings(provider, "small-1", url, first_seconds=10, idle_seconds=10)
        return Writer(replace(settings, **more), self.lend)  # type: ignore[arg-type]

    def kept(self, question: str = QUESTION) -> Answer:
        """Ask, and return the answer as it is kept."""
        return self.knowledge.ask(question)


@dataclass
class Written:
    """How a writing went."""

    answer: Answer
    told: list[Statement]

    @property
    def texts(self) -> list[str]:
        """The sentences that came through."""
        assert self.answer.written is not None
        return [each.text for each in self.answer.written.sentences]


def write(writer: Writer, answer: Answer, key: str = "", patience: Patience | None = None) -> Written:
    """Have an answer written out."""
    told: list[Statement] = []
    wanted = WriteWanted(answer.kept_id, key=key)
    done = writer.write(wanted, told.append, patience or writer.patience())
    assert done.written is not None
    assert tuple(told) == done.written.sentences
    return Written(done, told)


def patient(first: float = 10.0, idle: float = 10.0, total: float = 30.0) -> Patience:
    """Return how long a test waits for a model."""
    return Patience(Deadlines(first, idle, total))


@contextmanager
def desk(repository: SmallRepository, data: Path) -> Iterator[Desk]:
    """Open the index of a repository, searchable by words."""
    settings = Settings(data, IndexingSettings(model="none", parse_workers=1))
    knowledge = KnowledgeBase.open(locate(repository.path, settings), settings)
    try:
        knowledge.words(Quiet())
        yield Desk(knowledge)
    finally:
        knowledge.close()
