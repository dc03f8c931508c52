"""How plainly the wording of a sentence gives a reason."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from indexer.answer.blocks import Role


class Cue(IntEnum):
    """How plainly the wording of a sentence gives a reason."""

    NONE = 0
    WEAK = 1
    """A purpose or a fault that may be the reason."""
    STRONG = 2
    """A causal connective, or a choice against something else."""


_STRONG: Final = re.compile(
    r"\b(?:because|so that|in order (?:to|that)|due to|owing to|thanks to|to avoid|to prevent"
    r"|and (?:avoid|prevent|ensure|protect)|to honou?r|to preserve|reduc(?:es?|ing) (?:the )?(?:risk|chance)"
    r"|to make sure|to ensure"
    r"|to protect|to allow|to keep|to reduce|to stop|work(?:ed|s|ing)?[- ]?arounds?|(?<!^)otherwise"
    r"|therefore|hence|thus"
    r"|reasons?|rationale|intentional(?:ly)?|on purpose|deliberate(?:ly)?|by design|as opposed to|rather than"
    r"|instead of|would (?:otherwise|have|cause|lead|break|fail|not)|which (?:means|caused|causes"
    r"|leads|led)"
    r"|this (?:means|allows|avoids|prevents|ensures|causes|caused|is needed|is required|was needed)"
    r"|caus(?:ed|es|ing)|le(?:d|ads?|ading) to|result(?:ed|s|ing) in|so we|so it|since (?:it|this|the|we"
    r"|they|that|there|a)"
    r"|as (?:it|this|they|we) (?:is|are|was|were|can|could|may|might|has|have|do|does|cannot|can't)"
    r"|for the sake of|in case|at the request|request(?:ed)? (?:by|of)|required by"
    r"|should not|must not|no longer (?:needed|supported|required|works|maintained|necessary)"
    r"|extremely|ugly|unwieldy|anti-?pattern|drawbacks?|disadvantages?|error-prone"
    r"|less useful|unus[ae]+ble|makes? it (?:hard|impossible|easy|easier|possible)|bad for|impossible"
    r"|too (?:slow|large|expensive|many|much|long|big|hard)|incompatib\w+"
    r"|not compatible)\b",
    re.I,
)
CAUSAL: Final = re.compile(
    r"\b(?:because|so that|in order to|due to|to (?:avoid|prevent|ensure|protect|allow)|otherwise"
    r"|for \w+ reasons?|since (?:it|this|the|we|they|that))\b",
    re.I,
)
_WEAK: Final = re.compile(
    r"\b(?:fix(?:es|ed)?|bug|issue|error|fail(?:s|ed|ure)?|since|as|for|when|if|avoid\w*|prevent\w*"
    r"|allow\w*|ensur\w*"
    r"|improv\w*|support\w*|needed|need|require[sd]?|hack|todo|fixme|workaround|compat\w*|break\w*"
    r"|broke|not|never"
    r"|performance|faster|slow\w*|safe\w*)\b|(?:see|refs?|closes?|issue|bug)\s*:?\s*#?\d+|#\d{2,}",
    re.I,
)


def cue_of(text: str, role: Role = Role.PROSE) -> Cue:
    """Return how plainly ``text`` gives a reason; of a subject line much is asked, for it says what."""
    if (CAUSAL if role is Role.SUBJECT else _STRONG).search(text):
        return Cue.STRONG
    return Cue.WEAK if _WEAK.search(text) else Cue.NONE
