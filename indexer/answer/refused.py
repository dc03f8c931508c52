"""What may be done or not, by the message with which the code refuses it."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, shown_place
from indexer.answer.on_the_way import condition
from indexer.answer.outcomes import STATED, Condition, code_found
from indexer.answer.raising import ENDS, MESSAGE_LINES, message_at
from indexer.index.mentions import code_lines
from indexer.index.symbols import FoundSymbol, definitions_in, innermost
from indexer.types import Section

_REFUSES: Final = re.compile(
    r"\b(?:must|only|cannot|can't|can not|not|no|never|required?s?|invalid|unsupported|unexpected|missing)\b",
    re.I,
)
_REFUSED: Final = 0.35
"""Share of a question that such a message must hold, with the name of what it stands in."""
_ASSERTS: Final = re.compile(r"^\s*assert\b")
_LINES: Final = 6
"""Lines above a refusal in which the condition for it is cited with it."""


def say_refusal(inquiry: Inquiry) -> bool:
    """Tell what the code refuses in a message that speaks of what is asked: "can it return a body" is settled
    by "HEAD must use Void". Return whether there is any, in the words that are rarest here.
    """
    evidence = inquiry.evidence
    rarest = max(evidence.weights, key=lambda term: evidence.weights[term], default="")
    asked = Condition(inquiry, inquiry.asked.text)
    if asked.whole <= 0:
        return False
    best: tuple[float, FoundSymbol, int, int] | None = None
    for path in code_found(inquiry):
        source = inquiry.page.sources.file(path)
        lines = () if source is None else source.lines
        inside = definitions_in(inquiry.reader, inquiry.path_id(path))
        for at, line in enumerate(code_lines(path, "\n".join(lines)), 1):
            if not (ENDS.match(line) or _ASSERTS.match(line)) or not (message := message_at(lines, at)):
                continue
            held = asked.held(message)
            plainly = (rarest in held and len(held) > 1) or asked.share(held) >= STATED
            if not plainly or not _REFUSES.search(message):
                continue
            symbol = innermost(inside, at)
            if symbol is None or symbol.kind not in CALLABLE or symbol.marks & MINOR:
                continue
            share = asked.share(held | asked.held(symbol.qualified))
            if share >= _REFUSED and (best is None or share > best[0]):
                best = share, symbol, at, at + MESSAGE_LINES
    if best is None:
        return False
    _, symbol, at, end = best
    source = inquiry.page.sources.file(symbol.path)
    lines = () if source is None else source.lines
    under = condition(lines, symbol, at)
    start = under[0] if under is not None and at - under[0] < _LINES else at
    place = shown_place(symbol.path, at)
    told = f"`{symbol.qualified}` refuses it, {place}: “{message_at(lines, at)}”"
    cited = inquiry.page.sources.span(symbol.path, start, min(end, symbol.end_line))
    return inquiry.page.tell(Section.WHAT, told, [cited, inquiry.signature(symbol)])
