"""Whether something of this repository is asked about, as far as the meaning of the question tells.

What is asked in plain words shares few of them with what answers; what is not here at all is told from it by
how like the nearest passages are, and by words that stand nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

_TOP: Final = 5
_PER_LIKENESS: Final = 24.6
_PER_HELD: Final = 2.7
_PER_STRANGE: Final = -3.82
_BASE: Final = -10.0
"""Fitted on 2,970 questions in 33 repositories: 1,320 about the one they were asked of, 1,155 about another
one, 495 about other trades; AUC .88 and .98, each repository judged by what the others gave. For the
embedding model of December 2026 likeness was fitted anew on 894 questions in eight repositories, alone, and
put on the scale of the one before (AUC .842 then, .868 now); what share reaches a limit below was measured
with that one.
"""

CERTAIN: Final = 2.0
"""Log-odds that .35 of 182 questions about six repositories reach that the fit had not seen, .02 of 360 about
what is not there.
"""

LIKELY: Final = 1.0
"""The same that .57 of the plain questions of the fit reach, .08 of those about another repository and .01 of
those about other trades (of the six repositories: .48 and .04).
"""

PERHAPS: Final = -2.0
"""The same from which what is nearest is worth a look: 10 of 16 plain questions about two repositories reach
it, and 1 of 40 about other trades that name nothing.
"""


def odds_of_here(likeness: Sequence[float], held: float, strange: float) -> float:
    """Return the log-odds that a question is about something of this repository.

    ``likeness`` are the cosines of the question and the passages found, ``held`` the share of the question
    that one passage holds, ``strange`` the share of its words that stand nowhere (0 to 1). Without five
    passages that were found by meaning there is no telling: minus infinity.
    """
    likest = sorted(likeness, reverse=True)[:_TOP]
    if len(likest) < _TOP or not likest[-1]:
        return -math.inf
    return _BASE + _PER_LIKENESS * sum(likest) / _TOP + _PER_HELD * held + _PER_STRANGE * strange
