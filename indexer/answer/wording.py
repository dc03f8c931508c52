"""Read what a question asks for: its words, the names of code in it, and which kind of file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.index.lexical import terms_of
from indexer.repo.words import STOP_WORDS, pieces, stem, stems, tokens
from indexer.types import FileMark

# A name as code writes it, with what qualifies it; or whatever stands between backticks.
_NAME = re.compile(r"`([^`\n]{1,200})`|(?<![\w$@])([A-Za-z_$@][\w$]*(?:(?:\.|::|->|#)[A-Za-z_$][\w$]*)*)")
_JOINT = re.compile(r"\.|::|->|[^\w$-]+")
# Inside a word: a capital after a small letter, an underscore, a digit, two capitals before a small one.
_INNER = re.compile(r"[a-z0-9][A-Z]|[^_]_[^_]|[A-Z]{2,}[a-z]|[A-Za-z]\d")

# How surely a word of a question is a name of code: as only code writes it (or nothing else is
# asked, or it is marked as code); or merely with a capital inside a sentence, as brands are too.
SURE = 1.0
PERHAPS = 0.5

_ASKS_FOR = {
    FileMark.TEST: re.compile(
        r"(?i)(?<![a-z])(?:unit|e2e)?tests?(?![a-z]{3})|\btest|fixture|\bmock|\bspecs?\b"
    ),
    FileMark.EXAMPLE: re.compile(r"(?i)\b(?:example|sample|demo|tutorial|playground)"),
    FileMark.GENERATED: re.compile(r"(?i)\bgenerated\b"),
    FileMark.VENDORED: re.compile(r"(?i)\b(?:vendor|third.party|bundled)"),
    FileMark.CONFIGURATION: re.compile(
        r"(?i)\b(?:ya?ml|toml|json|xml|ini|makefile|docker\w*|ci|workflows?|pipelines?|dependenc\w+|gradle|maven|pom)\b"
    ),
    FileMark.LEGACY: re.compile(r"(?i)\b(?:compat|legacy|deprecat|obsolete|backward)"),
    FileMark.STUB: re.compile(r"(?i)\b(?:stubs?|typings?|declarations?)\b|\.d\.ts|\.pyi"),
}
_DOCS = re.compile(
    r"(?i)\b(?:docs?|documentation|documented|readme|changelog|release notes|licen[cs]e|contribut\w+"
    r"|install\w*|set ?up|getting started|guide|tutorial|code of conduct|roadmap|upgrad\w+|migrat\w+)\b"
)
_TRANSLATIONS = re.compile(
    r"(?i)\btranslat\w+|\blocali[sz]\w+|\blocales?\b|\bi18n\b|\bl10n\b|\bgettext\b|\bmsg(?:id|str)\b|\.pot?\b"
    r"|\bmessage catalog"
)
_HISTORY = re.compile(
    r"(?i)\b(?:commits?|history|changed|introduced|removed|reverted|added in|since when|who|when|why"
    r"|regression|blame)\b"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A word of the question that may be a name of code, and how surely (0 to 1)."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question holds. ``terms`` are its stems in order, each once; ``words`` its
    words as spoken, in small letters, stop words aside; ``compounds`` the parts of those that are
    written as one; ``joined`` what two neighbours would be as one, with
    the stem of one of the two (`sign on`: signon, sign).
    """

    text: str
    terms: tuple[str, ...]
    words: tuple[str, ...]
    compounds: tuple[tuple[str, ...], ...]
    joined: tuple[tuple[str, str], ...]
    names: tuple[Name, ...]
    asks_for: FileMark
    asks_docs: bool
    asks_history: bool
    asks_translations: bool
    bare: bool
    """Nothing but one name was asked."""

    @property
    def names_code(self) -> bool:
        """Whether a name stands there as only code writes it."""
        return any(name.weight >= SURE for name in self.names)


def read(text: str) -> Wording:
    """Return what ``text`` (without scopes) asks for."""
    asks_for = FileMark.NONE
    for mark, pattern in _ASKS_FOR.items():
        if pattern.search(text):
            asks_for |= mark
    asks_docs = _DOCS.search(text) is not None
    if asks_docs:
        asks_for |= FileMark.DOCUMENTATION
    bare = len(text.split()) == 1
    spoken = [pieces(token) for token in tokens(text)]
    return Wording(
        text,
        tuple(terms_of(text)),
        tuple(dict.fromkeys(word for parts in spoken for word in parts if word not in STOP_WORDS)),
        tuple(tuple(parts) for parts in spoken if len(parts) > 1),
        tuple(_joined(spoken)),
        tuple(_names(text, bare)),
        asks_for,
        asks_docs,
        _HISTORY.search(text) is not None,
        asks_translations(text),
        bare,
    )


def asks_translations(text: str) -> bool:
    """Return whether a text asks for the words of the program in other languages."""
    return _TRANSLATIONS.search(text) is not None


def _joined(spoken: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield neighbouring plain words as one word, with the stem of the first that is no stop word."""
    for one, other in pairwise(spoken):
        told = [word for word in (*one, *other) if word not in STOP_WORDS and len(word) > 1]
        if len(one) == len(other) == 1 and told:
            yield from ((joined, stem(told[0])) for joined in stems(one[0] + other[0]))


def _names(text: str, bare: bool) -> list[Name]:
    found: dict[str, float] = {}
    for match in _NAME.finditer(text):
        marked = match[1] is not None
        parts = [part for part in _JOINT.split(match[1] or match[2]) if len(part) > 1]
        for part in parts:
            if part.lower() in STOP_WORDS:
                continue
            if marked or bare or len(parts) > 1 or part.startswith("_") or _INNER.search(part):
                found[part] = SURE
            elif part[0].isupper() and match.start() > 0:
                found.setdefault(part, PERHAPS)
    return [Name(name, weight) for name, weight in found.items()]
