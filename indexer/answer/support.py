"""Is a sentence that a language model wrote supported by the evidence that it cites? In doubt: no.

None of this understands the sentence. It holds the sentence to what can be checked: its numbers,
names and code stand in the evidence, it denies nothing that the evidence does
not deny, gives no reason where the evidence gives none, and is near to it in words and meaning. Who
swaps two names that both stand there can still pass, which is why each sentence keeps its sources
beside it. What each check catches and costs is measured: tests/benchmarks/RESULTS.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from indexer.answer.evidence import SentenceEmbedder
from indexer.answer.grounds import (
    CODE_DENIAL,
    DENIAL,
    DENIED_WORDS,
    NUMBER,
    PLAIN_DENIAL,
    WORD_NUMBERS,
    Grounds,
    content_words,
    denied_in,
    plain_number,
    sentences_in,
    stands,
)
from indexer.repo.words import fold, stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_WORDS: Final = 0.7
"""Share of a sentence's own words, those of the question apart, that must stand in its evidence."""

LEAST_OF_ALL: Final = 0.65
"""The same of all its words: who only repeats the question has said nothing of the evidence."""

LEAST_OF_REASON: Final = 0.6
"""The same of the words behind a "because": a reason is told in its source's words, or not at all."""

LEAST_MEANING: Final = 0.44
"""Cosine, with the packaged embedder, to the nearest stretch of the evidence."""

LEAST_WORDS_ALONE: Final = 0.7
"""The same share where no embedder is at hand."""


class Doubt(StrEnum):
    """Why a sentence is not let through."""

    UNCITED = "no source"
    FOREIGN = "a source that was not given"
    MARKUP = "a link, image or markup"
    NUMBER = "a number that its source does not have"
    NAME = "a name that its source does not have"
    DENIAL = "a denial that its source does not make, or leaves one out"
    REASON = "a reason that its source does not give"
    ORDER = "the other way round than its source says"
    LABEL = "a judgement on the answer"
    WORDS = "words that its source does not have"
    MEANING = "not what its source says"


Nearness = Callable[[str, Sequence[str]], float]
"""Gives the largest cosine between a sentence and any of some texts."""


def nearness_by(embedder: SentenceEmbedder) -> Nearness:
    """Return the nearness that an embedder tells; each text is read once."""
    known: dict[str, NDArray[np.float32]] = {}

    def nearest(sentence: str, texts: Sequence[str]) -> float:
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        rows = embedder.embed([sentence, *fresh])
        known.update(zip(fresh, rows[1:], strict=True))
        return max((float(rows[0] @ known[text]) for text in texts), default=0.0)

    return nearest


def doubt(sentence: str, grounds: Grounds, nearness: Nearness | None) -> Doubt | None:
    """Return why ``sentence`` (without its ids) is not let through; None when it may pass."""
    for reason, fails in _CHECKS:
        if fails(sentence, grounds):
            return reason
    if word_share(sentence, grounds) < (LEAST_WORDS if nearness else LEAST_WORDS_ALONE):
        return Doubt.WORDS
    if nearness is not None and nearness(sentence, grounds.windows) < LEAST_MEANING:
        return Doubt.MEANING
    return None


def word_share(sentence: str, grounds: Grounds) -> float:
    """Return the share of the sentence's own content words that stand in its evidence.

    Words of the question prove nothing, so they do not count; nor may they be most of it.
    """
    words = content_words(sentence)
    found = [stands(word, grounds.stems) for word in words]
    if sum(found) < LEAST_OF_ALL * len(found):
        return 0.0
    own = [there for word, there in zip(words, found, strict=True) if not stands(word, grounds.asked)]
    return sum(own) / len(own) if own else 1.0


# ------------------------------------------------------------------------------------ markup

_MARKUP: Final = re.compile(
    r"\w+://|\bwww\.|!\[|\]\(|<\s*/?[a-z!]|&[a-z#]\w*;|```|\b(?:javascript|data|file|mailto):\S"
    r"|[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]",
    re.IGNORECASE,
)
"""What could become a link, an image or an element, and what hides or reorders text."""

_LABEL: Final = re.compile(
    r"\b(?:question|answer|verdict|label)\b.{0,40}\b(?:grounded|partial|missing|unknown|answered|recorded)\b"
    r"|\b(?:grounded|not recorded)\b",
    re.IGNORECASE,
)
"""The label is decided from evidence, by us."""

# ----------------------------------------------------------------------------------- numbers


_WEAK: Final = frozenset(("zero", "one", "once", "half", "double"))
"""As words these mostly count nothing ("one of", "once it is"): they are not demanded."""

_UNITS: Final = {
    unit: name
    for name, units in {
        "ms": "ms msec millisecond milliseconds",
        "s": "s sec secs second seconds",
        "min": "min mins minute minutes",
        "h": "h hr hrs hour hours",
        "day": "d day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years",
        "kb": "kb kib kilobyte kilobytes",
        "mb": "mb mib megabyte megabytes",
        "gb": "gb gib gigabyte gigabytes",
        "byte": "byte bytes",
        "percent": "% percent pct",
    }.items()
    for unit in units.split()
}
_QUANTITY: Final = re.compile(r"(?:\d|\b(?:" + "|".join(WORD_NUMBERS) + r"))[ -]?([a-z%]+)", re.IGNORECASE)


def _numbers_stand(sentence: str, grounds: Grounds) -> bool:
    for match in NUMBER.finditer(sentence):
        if plain_number(match.group()) not in grounds.numbers:
            return False
    for word in re.findall(r"[a-z]+", fold(sentence)):
        if word in WORD_NUMBERS and word not in _WEAK and WORD_NUMBERS[word] not in grounds.numbers:
            return False
    units = {_UNITS[unit] for unit in _QUANTITY.findall(fold(sentence)) if unit in _UNITS}
    return not units or units <= _units_of(grounds)


def _units_of(grounds: Grounds) -> set[str]:
    words = re.findall(r"[a-z]+|%", grounds.flat)
    joined = re.findall(r"\d([a-z%]+)", grounds.flat)
    return {_UNITS[word] for word in (*words, *joined) if word in _UNITS}


# ------------------------------------------------------------------------------------- names

_QUOTED: Final = re.compile(r"`([^`]+)`|\"([^\"]{2,80})\"|“([^”]{2,80})”")
_CODE_WORD: Final = re.compile(
    r"(?<![\w`])(?:[\w$@]+(?:(?:[./\\]|::|->|#)[\w$@<>*-]+)+(?:\(\))?"  # a.b, a/b.py, a::b
    r"|\w*[a-z]\w*[A-Z]\w*|\w*_\w+|[A-Za-z]+\d\w*|--?[a-z][\w-]+|[A-Z][A-Z0-9-]{1,})"
)
_CAPITALISED: Final = re.compile(r"(?<=[\w,;:)] )[A-Z][a-z]+\b")


def _names_stand(sentence: str, grounds: Grounds) -> bool:
    for match in _QUOTED.finditer(sentence):
        quoted = next(group for group in match.groups() if group)
        if not _quotation_stands(quoted, grounds):
            return False
    rest = _QUOTED.sub(" ", sentence)
    for name in _CODE_WORD.findall(rest):
        if not _quotation_stands(name, grounds):
            return False
    return all(stands(fold(word), grounds.stems) for word in _CAPITALISED.findall(rest))


def _quotation_stands(quoted: str, grounds: Grounds) -> bool:
    """Return whether a piece of code or a name stands there, whole or in its parts by the dots."""
    wanted = " ".join(fold(quoted).replace("()", "").split()).strip(".,;:")
    if not wanted or _whole(wanted, grounds.flat):
        return True
    parts = [part for part in re.split(r"\.|::|->|#|/", wanted) if part]
    return len(parts) > 1 and all(_whole(part, grounds.flat) for part in parts)


def _whole(wanted: str, text: str) -> bool:
    before = r"(?<!\w)" if wanted[0].isalnum() else ""
    after = r"(?!\w)" if wanted[-1].isalnum() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None


# ------------------------------------------------------------------------- denials and reasons

_NOTHING: Final = re.compile(r"\b(?:none|nothing)\b")
_NOTHING_THERE: Final = re.compile(r"\b(?:none|nothing|null|nil|empty|false|nobody|no)\b")
_REASON: Final = re.compile(
    r"\b(?:because|therefore|thus|hence|thereby|so that|in order to|due to|owing to|thanks to|as a result"
    r"|the (?:reason|purpose|aim|goal|motivation) |to (?:avoid|prevent|ensure|guarantee|make sure|protect"
    r"|allow|reduce|improve|keep|save|comply|satisfy|meet)|since (?!\d|v|version|the (?:first|last)))",
    re.IGNORECASE,
)
_CAUSE: Final = re.compile(
    r"\b(?:because|since|therefore|thus|hence|thereby|so|due|owing|reason|rationale|purpose|otherwise|else"
    r"|avoid\w*|prevent\w*|ensur\w*|guarantee\w*|protect\w*|allow\w*|reduc\w*|improv\w*|workaround"
    r"|work around|in order|must|needs?|needed|to keep|to save|comply|complian\w*|satisf\w*"
    r"|to meet|in case|lest)\b"
)


def _adds_denial(sentence: str, grounds: Grounds) -> bool:
    """Return whether a sentence denies something that its evidence does not deny."""
    folded = fold(sentence)
    if _NOTHING.search(folded) and not _NOTHING_THERE.search(grounds.text):
        return True
    denied = denied_in(folded, DENIAL, 1)
    return any(not any(theirs & about for theirs in grounds.denied) for about in denied)


def _adds_reason(sentence: str, grounds: Grounds) -> bool:
    """Return whether a sentence gives a reason where the evidence next to it gives none, or another."""
    cue = _REASON.search(sentence)
    if cue is None:
        return False
    reason = content_words(sentence[cue.end() :])
    if sum(stands(word, grounds.stems) for word in reason) < LEAST_OF_REASON * len(reason):
        return True
    return not any(_CAUSE.search(window) for window in _nearest(sentence, grounds))


def _nearest(sentence: str, grounds: Grounds) -> list[str]:
    """Return the stretches of the evidence, folded, that share the most words with a sentence."""
    words = content_words(sentence)
    shares = [
        (sum(stands(word, frozenset(stems(window))) for word in words) / max(len(words), 1), window)
        for window in grounds.windows
    ]
    most = max((share for share, _ in shares), default=0.0)
    return [fold(window) for share, window in shares if share >= most - _NEAR]


_NEAR: Final = 0.2
"""Stretches that share so much less than the nearest one still count as next to a sentence."""


def _leaves_denial_out(sentence: str, grounds: Grounds) -> bool:
    """Return whether a sentence says plainly what its nearest sentence of the evidence denies."""
    folded = fold(sentence)
    if DENIAL.search(folded) or CODE_DENIAL.search(folded):
        return False
    words = set(content_words(sentence))
    own = frozenset(stems(sentence))
    for line in sentences_in(grounds.proofs):
        theirs = frozenset(stems(line))
        met = sum(stands(word, theirs) for word in words) / max(len(words), 1)
        if met >= _CLOSE and any(about & own for about in denied_in(fold(line), PLAIN_DENIAL, DENIED_WORDS)):
            return True
    return False


_CLOSE: Final = 0.7
"""From this share of its words on, a sentence repeats another one rather than touching its subject."""


# ------------------------------------------------------------------------------------- order

_NAMED: Final = re.compile(
    r"`([^`]+)`|(?<![\w.])([\w$]*(?:[a-z][A-Z]|_|-(?=[A-Z\d]))[\w$.-]*|\w+(?:\.\w+)+)(?:\(\))?"
)
_PASSIVE: Final = re.compile(r"\b(?:is|are|was|were|be|been|being) (?:\w+ )?\w+(?:ed|en|wn|lt|nt)\b.*\bby\b")


def _turns_round(sentence: str, grounds: Grounds) -> bool:
    """Return whether a sentence says of B and A what the evidence says of A and B, by their names.

    Words that are no names are too free in their order to be held to one.
    """
    names = _names_in_order(sentence)
    if len(names) < 2 or _TURNING.search(sentence):
        return False
    first, second = names[0], names[1]
    passive = bool(_PASSIVE.search(fold(sentence)))
    same = turned = False
    for line in sentences_in(grounds.proofs):
        theirs = _names_in_order(line)
        if first in theirs and second in theirs:
            forward = theirs.index(first) < theirs.index(second)
            if forward == (passive == bool(_PASSIVE.search(fold(line)))):
                same = True
            else:
                turned = True
    return turned and not same


_TURNING: Final = re.compile(r"\b(?:and|or|if|when|because|since|which|from|in|of|for|with)\b", re.IGNORECASE)
"""Where one of these stands, two names may stand in either order and say the same."""


def _names_in_order(text: str) -> list[str]:
    found = (match.group(1) or match.group(2) for match in _NAMED.finditer(text))
    return list(dict.fromkeys(fold(name).replace("()", "").rstrip(".").rpartition(".")[2] for name in found))


_CHECKS: Final[tuple[tuple[Doubt, Callable[[str, Grounds], object]], ...]] = (
    (Doubt.MARKUP, lambda sentence, _: _MARKUP.search(sentence)),
    (Doubt.LABEL, lambda sentence, _: _LABEL.search(sentence)),
    (Doubt.NUMBER, lambda sentence, grounds: not _numbers_stand(sentence, grounds)),
    (Doubt.NAME, lambda sentence, grounds: not _names_stand(sentence, grounds)),
    (Doubt.DENIAL, _adds_denial),
    (Doubt.DENIAL, _leaves_denial_out),
    (Doubt.REASON, _adds_reason),
    (Doubt.ORDER, _turns_round),
)
