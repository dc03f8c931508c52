"""A pytest plugin that writes the log of a program's own tests, each line with the statement behind it.

In a checkout of the program, with what its tests need:
`LOG_GOLD=/tmp/celery.gold PYTHONPATH=OUR_CHECKOUT pytest -p tests.benchmarks.log_gold t/unit`.
`python -m tests.benchmarks.logs truth` takes what stands behind SIGN off, and compares.
"""

from __future__ import annotations

import contextlib
import logging
import os
from typing import Any

SIGN = " ##GOLD "


class _Form(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        head, broken, rest = super().format(record).partition("\n")
        return f"{head}{SIGN}{record.pathname}:{record.lineno}{broken}{rest}"


def _listen(path: str) -> None:
    handler = logging.FileHandler(path, errors="replace")
    handler.setFormatter(_Form("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    hand_on = logging.Logger.callHandlers

    def written(self: logging.Logger, record: logging.LogRecord) -> Any:
        with contextlib.suppress(Exception):
            handler.handle(record)
        return hand_on(self, record)

    logging.Logger.callHandlers = written  # type: ignore[method-assign]
    logging.Logger.isEnabledFor = lambda self, level: True  # type: ignore[method-assign]


_listen(os.environ["LOG_GOLD"])
