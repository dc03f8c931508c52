"""Whether a question is about something that is not in this repository at all."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer import lexicon
from indexer.answer.evidence import Evidence
from indexer.answer.inquiry import Inquiry
from indexer.answer.naming import Naming
from indexer.answer.needs import OF_PEOPLE
from indexer.answer.standing import standing
from indexer.repo.words import stems
from indexer.types import ChunkKind

KNOWN_SHARE: Final = 0.34
"""Below this share of a question's weight known here at all, it is about something else."""

FAMILIAR: Final = 0.6
"""Below this share it is about something else too, unless a passage shows the contrary: with the two
limits below, 2 of 100 questions about what is here are lost, and six of ten about what is not are told.
"""

NOT_HERE: Final = 0.5
"""Below this share nothing that was found answers what people alone know, however much it sounds like an
answer: of 127 such questions that something answers 2 are below it, and neither was answered; of 137 that
nothing answers 1; of 37 about other domains 17.
"""

HELD_TOGETHER: Final = 0.45
"""Share of the question that one passage must hold to show it."""

SPEAKS_OF: Final = 2.0
"""Log-odds of an answer that show it too."""

_ASKERS_WORLD: Final = lexicon.ROLES | lexicon.MEASURE | lexicon.PRODUCTION

_CODE_NAME: Final = re.compile(r"[a-z0-9][A-Z]|\w_\w|\w(?:\.|::|->|#)[a-z_]\w|\w/\w")
"""What is written as only code is; `PCI` or `ISO` may be anybody's word."""

_PARTED: Final = re.compile(r"\.|::|->|#")


def is_elsewhere(inquiry: Inquiry) -> bool:
    """Return whether the question is about something that is not in this repository at all."""
    evidence = inquiry.evidence
    if any(hit.kind is ChunkKind.NOTE and hit.score >= 1 for hit in evidence.hits):
        return False
    strange = [naming for naming in inquiry.namings if not naming.known]
    if (
        strange
        and len(strange) == len(inquiry.namings)
        and not any(part.need in OF_PEOPLE for part in inquiry.asked.parts)
    ):
        return True
    code = [naming for naming in inquiry.namings if _CODE_NAME.search(naming.name)]
    if code and not any(_is_borne(inquiry, naming) for naming in code):
        # Whatever is asked of it: nobody can have decided on what was never here.
        return True
    if is_named_here(inquiry):
        return False
    if not evidence.weights:
        return not evidence.hits
    familiar = _familiar(evidence)
    if familiar < NOT_HERE and all(part.need in OF_PEOPLE for part in inquiry.asked.parts):
        return True
    return evidence.known < KNOWN_SHARE or (familiar < FAMILIAR and _is_foreign(evidence))


def is_named_here(inquiry: Inquiry) -> bool:
    """Return whether the question writes names as only code does, and this repository bears each of them."""
    code = [naming for naming in inquiry.namings if _CODE_NAME.search(naming.name)]
    return bool(code) and all(naming.known and _is_borne(inquiry, naming) for naming in code)


def _is_borne(inquiry: Inquiry, naming: Naming) -> bool:
    """Return whether anything here bears a name; of one in parts, `express.json`, the whole of it.

    That `json` stands here says nothing of it; a last part that is itself written as only code is does.
    """
    if naming.symbols or naming.paths or not naming.mentioned:
        return bool(naming.symbols or naming.paths)
    last = _PARTED.split(naming.name)[-1]
    if last == naming.name or _CODE_NAME.search(last):
        return True
    # Looked for by its last part: `org`, its first, stands in more passages than are read.
    return not standing(inquiry.reader, naming.name, stems(last) or stems(naming.name)).nowhere


def _familiar(evidence: Evidence) -> float:
    """Return the share of the question's weight that stands here, the asker's own world apart.

    Support staff, customers and Black Friday are in no source, and yet the question may be about one.
    """
    about = {term: weight for term, weight in evidence.weights.items() if term not in _ASKERS_WORLD}
    held = sum(weight for term, weight in about.items() if evidence.counts[term].total)
    return held / sum(about.values()) if about else 1.0


def _is_foreign(evidence: Evidence) -> bool:
    """Return whether no passage holds much of a question of which a good part stands nowhere here."""
    if evidence.reads and evidence.reads[0].odds >= SPEAKS_OF:
        return False
    return max(evidence.holds, default=0.0) < HELD_TOGETHER
