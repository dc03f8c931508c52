"""What the parts of a question ask for, read by the packaged reader where it is there.

The rules of ``needs`` know the plain forms; people ask for a reason with what, where and is too. The
model was trained on questions over many domains, none about the repository that is asked about. Measured
on 1,139 questions (five-fold): the first need is right in .73 with the model, .38 with the rules alone;
whether people alone can answer is told right in .85 against .73.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from indexer.answer.needs import Need
from indexer.answer.questions import Asked, merged
from indexer.index.reader import CATEGORIES, NEEDS
from indexer.types import Category

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEED_OF: Final = {
    "yes_no": Need.CONFIRM,
    "person_decided": Need.PERSON,
    "person_to_ask": Need.PERSON,
    "fitness": Need.JUDGEMENT,
    "advice": Need.JUDGEMENT,
}
"""Where the model's word is not ours."""

RULED: Final = 0.2
"""What the rules' reading adds to the probability of its need: they know the plain forms."""


class QuestionReader(Protocol):
    """What reads questions."""

    def asked(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return log-odds (len(questions), len(ASKED)), in the order of `indexer.index.reader.ASKED`."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question with what was read of it. ``categories`` are probabilities that add up to 1."""

    asked: Asked
    categories: dict[Category, float]


def understand(asked: Asked, reader: QuestionReader) -> Understood:
    """Return the question with the needs of its parts as the model reads them. Raises ModelError."""
    import numpy as np

    # A part that stands alone is best understood with all that was told before it.
    alone = len(asked.parts) == 1
    odds = reader.asked([asked.text, *([] if alone else [part.text for part in asked.parts])])
    chances = 1 / (1 + np.exp(-odds))
    read = chances[:1] if alone else chances[1:]
    parts = [
        replace(part, need=_need(part.need, row[: len(NEEDS)].tolist()))
        for part, row in zip(asked.parts, read, strict=True)
    ]
    kinds = chances[0, len(NEEDS) : len(NEEDS) + len(CATEGORIES)]
    shares = (kinds / kinds.sum()).tolist()
    return Understood(
        replace(asked, parts=tuple(merged(parts))),
        {Category(name): share for name, share in zip(CATEGORIES, shares, strict=True)},
    )


def _need(ruled: Need, chances: Sequence[float]) -> Need:
    best: dict[Need, float] = {ruled: RULED}
    for name, chance in zip(NEEDS, chances, strict=True):
        need = _NEED_OF.get(name) or Need(name)
        best[need] = max(best.get(need, 0.0), chance + (RULED if need is ruled else 0.0))
    return max(best, key=lambda need: best[need])
