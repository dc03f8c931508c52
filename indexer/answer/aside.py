"""Work that the models do, which leave Python free, while the rest of an answer is gathered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def aside(work: Callable[[], T], name: str) -> Future[T]:
    """Begin ``work`` on a thread called ``name``; whoever asks for its result waits, and is raised what it
    raised. The thread keeps no process alive.
    """
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except Exception as error:  # noqa: BLE001 (raised where the result is asked for)
            result.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return result
