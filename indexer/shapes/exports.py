"""The whole knowledge base written out, as pages, Markdown or PDF."""

from __future__ import annotations

from typing import Any, Final

from indexer.method import Method

METHODS: Final[tuple[Method[Any, Any], ...]] = ()
