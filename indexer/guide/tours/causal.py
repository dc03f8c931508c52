"""Which sentences give a reason that can be quoted: a causal clause, with what it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.sentences import Sentence

LONGEST: Final = 480
"""Characters of a reason together with what it leans on and what follows from it."""
_WRAPPED: Final = 50
"""Characters from which a line may have been broken; after a shorter one something new begins."""

_CAUSE: Final = re.compile(
    r"\b(?:because|so that|in order (?:to|that|not)|to (?:avoid|prevent|ensure|protect|allow|make sure|keep"
    r"|reduce|enable)"
    r"|since (?:it|this|the|we|they|that|there|an?|\w+s?)\b(?! (?:v?\d|version|release))"
    r"|due to|therefore|hence|thus|otherwise|reasons? (?:is|are|for|why)|by design"
    r"|(?:which|this|that) (?:means|allows|makes|lets|caus\w+|leads|led|results?|ensures|avoids|prevents)"
    r"|allow(?:s|ing) (?:us|you|users?|one|them|people|for)\b|so (?:we|it|they|you|there)\b"
    r"|as (?:it|this|they|we) (?:would|can|could|may|might)"
    r"|would (?:otherwise|break|fail|cause|lead|block|lose|leak|require|mean)"
    r"|makes? (?:it|\w+(?: \w+)?) (?:(?:more|less) \w+|possible|impossible|easy|easier|hard|harder)"
    r"|without (?:having|needing|breaking)|for (?:performance|security|compatibility"
    r"|historical|backwards?)\b|too (?:slow|large|expensive|much|many))\b",
    re.I,
)
"""Words that tie what is so to why; *instead of* alone says what, and is none of them."""
_HYPOTHETICAL: Final = re.compile(
    r"\b(?:(?:would|might|may|could|should) (?:also |then )?"
    r"(?:help|be (?:nice|good|better|useful|possible|worth)|have to|allow \w+ing)"
    r"|in (?:the )?future|some ?day|eventually|subsequent (?:revisions?|changes?|commits?)"
    r"|for now|probably|perhaps|maybe|not (?:sure|clear)|i think|i guess"
    r"|hopefully|apparently|afaik|we could (?:even|also)|consider)\b",
    re.I,
)
"""Words of what may come, or of what nobody was sure of."""
_LEANS: Final = re.compile(
    r"^\W*(?:note\b|this|that|these|those|it|its|they|their|them|he|she|such|both|neither|another|other|others|however"
    r"|but|and|or|also|so|then|thus|hence|therefore|otherwise|instead|here|consequently|moreover|furthermore"
    r"|additionally|further|again|similarly|likewise|still|yet|nor|which|as a result|for (?:example|instance)"
    r"|in (?:this|that|such|these|those) |in the past (?:this|that|it|these)\b"
    r"|(?:to|for|by|with|from|because of|since|if|when|as) (?:this|that|these|those|such|it|they)\b"
    r"|because\b[^,]*$"
    r"|(?:the )?(?:first|second|third|last|latter|former|most important|main|same|other|above|only other)"
    r" (?:one|reason|two|thing|case|point|is|are)\b|i\.?e\b|e\.?g\b|lastly|finally|on the other hand)\b",
    re.I,
)
"""How a sentence begins that cannot be understood without the one before it."""
_POINTS: Final = re.compile(
    r"\b(?:this|that|these|those) (?:when|because|since|so that|here|in order|way\b|[,.;])"
    r"|\bin (?:this|that|such) cases?\b"
    r"|\b(?:is|are) (?:similar|the same)\b(?! (?:to|as))"
    r"|\b(?:above|below|previous(?:ly)? mentioned|aforementioned|as said|see (?:above|below))\b"
    r"|\b(?:do|does|did|skip|allow|avoid|prevent|fix|handle|need|want) (?:this|that|these|those)\b(?! \w+ly)",
    re.I,
)
"""What within a sentence points at something that does not stand there: *skip this when …*."""
_FOLLOWS: Final = re.compile(
    r"^(?:as a work-?around|therefore|hence|thus|consequently|so\b|as a result|instead\b"
    r"|for this reason|that(?:'s| is) why"
    r"|this (?:commit|change|patch|pr)\b|we (?:now|therefore|thus)\b|now\b)",
    re.I,
)
"""How a sentence begins that says what was done for the reason before it."""
BULLET: Final = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s")
_NEW_ITEM: Final = re.compile(r"^(?:[A-Z][a-z]+(?:s|ed)? [`'\"\w]|[\w./-]+: )")
_LISTED: Final = re.compile(r"\w; \S+ \S+.*\w; |:\s*-\s|\s[*•]\s")


def gives_reason(text: str, *, named: bool = False) -> bool:
    """Whether a text, which may be two sentences, ties what it tells to why it is so; ``named`` if what its
    first word points back to is told before it.
    """
    return (
        _CAUSE.search(text) is not None
        and _HYPOTHETICAL.search(text) is None
        and (named or _LEANS.match(text) is None)
        and _POINTS.search(text) is None
        and _LISTED.search(text) is None
    )


def leans(text: str) -> bool:
    """Whether a sentence cannot be understood without the one before it."""
    return _LEANS.match(text) is not None


def follows(text: str) -> bool:
    """Whether a sentence says what was done for the reason in the one before it."""
    return _FOLLOWS.match(text) is not None


def whole(said: Sequence[Sentence], at: int) -> Sentence | None:
    """Return a sentence with those before it that it leans on, and the one that says what follows from it;
    None where what it leans on does not stand beside it.
    """
    first = at
    while leans(said[first].text):
        if first == 0 or said[first].first or not _near(said[first - 1], said[first]):
            return None
        first -= 1
    last = at
    if at + 1 < len(said) and follows(said[at + 1].text) and _near(said[at], said[at + 1]):
        last = at + 1
    text = " ".join(each.text for each in said[first : last + 1])
    if len(text) > LONGEST and last > at:
        last, text = at, " ".join(each.text for each in said[first : at + 1])
    if len(text) > LONGEST:
        return None
    return replace(
        said[at],
        text=text,
        start_line=said[first].start_line,
        end_line=said[last].end_line,
        first=said[first].first,
        leans_on=None,
    )


def is_fused(lines: Sequence[str]) -> bool:
    """Whether the lines of a sentence are several notes that no full stop parts."""
    return any(
        BULLET.match(line) is not None
        or (
            _NEW_ITEM.match(line) is not None
            and 0 < len(before) < _WRAPPED
            and before.rstrip()[-1:] not in (",", ";", ":")
        )
        for before, line in pairwise(lines)
    )


# ------------------------------------------------------------------------------------ private


def _near(before: Sentence, after: Sentence) -> bool:
    # In a message a new paragraph may go on; elsewhere it is a new thought.
    apart = 2 if after.role is Role.BODY else 1
    return before.role is after.role and after.start_line - before.end_line <= apart
