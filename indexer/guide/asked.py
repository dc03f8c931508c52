"""Questions asked before: kept with the answers that were given then, so that a thread can be read again."""

from __future__ import annotations

import time
import zlib
from dataclasses import replace
from typing import Final

import msgspec

from indexer.errors import NotFoundError
from indexer.index.people import ANSWERS_KEPT, AskedQuestion, AskedRow, People, gap_id_of
from indexer.pages import AskedBefore, AskedList, AskedName, AskedWanted, KeptAnswer
from indexer.types import Answer

MOST_ROWS: Final = 500
SEARCHED: Final = 5_000
"""Newest questions that a filter looks through; nobody has asked more yet."""


class Asked:
    """Keeps answers, and gives them back; callable from several threads."""

    def __init__(self, people: People) -> None:
        self._people = people

    def keep(self, answer: Answer) -> str:
        """Keep an answer as it is given, and return its id; asking again makes a new row."""
        verdict = answer.verdict
        asked = AskedQuestion(
            answer.question,
            int(time.time()),
            verdict.status,
            verdict.category,
            answer.commit_id,
            answer.gap_id,
        )
        return str(self._people.keep_answer(asked, zlib.compress(msgspec.json.encode(answer))))

    def keep_written(self, answer: Answer) -> None:
        """Keep an answer again, now that a language model wrote it out."""
        self._people.keep_again(_number(answer.kept_id), zlib.compress(msgspec.json.encode(answer)))

    def list(self, wanted: AskedWanted) -> AskedList:
        """Return a slice of the questions, newest first; ``text`` keeps those that hold its words."""
        count = min(max(wanted.count, 0), MOST_ROWS)
        start = max(wanted.start, 0)
        words = wanted.text.casefold().split()
        if words:
            rows, _ = self._people.asked_rows(0, SEARCHED)
            found = [row for row in rows if all(word in row.asked.question.casefold() for word in words)]
            rows, total = tuple(found[start : start + count]), len(found)
        else:
            rows, total = self._people.asked_rows(start, count)
        notices: tuple[str, ...] = ()
        if total > ANSWERS_KEPT:
            notices = (
                f"The answers of the last {ANSWERS_KEPT:,} questions are kept; older ones were let go.",
            )
        return AskedList(tuple(asked_before(row) for row in rows), total, notices)

    def last(self, question: str, asked_id: str = "") -> Answer | None:
        """Return the kept answer of this id, or the last one to this question; None without any.

        Raises NotFoundError for an id whose answer is not kept.
        """
        if asked_id:
            return self.kept(AskedName(asked_id)).answer
        rows, _ = self._people.asked_rows(0, SEARCHED)
        wanted = gap_id_of(question)
        found = next((row for row in rows if row.kept and gap_id_of(row.asked.question) == wanted), None)
        return None if found is None else self.kept(AskedName(str(found.id))).answer

    def kept(self, wanted: AskedName) -> KeptAnswer:
        """Return an answer as it was given. Raises NotFoundError when it is not there any more."""
        row, packed = self._people.kept_answer(_number(wanted.id))
        if packed is None:
            raise NotFoundError(
                f"The answer to {row.asked.question!r} is not kept any more.",
                f"Ask again: the last {ANSWERS_KEPT:,} answers are kept.",
            )
        try:
            answer = msgspec.json.decode(zlib.decompress(packed), type=Answer)
        except (msgspec.DecodeError, zlib.error) as error:
            raise NotFoundError(
                "That answer was kept in a form that cannot be read any more.", "Ask again."
            ) from error
        return KeptAnswer(str(row.id), row.asked.at, replace(answer, kept_id=str(row.id)))


def _number(kept_id: str) -> int:
    return int(kept_id) if kept_id.isascii() and kept_id.isdigit() else -1


def asked_before(row: AskedRow) -> AskedBefore:
    """Return a row as it leaves the engine."""
    asked = row.asked
    return AskedBefore(str(row.id), asked.question, asked.status, asked.at, asked.commit_id, row.kept)
