"""Turns what a language model writes, as it comes, into sentences that may be shown.

A sentence is let through when it is whole, cites ids of ours alone, and is supported by what they
stand for. Everything else is counted by its reason, and never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.answer.grounds import Grounds
from indexer.answer.prompt import Prompt
from indexer.answer.support import Doubt, Nearness, doubt
from indexer.types import Citation, Section, Statement

MOST_SENTENCES: Final = 12
"""More are not an answer; the rules ask for eight."""

LONGEST_SENTENCE: Final = 600
"""Characters: a model that finds no end has lost its way."""

_IDS: Final = re.compile(r"\[\s*([A-Z]{2,6}\d+(?:\s*[,;]\s*[A-Z]{2,6}\d+)*)\s*\]")
_ENDED: Final = re.compile(
    r"\n|(?:\[[A-Z0-9,; ]+\]\s*)+[.!?]?(?=\s+[^\s\[])"
    r"|[.!?][\"')\]`]*(?:\s*\[[A-Z0-9,; ]+\])*(?=\s+[^\s\[a-z])"
)
"""A line's end; ids with another sentence behind them; a full stop, with its ids if it has any."""

_LIKE_AN_ID: Final = re.compile(r"(?<![\w`])\[\s*[\w-]{0,12}\d\s*\]|\[\^")
"""A number in brackets that is none of ours would be read as one."""

_THINKING: Final = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_LEAD: Final = re.compile(r"^\s*(?:[-*•>#]+|\d{1,2}[.)])\s+")
_NOTHING: Final = "NOTHING"


class Writing:
    """Takes pieces of text in, and gives checked sentences out. ``dropped`` counts the rest."""

    def __init__(self, prompt: Prompt, nearness: Nearness | None) -> None:
        self._prompt = prompt
        self._nearness = nearness
        self._held = ""
        self._shown: set[str] = set()
        self.passed: list[Statement] = []
        self.dropped: dict[str, int] = {}
        self.broken = False
        """The text lost its form, and the rest of it is not worth waiting for."""

    def feed(self, text: str) -> Iterator[Statement]:
        """Yield the sentences that ``text`` completes and that may be shown."""
        self._held = _THINKING.sub("", self._held + text)
        if "<think" in self._held:
            return
        while (end := _ENDED.search(self._held)) is not None:
            sentence, self._held = self._held[: end.end()], self._held[end.end() :]
            yield from self._judged(sentence)
        if len(self._held) > LONGEST_SENTENCE or len(self.passed) >= MOST_SENTENCES:
            self.broken = True

    def end(self, whole: bool) -> Iterator[Statement]:
        """Yield what the last words come to; a text that was cut off loses its last sentence."""
        held, self._held = self._held, ""
        if whole or _IDS.search(held.rstrip()[-12:]):
            yield from self._judged(held)

    def _judged(self, raw: str) -> Iterator[Statement]:
        ids = [each for group in _IDS.findall(raw) for each in re.split(r"\s*[,;]\s*", group)]
        text = _plain(raw)
        if not any(letter.isalpha() for letter in text) or text.rstrip(".") == _NOTHING:
            return
        if text in self._shown:
            return  # said already
        reason = self._doubt(text, ids)
        if reason is not None:
            self.dropped[reason.value] = self.dropped.get(reason.value, 0) + 1
            return
        self._shown.add(text)
        statement = self._statement(text, ids)
        self.passed.append(statement)
        yield statement

    def _doubt(self, text: str, ids: list[str]) -> Doubt | None:
        if _LIKE_AN_ID.search(text) or any(each not in self._prompt.sources for each in ids):
            return Doubt.FOREIGN
        if not ids:
            return Doubt.UNCITED
        proofs = tuple(self._prompt.sources[each].proof for each in dict.fromkeys(ids))
        return doubt(text, Grounds(proofs, self._prompt.question), self._nearness)

    def _statement(self, text: str, ids: list[str]) -> Statement:
        """Return the sentence in the section of its evidence; a reason only where all of it is one."""
        cited = [self._prompt.sources[each].statement for each in dict.fromkeys(ids)]
        why = all(each.section is Section.WHY for each in cited)
        citations: tuple[Citation, ...] = tuple(
            dict.fromkeys(citation for each in cited for citation in each.citations)
        )
        return Statement(Section.WHY if why else Section.WHAT, text, citations)


def _plain(raw: str) -> str:
    """Return a sentence without its ids and without the marks of a list before it."""
    text = _IDS.sub("", raw).replace("**", "")
    text = " ".join(_LEAD.sub("", text).split())
    return re.sub(r"\s+([.,;:!?])", r"\1", text)
