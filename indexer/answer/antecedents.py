"""Whether a sentence points back to what stands before it, and says little without that.

The one rule for all who quote: cutting ties such a sentence to the one it leans on, ranking puts one
without any behind what stands for itself, reasons are looked for next to it.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.lexicon import POINTS_BACK

_FIRST_WORD: Final = re.compile(r"\W*([A-Za-z]+)")
_POINTS_FIRST: Final = re.compile(
    r"(?:(?:to|for|in|with|by|from|of|as|after|before|at|on|under) (?:\w+ )?|because of |since )"
    r"(?:this|these|those|such|that case)\b"
    r"|with (?:more|less|fewer) (?!than\b)|[a-z]{3,}ly,? (?:it|this|these|they)\b"
    r"|(?:for (?:example|instance)|in addition|as a result|in (?:contrast|other words)|on the other hand"
    r"|similarly|likewise|e\.g\.|i\.e\.)\b"
    # "Customize like so:"
    r"|\w+(?: \w+){0,3} (?:like (?:so|this)|as follows)\b",
    re.I,
)
"""To handle this, in such cases: what such a sentence begins with points back too."""
_ON_ITS_OWN: Final = re.compile(
    r"there(?:'s|\s+(?:is|are|was|were|may|might|can|will|exists?|should|must))\b"
    r"|it(?:'s|\s+(?:is|was|may be|might be|can be))\s+(?:\w+ly\s+)?(?:not\s+)?(?:im)?(?:possible|recommended"
    r"|important|necessary|best|safe|assumed|easy|hard|common|better|worth|good|bad|advised|required|useful)\b"
    r"|so (?:that|far)\b|that said\b|both \S+ and\b|also known as\b|here(?:'s| is| are)\b",
    re.I,
)
"""Begins with such a word, and does not point: "It is possible to", "There is one rule"."""
_ITSELF: Final = re.compile(
    r"(?:this|these)(?:\s+\w+)?\s+(?:class|method|function|module|file|package|project|library|document|page"
    r"|section|guide|script|command|test|program|repository|application|app|tool|interface|enum|struct|type"
    r"|constructor|decorator|mixin|service|plugin|gem|extension|documentation|chapter|tutorial|api|constant"
    r"|directory|folder|namespace|trait|annotation|exception|safelist|release|version)(?:e?s)?\b",
    re.I,
)
"""What "this" names here is what the text stands at."""
_BARE: Final = re.compile(
    r"(?:it|this|that|these|those|they)\s+(?:is|was|are|were|has|have|had|can|could|will|would|may|might|must"
    r"|should|does|do|did|also|only|in turn|\w+(?<!s)s)\b|(?:it|they|its|their)\b",
    re.I,
)
"""Speaks of all that was said: of the very thing, where that is documented."""
_SUBJECTS: Final = re.compile(
    r"(?:this|these|those|that)\s+(?!revert|commit|patch|change|pull|pr\b)|it\s|they\s|similarly\b|likewise\b",
    re.I,
)


_WITHIN: Final = re.compile(r"\b(?:this|these|those|such)\b", re.I)
_NEAR: Final = 90
"""Characters in which what stands on its own may yet point: "There is no harm in this"."""


_CONNECTS: Final = re.compile(
    r"(?:similarly|likewise|also|however|otherwise|instead|moreover|furthermore|additionally|therefore|thus|hence"
    r"|consequently|for (?:example|instance)|in addition|as a result)\b",
    re.I,
)
"""Goes on from the item before it even as an item of a list, of which "this" may be the whole."""


def points_back(text: str) -> bool:
    """Return whether a sentence goes on from the one before it."""
    if _ON_ITS_OWN.match(text):
        return _WITHIN.search(text[:_NEAR]) is not None
    if text.startswith("(") and text.rstrip(".").endswith(")"):
        # "(If so, send both.)"
        return True
    start = _FIRST_WORD.match(text)
    return _POINTS_FIRST.match(text) is not None or (start is not None and start[1].lower() in POINTS_BACK)


def connects(text: str) -> bool:
    """Return whether a sentence sets itself beside the one before it: "Similarly, …"."""
    return _CONNECTS.match(text) is not None


def names_itself(text: str) -> bool:
    """Return whether what it points to is the thing that its text is the documentation of."""
    return _ITSELF.match(text) is not None


def points_to_all(text: str) -> bool:
    """Return whether it points to what was said as a whole: "This means", and not "This capsule"."""
    return _BARE.match(text) is not None and not names_itself(text)


def subject_dangles(text: str) -> bool:
    """Return whether a commit's subject line speaks of what only its diff shows: "This option is"."""
    return _SUBJECTS.match(text) is not None
