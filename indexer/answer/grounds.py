"""The evidence that a sentence of a language model cites, taken apart for comparing: its words, numbers,
denials, and the stretches that it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from indexer.answer import lexicon
from indexer.repo.words import STOP_WORDS, fold, pieces, stems


@dataclass(frozen=True)
class Grounds:
    """The evidence that one sentence cites, read once. ``question`` lends it words, but no facts: what
    a question takes for granted may be wrong.
    """

    proofs: tuple[str, ...]
    question: str = ""

    @cached_property
    def text(self) -> str:
        """All of it, folded."""
        return fold("\n".join(self.proofs))

    @cached_property
    def flat(self) -> str:
        """The same with single blanks, where a quoted piece is looked for."""
        return " ".join(self.text.split())

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its words, as the lexical index splits them."""
        return frozenset(stems("\n".join(self.proofs)))

    @cached_property
    def asked(self) -> frozenset[str]:
        """The question's words."""
        return frozenset(stems(self.question))

    @cached_property
    def denied(self) -> tuple[frozenset[str], ...]:
        """What each denial of it is about: the words next to it."""
        plain = denied_in(self.text, DENIAL, DENIED_WORDS)
        return (*plain, *denied_in(self.text, CODE_DENIAL, 1))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Its numbers, those written as words too."""
        return frozenset(numbers_in("\n".join(self.proofs)))

    @cached_property
    def windows(self) -> tuple[str, ...]:
        """Stretches of some forty words, as long as a sentence is with what is around it."""
        return tuple(window for proof in self.proofs for window in windows_in(proof))


# ----------------------------------------------------------------------------------- numbers


def _listed(text: str) -> list[str]:
    return text.split()


NUMBER: Final = re.compile(r"(?<![\w.])[+-]?\d[\d,_]*(?:\.\d+)*")
WORD_NUMBERS: Final = {
    word: str(value)
    for value, word in enumerate(
        _listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
            " sixteen seventeen eighteen nineteen twenty"
        )
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100",
     "thousand": "1000", "million": "1000000", "twice": "2", "once": "1", "thrice": "3", "half": "0.5",
     "double": "2", "triple": "3"}  # fmt: skip


def numbers_in(text: str) -> Iterator[str]:
    """Yield the numbers of ``text``, in digits: those written as words, and parts of names, too."""
    for match in NUMBER.finditer(text):
        yield plain_number(match.group())
    for word in re.findall(r"[a-z]+", fold(text)):
        if word in WORD_NUMBERS:
            yield WORD_NUMBERS[word]
    # Parts of names and dates too: 2015 of `2015-04-25`, 404 of `err404`.
    yield from re.findall(r"\d+", text)


def plain_number(written: str) -> str:
    """Return a number without what only groups its digits."""
    return written.replace(",", "").replace("_", "").lstrip("+")


# ----------------------------------------------------------------------------------- denials

DENIAL: Final = re.compile(
    r"\b(?:no|not|never|neither|nor|without|cannot|nobody|nowhere|unless|except)\b|n['’]t\b"
)
PLAIN_DENIAL: Final = re.compile(r"\b(?:no|not|never|cannot|without)\b|n['’]t\b")
CODE_DENIAL: Final = re.compile(
    r"!(?=[\w(=])|<>|\b(?:not|unless|except|deny|denied|disabled?|ignored?|skip\w*|"
    r"refus\w*|reject\w*|forbid\w*|forbidden|prevent\w*|avoid\w*|instead|rather)\b"
)


def denied_in(text: str, denial: re.Pattern[str], count: int) -> Iterator[frozenset[str]]:
    """Yield what each denial in a folded text is about: the stems of the next ``count`` words."""
    for match in denial.finditer(text):
        behind = re.split(r"[.;:](?=\s)", text[match.end() : match.end() + 120])[0]
        words = content_words(behind)[:count]
        if words:
            yield frozenset(each for word in words for each in stems(word))


DENIED_WORDS: Final = 3


# ------------------------------------------------------------------------------------- words

_GLUE: Final = frozenset(
    _listed(
        """
    code function method class module file files value values return returns returned call calls called
    define defines defined contain contains set sets handle handles provide provides perform performs
    include includes based following followed first second finally commit message note documentation
    document documents docs comment comments says states described describes according written wrote
    source sources repository developer evidence
    """
    )
)
"""Words that tell of code in general: they neither prove nor disprove a sentence."""


def content_words(sentence: str) -> list[str]:
    """Return the folded words that say what a sentence is about, in order."""
    words = (fold(word) for word in re.findall(r"\w+(?:[-'’]\w+)*", sentence))
    return [
        word
        for word in words
        if len(word) > 1
        and not word.isdigit()
        and word not in lexicon.FUNCTION_WORDS
        and word not in STOP_WORDS
        and word not in _GLUE
        and word not in WORD_NUMBERS
    ]


def stands(word: str, known: frozenset[str]) -> bool:
    """Say whether a word, or each part of a name, is among the stems ``known``."""
    own = stems(word)
    return not own or own[0] in known or all(each in known for each in own[1:] or own)


def sentences_in(proofs: Sequence[str]) -> Iterator[str]:
    """Yield the sentences of prose and the lines of code."""
    for proof in proofs:
        joined = re.sub(r"\n(?=[a-z])", " ", proof)
        yield from (part for part in re.split(r"(?<=[.!?;])\s+|\n", joined) if part.strip())


_WINDOW: Final = 320
"""Characters of a window: some 64 tokens, which the embedder reads in a few milliseconds."""


def windows_in(proof: str) -> Iterator[str]:
    """Yield stretches of whole lines, each half over the next."""
    lines = [line for line in proof.split("\n") if pieces(line)]
    start = 0
    while start < len(lines):
        end, size = start, 0
        while end < len(lines) and (end == start or size + len(lines[end]) <= _WINDOW):
            size += len(lines[end])
            end += 1
        yield "\n".join(lines[start:end])[: 4 * _WINDOW]
        if end >= len(lines):
            return
        start = max(start + 1, (start + end) // 2)
