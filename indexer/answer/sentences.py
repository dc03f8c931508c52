r"""Cut passages into sentences that know their lines: prose of documents, comments, docstrings,
commit messages and notes. Code itself stays in lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.blocks import Block, Role, document_blocks, message_blocks
from indexer.answer.lexicon import POINTS_BACK
from indexer.answer.markup import plain
from indexer.answer.remarks import remark_blocks
from indexer.types import ChunkKind


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the lines it stands on. ``text`` is plain: markup and comment signs gone.

    ``heading`` is the title above it in a document.
    """

    text: str
    start_line: int
    end_line: int
    role: Role
    heading: str = ""
    first: bool = False
    """True for the first sentence of a paragraph or of a comment."""
    leans_on: Sentence | None = None
    """The sentence before it in its paragraph, where this one cannot be understood without it."""

    def whole(self) -> Sentence:
        """Return it together with what it leans on, as it is to be quoted."""
        before = self.leans_on
        if before is None:
            return self
        text = f"{before.text} {self.text}"
        return replace(self, text=text, start_line=before.start_line, first=before.first, leans_on=None)


def sentences_of(kind: ChunkKind, language: str, text: str, first_line: int) -> list[Sentence]:
    """Return the sentences of a passage, in order. ``first_line`` is the line it begins at."""
    lines = text.split("\n")
    if kind is ChunkKind.COMMIT:
        blocks = message_blocks(lines, first_line)
    elif kind is ChunkKind.NOTE:
        blocks = document_blocks(lines, first_line, Role.NOTE)
    elif kind is ChunkKind.DOC:
        blocks = document_blocks(lines, first_line, Role.PROSE)
    else:
        blocks = remark_blocks(lines, first_line, language)
    return _led_on([sentence for block in blocks for sentence in _cut(block)])


def _led_on(sentences: list[Sentence]) -> list[Sentence]:
    """Join a sentence that ends in a colon with what it announces, when that follows at once: one sentence,
    or the items of a list as far as they can be read aloud.
    """
    out: list[Sentence] = []
    listing = False
    for sentence in sentences:
        before = out[-1] if out else None
        announced = before is not None and before.text.endswith((":", "...", "…"))
        near = 1 if listing and not announced else _ANNOUNCED_LINES
        # "- it adds processes when there is work,\n- and removes them else."
        onward = before is not None and before.text.endswith((",", ";")) and sentence.text[:1].islower()
        if (
            before is not None
            and (announced or onward or (listing and sentence.first))
            and before.role is sentence.role
            and sentence.start_line - before.end_line <= near
            and len(before.text) + len(sentence.text) <= (_LONGEST if announced else _LISTED)
        ):
            joined = f"{before.text}{' ' if announced or onward else '; '}{sentence.text}"
            out[-1] = replace(before, text=joined, end_line=sentence.end_line)
            listing = True
        else:
            out.append(sentence)
            listing = False
    return out


_END: Final = re.compile(r"[.!?:;]*[.!?][\"')\]`*]*(?=\s+[\"'(\[`*]*[A-Z0-9:])")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|etc|vs|cf|resp|approx|incl|no|nr|fig|ca|mr|mrs|ms|dr|st)|(?<![\w.])[A-Za-z])\.$",
    re.I,
)
_FIRST_WORD: Final = re.compile(r"[A-Za-z]+")
_POINTS_FIRST: Final = re.compile(
    r"(?:(?:to|for|in|with|by|from|of|as|after|before|at|on|under) (?:\w+ )?|because of |since )"
    r"(?:this|these|those|such|that case)\b",
    re.I,
)
"""To handle this, in such cases: what such a sentence begins with points back too."""

_QUOTED_TOGETHER: Final = 360
"""Characters of a sentence with the one before it; two long ones would be a paragraph."""
_ANNOUNCED_LINES: Final = 3
_LISTED: Final = 420
"""Characters of an announcement with the items of its list."""
_LONGEST: Final = 420
"""Characters; a longer "sentence" is a table or a list that nobody would read aloud."""


def _cut(block: Block) -> Iterator[Sentence]:
    joined = "\n".join(block.lines)
    start, first = 0, True
    before: Sentence | None = None
    for end in _ends(joined):
        piece = joined[start:end]
        text = plain(piece)
        if any(letter.isalpha() for letter in text) and len(text) <= _LONGEST:
            lead = len(piece) - len(piece.lstrip())
            begin = block.start_line + joined.count("\n", 0, start + lead)
            last = block.start_line + joined.count("\n", 0, start + len(piece.rstrip()))
            leans_on = before if before is not None and _leans(before, text) else None
            before = Sentence(text, begin, last, block.role, block.heading, first, leans_on)
            yield before
        else:
            before = None
        start, first = end, False


def _leans(before: Sentence, text: str) -> bool:
    """Return whether a sentence points back with its first word, and the two can be quoted as one."""
    start = _FIRST_WORD.match(text)
    points = _POINTS_FIRST.match(text) is not None or (start is not None and start[0].lower() in POINTS_BACK)
    return points and before.role is not Role.SUBJECT and len(before.text) + len(text) < _QUOTED_TOGETHER


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(text[: match.end()]):
            yield match.end()
    yield len(text)


def comment_text(quote: str, kind: ChunkKind, language: str) -> str:
    """Return all prose of some lines as one plain text, for comparing a quotation with it."""
    return " ".join(sentence.text for sentence in sentences_of(kind, language, quote, 1))
