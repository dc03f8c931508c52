"""What a recorded reason explains: the shape of the whole, or one line of one function."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Final

from indexer.guide.tours.ground import Ground
from indexer.guide.tours.reasons_near import NearReason
from indexer.index.history import commit, paths_touched
from indexer.types import CitationKind

LEAST: Final = 1.9
"""What a reason must weigh to be called a decision."""
STILL: Final = 0.7
"""What one must weigh that is quoted where there are hardly any: it gives a plain reason, no trivial one."""
WIDE: Final = 1.2
"""What is added for a commit that touched many files."""
SHORT: Final = 60
"""Characters below which a reason seldom tells what was chosen between."""

_CHOSEN: Final = re.compile(
    r"\b(?:instead of|rather than|in favou?r of|as opposed to|we (?:decided|chose|went with|opted)"
    r"|decided to|decision"
    r"|trade-?offs?|by design|deliberate\w*|intentional\w*|on purpose|the reason|alternatives?)\b",
    re.I,
)
"""Words of one who weighed one thing against another."""
_PRICE: Final = re.compile(
    r"\b(?:incompatib\w+|(?:backwards?|forwards?)[- ]compat\w*|break(?:s|ing)? (?:change|existing|users?"
    r"|code)"
    r"|race conditions?|dead-?locks?|memory leaks?|reference cycles?|circular\w*|thread-?safe\w*|secur\w+"
    r"|vulnerab\w+|performance|abstraction|decoupl\w+|centrali[sz]\w+|coupl\w+|extensib\w+|no longer"
    r"|would (?:otherwise|break|lose|leak|block)|(?:we|you) (?:risk|can't|cannot))\b",
    re.I,
)
"""Words of what it would have cost otherwise."""
_TRIVIAL: Final = re.compile(
    r"\b(?:simply|for some reason|empty (?:list|string|dict)|none|nil|null|falsy|mypy|pyright"
    r"|type[- ]check\w*"
    r"|linter?s?|lint|suppress\w*|typos?|whitespace|warnings?|pep ?8|noqa|pylint|flake8|rubocop|eslint"
    r"|formatting"
    r"|variable names?|import order|doc(?:s|string)s?|comments?|ci\b|pipelines?|github|workflow|coverage"
    r"|fixtures?"
    r"|pickle?\w*|iterating|qualname|__\w+__|tests?|testing|tested|assert\w*|mock\w*|regressions?|wip"
    r"|readme|contributing|dockerfile|minor|static analysis|little|few places|nicer|magic numbers?"
    r"|simplif\w+|renam\w+|examples?|best practice|six\.\w+|iteritems|python ?[<=>]*[23]\S*"
    r"|\d+\.\d+\+)(?!\w)",
    re.I,
)
"""Words of a local remedy, or of upkeep."""
_USAGE: Final = re.compile(
    r"^(?:you|when (?:a|an|the|you)|use|set(?:ting)?|pass|push|pop|uses|clone|call|the basic"
    r"|this (?:method|function"
    r"|option|argument)|users? (?:can|may|should)|ignore|if set|\w+s? is similar)\b"
    r"|\b(?:if|when) you\b|\byou (?:can|should|may|must)\b|\bit is (?:often |usually )?(?:safer|better"
    r"|recommended)\b",
    re.I,
)
"""Words of a sentence that tells how something is used."""
_SAYS_WHAT: Final = re.compile(r"^(?:add(?:s|ed|ing)?|fix\w*|enh|feat|main|new|chore|bug|per)\b", re.I)
"""How a sentence begins that lists what was done."""
_HANGS: Final = re.compile(
    r"^(?:it|its|this|these|those|that|they|however|also|but|and|so|then|which|therefore|otherwise|here"
    r"|as a result|for example|i|e\.g|further|revert|lastly|since|with|instead of (?:we|you|it|they))\b",
    re.I,
)
"""How a sentence begins that leans on one before it."""


_BROKEN: Final = re.compile(r"\b(?:instead of|rather than) (?:we|it|you|they) (?:can|could|may)\b", re.I)
"""A choice whose other side was a block of code, which a sentence does not hold."""
_MENDS: Final = re.compile(r"\b(?:fix\w*|bugs?|hotfix|handle|mend\w*|issue)\b|^revert", re.I)
_SHAPES: Final = re.compile(
    r"\b(?:refactor\w*|introduc\w*|replac\w*|drop\w*|remov\w*|switch\w*|mov(?:e|ed|ing)|split\w*|deprecat\w*"
    r"|rewrit\w*|extract\w*|abstract\w*|creat\w*|re-?design\w*|make|allow|new|default)\b",
    re.I,
)
"""Words of a subject that tells of another shape."""


def weight(ground: Ground, reason: NearReason, central: Collection[str]) -> float:
    """Return how much a reason explains; ``central`` are the names of what much depends on."""
    text = reason.text
    if _BROKEN.search(text):
        return 0.0
    value = 1.0 if reason.plain else 0.0
    value += 1.5 if _CHOSEN.search(text) else 0.0
    value += 1.0 if _PRICE.search(text) else 0.0
    value -= 2.0 if _TRIVIAL.search(text) else 0.0
    value -= 1.5 if _USAGE.search(text) else 0.0
    value -= 1.0 if _SAYS_WHAT.search(text) else 0.0
    value -= 0.7 if _HANGS.search(text) else 0.0
    value -= 0.5 if len(text) < SHORT else 0.0
    if reason.citation.kind is CitationKind.COMMIT:
        return value + _reach(ground, reason)
    about = reason.about.strip("`").split(".")
    value += 0.5 if any(each in central for each in about) else 0.0
    # What is said of a whole file or type tells more than what is said within one method.
    return value + (0.5 if len(about) < 2 or "/" in reason.about else 0.0)


# ------------------------------------------------------------------------------------ private


def _reach(ground: Ground, reason: NearReason) -> float:
    """Return what the reach of a commit adds: one that changed much was a decision for much."""
    found = commit(ground.reader, reason.citation.commit_id or "")
    touched = len(paths_touched(ground.reader, found.id, 100)) if found is not None else 0
    value = 0.3 + min(math.log1p(touched) / 3, WIDE)
    value -= 1.0 if _TRIVIAL.search(reason.about) else 0.0
    # A fault that was mended says less of the shape than what was made another way.
    value -= 0.8 if _MENDS.search(reason.about) else 0.0
    return value + (0.7 if _SHAPES.search(reason.about) else 0.0)
