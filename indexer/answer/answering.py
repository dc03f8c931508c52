"""Which of the passages that were found answer the question: read one by one, beside it.

What was found is near to the question; whether it gives the reason, the person or the figure that is
asked for, about this very thing, is decided here, by the packaged reader (`indexer.index.reader`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from indexer.answer.aside import aside
from indexer.answer.blocks import Role
from indexer.answer.sentences import Sentence, asked_of, sentences_in
from indexer.answer.windows import Window, windows
from indexer.errors import ModelError
from indexer.types import ChunkKind, Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PASSAGES: Final = 36
"""That are read for one question, a third of each kind. Of 335 questions 54 gave four more that were rightly
called grounded, twelve more that were wrongly, and cost half as much again: what stands far down the list
and still looks like an answer seldom is one.
"""

HELD: Final = 0.25
"""Share of the question's weight at which the odds stay as they were read."""

PER_SHARE: Final = 1.0
"""Log-odds for each whole share above or below it, for the window and once more for its whole passage. The
reader knows by itself whether a passage is about this thing: of 120 answered questions on two repositories
the source is read first for 62 without any, and for 63 with 1.3.
"""

GIVES: Final = 3.2
"""Log-odds from which a passage is taken to answer, whatever is asked for. Doubt says missing: set on 480
questions about five repositories that the reader was not trained on, half of them open, with a look at 114
about two more. Of the 480, with 2.4, this and 4.0: 211, 213, 214 of 240 open ones are told to be, and 103,
90, 71 of 240 answered ones are found; with 2.2 for reasons to 3.2 for figures 20 of django-oscar's 25 open
ones were told, with this 22. So far with the reader before the last round of training; for this one it was
not set anew: of 240 questions about three more repositories it finds seven answered ones more, and as many
open ones are told.
"""

HINTS: Final = -2.0
"""Log-odds from which it is worth showing as a hint."""

GLANCED: Final = 10
"""Passages, one window each, of which a "how" is read for whether any of them tells it."""

WHOLE: Final = 3
"""Passages, the first of each kind, that are read from end to end: of 60 answered questions on one repository
what answers stands in the passages found for 52, and was read for 39, since the lines beside it had more of
the question's words. With these it is read for 49, in 38 windows a question where there were 20; all passages
from end to end are 98.
"""

OWN_SHARE: Final = 2.0
"""Log-odds for each whole share that a sentence holds itself, beside the others of its window."""

_TOO_LITTLE: Final = 0.12
"""Share of the question below which a window is not read: of 8,000 windows found for 198 questions over two
repositories 37 of 100 hold less, and 2 of the 111 that are taken to answer.
"""

_ALWAYS: Final = 12
"""Windows of the other passages that are read whatever they hold: those that hold most."""

_LOOKED_AT_AGAIN: Final = 4
"""Windows whose sentences are read one by one, to quote the one that answers."""

_DANGLING: Final = 1.0
"""Log-odds that a sentence loses that points to what cannot be quoted with it: another may stand for it."""

_GOES_ON: Final = 3.0
"""The same for the sentence behind it that goes on from it: it tells what comes of it."""

_CLOSE: Final = 1.5
"""A sentence this much below the best one of its window is quoted with it, when it stands beside it."""


class Reader(Protocol):
    """What reads question and passage side by side."""

    def read(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return for each passage the log-odds that it answers the question."""


@dataclass(frozen=True, slots=True)
class Read:
    """A window with the log-odds that it answers, and its sentences that most likely do."""

    window: Window
    odds: float
    held: float = 0.0
    """Share of the question's weight (0 to 1) that the whole passage holds."""
    sentences: tuple[Sentence, ...] = ()


class Reading:
    """What is being read, on a thread of its own: the model leaves Python free for other evidence."""

    def __init__(self, work: Callable[[], tuple[Read, ...]]) -> None:
        self._read = aside(work, "read beside")

    @property
    def reads(self) -> tuple[Read, ...]:
        """What was read, the likeliest answer first; waits for it."""
        try:
            return self._read.result()
        except ModelError:
            return ()

    @property
    def notices(self) -> tuple[str, ...]:
        """Why nothing could be read; waits until that is known."""
        error = self._read.exception()
        return (f"{error.message} {error.hint}",) if isinstance(error, ModelError) else ()


def read_all(
    question: str, hits: Sequence[Hit], sharing: Callable[[str], float], reader: Reader
) -> tuple[Read, ...]:
    """Return what was read, the likeliest answer first. Raises ModelError."""
    shared = _cut(hits, sharing)
    if not shared:
        return ()
    near, cut = [share for share, _ in shared], [window for _, window in shared]
    odds = reader.read(question, [f"{each.title}: {each.text}" for each in cut]).tolist()
    held = [sharing(f"{each.title} {each.hit.text}") for each in cut]
    weighed = [
        value + PER_SHARE * (whole + own - 2 * HELD)
        for value, whole, own in zip(odds, held, near, strict=True)
    ]
    read = sorted(map(Read, cut, weighed, held), key=lambda each: -each.odds)
    again = [each for each in read[:_LOOKED_AT_AGAIN] if each.odds >= HINTS]
    return (*_with_sentences(question, again, sharing, reader), *read[len(again) :])


def _cut(hits: Sequence[Hit], sharing: Callable[[str], float]) -> list[tuple[float, Window]]:
    """Return the windows to be read, each with its share of the question."""
    first: list[tuple[float, Window]] = []
    others: list[tuple[float, Window]] = []
    of_kind: Counter[ChunkKind] = Counter()
    for hit in hits:
        if hit.kind is not ChunkKind.NOTE:
            of_kind[hit.kind] += 1
            whole = of_kind[hit.kind] <= WHOLE
            cut = windows(hit, sharing, whole=whole)
            some = first if whole else others
            some += [(sharing(f"{each.title} {each.text}"), each) for each in cut]
    others.sort(key=lambda each: -each[0])
    return [*first, *(each for at, each in enumerate(others) if at < _ALWAYS or each[0] >= _TOO_LITTLE)]


def glance(
    question: str, hits: Sequence[Hit], sharing: Callable[[str], float], reader: Reader
) -> tuple[Read, ...]:
    """Return the window of each of a few passages that holds most of the question, as it was read.

    A tenth of what reading all costs: enough to tell whether any of them tells how something works, not
    to choose the sentence that does. Raises ModelError.
    """
    best: list[Window] = []
    for hit in [each for each in hits if each.kind in (ChunkKind.CODE, ChunkKind.DOC)][:GLANCED]:
        cut = list(windows(hit, sharing))
        if cut:
            best.append(max(cut, key=lambda each: sharing(f"{each.title} {each.text}")))
    if not best:
        return ()
    odds = reader.read(question, [f"{each.title}: {each.text}" for each in best]).tolist()
    held = [sharing(f"{each.title} {each.hit.text}") for each in best]
    near = [sharing(f"{each.title} {each.text}") for each in best]
    weighed = [
        value + PER_SHARE * (whole + own - 2 * HELD)
        for value, whole, own in zip(odds, held, near, strict=True)
    ]
    return tuple(sorted(map(Read, best, weighed, held), key=lambda each: -each.odds))


def _with_sentences(
    question: str, read: Sequence[Read], sharing: Callable[[str], float], reader: Reader
) -> list[Read]:
    # What is said of a parameter or of the result answers only who asks for that.
    within = [[one for one in sentences_within(each.window) if asked_of(one, question)] for each in read]
    # Where there is but one, there is nothing to choose.
    texts = [
        f"{each.window.title}: {sentence.text}"
        for each, sentences in zip(read, within, strict=True)
        for sentence in sentences
        if len(sentences) > 1
    ]
    odds = iter(reader.read(question, texts).tolist() if texts else [])
    return [
        replace(
            each,
            sentences=_best(
                [
                    (one, next(odds) + OWN_SHARE * sharing(one.text) - (_DANGLING if one.dangles else 0.0))
                    for one in own
                ]
            )
            if len(own) > 1
            else tuple(own),
        )
        for each, own in zip(read, within, strict=True)
    ]


def sentences_within(window: Window) -> list[Sentence]:
    """Return the sentences that stand in a window as a whole."""
    hit = window.hit
    return [
        each
        for each in sentences_in(hit)
        if each.role is not Role.TITLE
        and each.start_line >= window.start_line
        and each.end_line <= window.end_line
    ]


def _best(scored: list[tuple[Sentence, float]]) -> tuple[Sentence, ...]:
    """Return the best sentence, and a neighbour that is nearly as good, in the order of their lines."""
    if not scored:
        return ()
    best = max(range(len(scored)), key=lambda at: scored[at][1])
    sentence, most = scored[best]
    chosen = [best]
    if best and scored[best - 1][1] >= most - _CLOSE:
        chosen.insert(0, best - 1)
    for behind, odds in scored[best + 1 : best + 2]:
        if odds >= most - (_GOES_ON if behind.leans_on == sentence else _CLOSE):
            chosen.append(best + 1)
    return tuple(scored[at][0] for at in chosen)
