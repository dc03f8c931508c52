"""What a range of commits, or what is staged, changes; and drafts of texts about it."""

from __future__ import annotations

from typing import Any, Final

from indexer.method import Method

METHODS: Final[tuple[Method[Any, Any], ...]] = ()
