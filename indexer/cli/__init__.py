"""The command line: builds what is needed from arguments and environment, and shows what comes back.

Data goes to standard output, all else to standard error. Exit codes: 0 ok, 1 failed, 2 usage,
3 a single question whose verdict is missing or unknown, 11 locked, 12 index of a newer version.
"""

from __future__ import annotations

from indexer.cli.app import main

__all__ = ["main"]
