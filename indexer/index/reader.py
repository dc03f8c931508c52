"""Reads a question and a passage side by side, and says whether the passage gives what is asked for.

Likeness cannot tell that: "is rounding down something accounting insisted on?" is as near to the
commit that added rounding as the question that it answers. The packaged reader was trained on pairs
of both kinds (assets/training holds its training, its data and its card).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from indexer.errors import ModelError
from indexer.index.packaged import Packaged, open_packaged, packaged_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_TOKENS = 112
"""Of question and passage together, as in training."""

QUESTION_TOKENS = 48
NEEDS = (
    "place", "meaning", "mechanism", "reason", "change", "author", "impact", "command", "setting", "example",
    "parts", "compare", "yes_no", "figure", "person_decided", "person_to_ask", "policy", "affected",
    "fitness", "advice",
)  # fmt: skip
CATEGORIES = ("architecture", "business", "performance", "security", "ownership")
ASKED = (*NEEDS, *CATEGORIES, "ours")
"""What a question is read for, in the order of the model's second output: what its parts ask for, what
kind of context it is about, whether it is about those who ask."""
QUESTION_CHARACTERS = 600
PASSAGE_CHARACTERS = 1_200
ROWS_PER_BATCH = 4
"""Per pair of 96 tokens 5.6 ms alone, 4.9 by four, 4.7 by eight; two threads share fours more evenly."""
MOST_THREADS = 4


class PassageReader:
    """Loaded by the first question that needs it (.2 s, 60 MB); callable from several threads."""

    def __init__(self, threads: int = 0) -> None:
        self._count = threads or min(os.cpu_count() or 1, MOST_THREADS)
        self._lock = threading.Lock()
        self._model: Packaged | None = None
        self._threads: ThreadPoolExecutor | None = None

    def read(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return for each passage the log-odds (len(passages),) that it answers the question.

        Raises ModelError when the packaged model is missing or damaged.
        """
        import numpy as np  # late, as onnxruntime is

        model, threads = self._loaded()
        asked = _question(model, question)
        told = [ids[1:] for ids in model.tokens([text[:PASSAGE_CHARACTERS] for text in passages])]
        pairs = [_joined(asked, ids) for ids in told]
        out = np.empty(len(pairs), np.float32)
        order = sorted(range(len(pairs)), key=lambda at: len(pairs[at]))
        batches = [order[start : start + ROWS_PER_BATCH] for start in range(0, len(order), ROWS_PER_BATCH)]

        def run(batch: list[int]) -> None:
            ids = [pairs[at] for at in batch]
            sides = [[0] * len(asked) + [1] * (len(each) - len(asked)) for each in ids]
            out[batch] = model.run({"input_ids": ids, "segments": sides})[0]

        # The longest first, so that no thread is left with a long one at the end.
        list(threads.map(run, reversed(batches)))
        return out

    def asked(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return log-odds (len(questions), len(ASKED)) of what each question asks for. Raises ModelError."""
        model, _ = self._loaded()
        ids = [_question(model, question) for question in questions]
        return model.run({"input_ids": ids, "segments": [[0] * len(each) for each in ids]})[1]

    def load(self) -> None:
        """Load the model now, where it can be had; whoever reads with it is told when it cannot."""
        with suppress(ModelError):
            self._loaded()

    def _loaded(self) -> tuple[Packaged, ThreadPoolExecutor]:
        with self._lock:
            if self._model is None or self._threads is None:
                self._model = open_packaged(packaged_folder("reader"), MAX_TOKENS, packaged_folder("model"))
                self._threads = ThreadPoolExecutor(self._count, "reading")
            return self._model, self._threads


def _question(model: Packaged, question: str) -> list[int]:
    ids = model.tokens([question[:QUESTION_CHARACTERS]])[0]
    return [*ids[: QUESTION_TOKENS - 1], ids[-1]] if len(ids) > QUESTION_TOKENS else ids


def _joined(asked: list[int], told: list[int]) -> list[int]:
    """Return the ids of a pair: the question, then as much of the passage as there is room for."""
    room = MAX_TOKENS - len(asked)
    return asked + (told if len(told) <= room else [*told[: room - 1], told[-1]])
