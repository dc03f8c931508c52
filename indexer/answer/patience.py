"""How long a language model is waited for: until its first word, between two words, and in all."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from indexer.errors import CancelledError, WritingError


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds until the first word, between two words, and for the whole."""

    first: float
    idle: float
    total: float


class Patience:
    """How long one request may still take. Every wait on a connection asks it, ten times a second.

    Words count, not bytes: a server that sends one byte now and then has said nothing.
    """

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._began = time.monotonic()
        self._heard: float | None = None
        self._cancelled = threading.Event()

    def begin(self) -> None:
        """Count from now on: what was made ready before (seconds of imports) is no model's doing."""
        self._began = time.monotonic()

    def cancel(self) -> None:
        """Let the request end at its next look; callable from any thread."""
        self._cancelled.set()

    def heard(self) -> None:
        """Count a word, and wait for the next one."""
        self._heard = time.monotonic()

    def check(self) -> None:
        """Raise CancelledError, or WritingError when a deadline has passed."""
        if self._cancelled.is_set():
            raise CancelledError("Writing was stopped.", "The extracted answer stands.")
        now = time.monotonic()
        limits = self._deadlines
        if now - self._began > limits.total:
            raise WritingError(
                f"The model was stopped after {limits.total:g} s.",
                "Ask for less, or raise model.total_seconds.",
            )
        if self._heard is None and now - self._began > limits.first:
            raise WritingError(
                f"The model sent no word within {limits.first:g} s.",
                "It may still be loading: try again, or raise model.first_seconds.",
            )
        if self._heard is not None and now - self._heard > limits.idle:
            raise WritingError(
                f"The model fell silent for {limits.idle:g} s.",
                "Try again, or raise model.idle_seconds.",
            )
