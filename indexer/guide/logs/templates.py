"""Groups lines that no statement of the repository wrote, by a tree of fixed depth.

In the spirit of Drain (He et al., 2017): lines of one number of words, with the same first words, are
compared with the few templates there, and join the one that they are like. Its library was measured
against it: see tests/benchmarks/logs.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

WILD: Final = "{…}"
ALIKE: Final = 0.5
"""Share of the words that are equal, from which on two lines are of one template."""

MOST_IN_LEAF: Final = 60
MOST_TEMPLATES: Final = 5_000
"""Beyond them, new kinds of lines are counted together."""

MOST_WORDS: Final = 60

_HAS_DIGIT: Final = re.compile(r"\d")


@dataclass(slots=True)
class Template:
    """Words, of which some vary."""

    number: int
    words: list[str]

    @property
    def text(self) -> str:
        """The words with ``{…}`` for those that vary; several in a row are one."""
        shown: list[str] = []
        for word in self.words:
            if word != WILD or shown[-1:] != [WILD]:
                shown.append(word)
        return " ".join(shown)


class Templates:
    """The templates of one log."""

    def __init__(self) -> None:
        self._leaves: dict[tuple[str, int, str], list[Template]] = {}
        self.all: list[Template] = []

    def find(self, level: str, message: str) -> Template | None:
        """Return the template that a message belongs to, widened for it; None when there are too many."""
        words = [
            WILD if _HAS_DIGIT.search(word) else word for word in message.split(None, MOST_WORDS)[:MOST_WORDS]
        ]
        first = words[0] if words else ""
        leaf = self._leaves.setdefault((level, len(words), first), [])
        best, score = None, -1.0
        for template in leaf:
            equal = sum(mine == theirs for mine, theirs in zip(words, template.words, strict=True))
            if equal > score:
                best, score = template, equal
        if best is not None and score >= ALIKE * len(words):
            for place, word in enumerate(words):
                if best.words[place] != word:
                    best.words[place] = WILD
            return best
        if len(self.all) >= MOST_TEMPLATES:
            return None
        if len(leaf) >= MOST_IN_LEAF:
            return best
        made = Template(len(self.all), words)
        self.all.append(made)
        leaf.append(made)
        return made
