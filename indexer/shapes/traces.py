"""Stack traces, read against the code."""

from __future__ import annotations

from typing import Any, Final

from indexer.method import Method

METHODS: Final[tuple[Method[Any, Any], ...]] = ()
