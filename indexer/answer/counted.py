"""The sentence that gives a number, where one is asked for that the code or its documents set."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.evidence import Found
from indexer.answer.inquiry import Inquiry
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.types import ChunkKind, Section

_NUMBER: Final = re.compile(
    r"(?<![\w.#/-])\d+(?:[.,]\d+)*(?:\s?(?:[kKmMgG]i?B|ms|%|x)\b|(?![\w/]|\.\d))"
    r"|\b(?:once|twice|(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|hundred|thousand)"
    r" (?:\w+ )?(?:times|seconds?|minutes?|hours?|days?|weeks?|months?|years?|bytes|items|threads))\b",
    re.I,
)
_VERSION: Final = re.compile(
    r"\b(?:v|version|python|java|ruby|node|go|php|rfc|issue|line|http/?)[ -]?\d[\d.]*", re.I
)
_OF_DEFAULT: Final = re.compile(
    r"\bdefaults?\b|\bunless\b|\botherwise\b|\bnormally\b|\bout of the box\b", re.I
)
_BY_DEFAULT: Final = re.compile(r"\bdefaults?\b", re.I)
_DEFAULT: Final = 0.3
_NEAR: Final = 2
"""What a sentence on a default has in the first passages, where one is asked for."""
_FIRST: Final = 0.2
"""What a sentence of the passage that was found first has over the others."""
_LEAST: Final = 0.4
"""Share of what is known of the question that a sentence holds at least, with that."""
_SURE: Final = 0.6
"""The same from which it answers."""


def say_number(inquiry: Inquiry) -> bool:
    """Quote the sentence with a number that holds most of what is asked. Return whether there is one."""
    evidence = inquiry.evidence
    known = evidence.known
    asks_default = _OF_DEFAULT.search(inquiry.asked.text) is not None
    best: tuple[float, Found] | None = None
    for found in evidence.found:
        text = _VERSION.sub(" ", found.sentence.text)
        if found.hit.kind not in (ChunkKind.CODE, ChunkKind.DOC) or not _NUMBER.search(text):
            continue
        if CHANGE_LOG.search(found.hit.path or "") or inquiry.is_minor(found) or not is_readable(text):
            continue
        value = found.coverage + _FIRST * (found.place == 0) + 0.1 * found.worth
        value += _DEFAULT * (asks_default and found.place < _NEAR and _BY_DEFAULT.search(text) is not None)
        if best is None or value > best[0]:
            best = value, found
    if best is None or best[0] < _LEAST * known or not inquiry.page.quote(Section.WHAT, best[1]):
        return False
    by_default = asks_default and best[1].place == 0 and _BY_DEFAULT.search(best[1].sentence.text) is not None
    inquiry.page.figures = inquiry.page.figures or by_default or best[1].coverage >= _SURE * known
    return True
