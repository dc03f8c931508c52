"""Whether a name, a path or a sentence names one of a kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from indexer.repo.words import pieces, stem

_JOINED: Final = 3
"""Parts of a name that may make up one word: ``FormSet`` is a formset."""
_ABOVE: Final = 2
_BEFORE: Final = 3
"""Words that may stand between an article and the noun: "A Failure backend that ..."."""


@dataclass(frozen=True)
class Noun:
    """A noun in the singular, lower case; ``before`` is the word that stands right before it, or empty."""

    word: str
    before: str = ""

    def ends(self, name: str) -> bool:
        """Say whether a name ends in the noun, in the singular: ``RedisBackend``, ``BasketFormSet``."""
        return any(each == self.word for each in _ends_of(name))

    def begins(self, name: str) -> bool:
        """Say whether a longer name begins with the noun: ``BenchmarkMux``."""
        parts = pieces(name)
        return len(parts) > 1 and parts[0] == self.word

    def counts(self, name: str) -> bool:
        """Say whether a name ends in the plural: what is named so holds many, and is not one."""
        return not self.ends(name) and any(stem(each) == self._stem for each in _ends_of(name))

    def is_all(self, name: str) -> bool:
        """Say whether a name is the noun and nothing else, in the singular or the plural."""
        return stem("".join(pieces(name))) == self._stem

    def has_folder(self, path: str) -> bool:
        """Say whether the folder of a path, or the one above it, is named for the kind: ``log_formatters/``.

        Further up stand folders of whole systems: what is in ``src/main/java`` is no main.
        """
        return any(self._names_place(each) for each in path.split("/")[:-1][-_ABOVE:])

    def has_file(self, path: str) -> bool:
        """Say whether the file of a path is named for the kind: ``signals.py``."""
        return self._names_place(path.rpartition("/")[2].partition(".")[0])

    def told(self, name: str, doc: str) -> bool:
        """Say whether the first words of a documentation say that what it is about is one."""
        own = rf"(?:`*{re.escape(name)}`*\s+(?:is|was|are|provides|implements)\s+)?"
        words = r"(?:[\w`'./-]+\s+)" + f"{{0,{_BEFORE}}}"
        pattern = rf"(?i)^\W*{own}(?:an?|the|this)\s+{words}{re.escape(self.word)}\b(?!\w|-)"
        return re.match(pattern, " ".join(doc.split())) is not None

    @cached_property
    def _stem(self) -> str:
        return stem(self.word)

    def _names_place(self, part: str) -> bool:
        ends = list(_ends_of(part))
        joined = stem(self.before + self.word) if self.before else self._stem
        return any(stem(each) in (self._stem, joined) for each in ends)


def singular(word: str) -> str:
    """Return a noun without the ending of its plural, as far as it is regular."""
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and re.search(r"(?:ss|x|ch|sh)es$", word):
        return word[:-2]
    return (
        word[:-1] if len(word) > 3 and word.endswith("s") and not re.search(r"(?:ss|us|is)$", word) else word
    )


def plural(word: str) -> str:
    """Return the plural of a noun, as far as it is regular."""
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:s|x|ch|sh)$", word) else "s")


def _ends_of(name: str) -> list[str]:
    parts = pieces(name)
    return ["".join(parts[-count:]) for count in range(1, min(_JOINED, len(parts)) + 1)]
