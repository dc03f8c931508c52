"""What a definition says of itself, unless that only says its name again."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.inquiry import CALLABLE, Inquiry
from indexer.answer.way import all_words
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.types import Citation

LEAST: Final = 2
"""Words beside those of its name, and those that any sentence has, from which a sentence tells something."""

SENTENCES: Final = 2
"""Sentences among which one is looked for: what comes later speaks of cases."""
WHOLE: Final = 8
"""Words from which a first sentence is taken whatever it says."""
_GOES_ON: Final = re.compile(
    r"^(?:it|this|these|that|if|when|also|note|see|by default|however|returns?|usage|can|must|should)\b"
    r"|\b(?:arguments?|parameters?|keywords?|the same|this (?:method|function|class)|overrid\w+)\b|:$",
    re.I,
)
"""What a second sentence has that is not understood without the first, or speaks of how it is called."""
_ADVISES: Final = re.compile(r"\b(?:should|must) (?:only |not |never )*be (?:used|called)\b", re.I)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_OF_ALL: Final = re.compile(
    r"(?:a|an|the|this|that|these|those|it|its|is|are|be|been|do|does|of|to|for|from|in|on|at|by|with|as"
    r"|and|or|not|given|some|any|all|one|each|required|used|use|using|method|function|class|object"
    r"|instance|value|data|call|called|return|returns|new|current|get|gets|set|sets|piece|internal"
    r"|helper|only|also|which|when|if|so|will|can|may|should|specified|provided|necessary)$",
    re.I,
)
"""Words that any sentence has."""
_SIGNS: Final = re.compile(r"^(?:TODO|FIXME|XXX)\b|[*=/#~-]{3}|^\W*$")
_TYPE: Final = re.compile(r"\b[A-Z][a-z0-9]+[A-Z]\w*")


def telling_words(inquiry: Inquiry, symbol: FoundSymbol) -> tuple[str, Citation | None]:
    """Return the first sentence that a definition says of itself which tells more than its name, with its
    proof; nothing where the first ones do not.
    """
    inner = [
        each
        for each in definitions_in(inquiry.reader, symbol.path_id)
        if each.parent == symbol.qualified and each.kind in CALLABLE
    ]
    advised = False
    for number, (says, proof) in enumerate(all_words(inquiry, symbol, SENTENCES)):
        if any(each.name_line <= proof.start_line <= each.end_line for each in inner):
            break  # that speaks of its first method
        if _ADVISES.search(says) and not number:
            advised = True
            continue  # how it is to be used is no word of what it does, which may follow
        if number == 0 and len(says.split()) >= WHOLE and not _SIGNS.search(says):
            return says, proof  # what follows speaks of a case of it
        if tells_more(says, symbol) and not (number and not advised and _GOES_ON.search(says)):
            return says, proof
    return "", None


def tells_more(says: str, symbol: FoundSymbol) -> bool:
    """Whether a sentence says more than the name of what it speaks of."""
    if _SIGNS.search(says):
        return False
    named = {_stem(each) for each in _WORD.findall(f"{symbol.name} {symbol.parent.rpartition('.')[2]}")}
    words = {_stem(each) for each in _WORD.findall(says) if not _OF_ALL.match(each)}
    more = {each for each in words if not any(_alike(each, name) for name in named)}
    foreign_types = {each for each in _TYPE.findall(says) if each not in (symbol.name, symbol.parent)}
    return len(more) + len(foreign_types) >= LEAST


# ------------------------------------------------------------------------------------ private


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s)$", "", word.lower()) if len(word) > 4 else word.lower()


def _alike(word: str, name: str) -> bool:
    short, long = sorted((word, name), key=len)
    return long.startswith(short) and len(short) > 2
