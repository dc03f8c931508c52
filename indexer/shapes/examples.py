"""The best existing examples of a kind of thing, to copy from."""

from __future__ import annotations

from typing import Any, Final

from indexer.method import Method

METHODS: Final[tuple[Method[Any, Any], ...]] = ()
