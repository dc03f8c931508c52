"""What a repository offers and reads: endpoints, settings, variables, tables, jobs, commands."""

from __future__ import annotations

from typing import Any, Final

from indexer.method import Method

METHODS: Final[tuple[Method[Any, Any], ...]] = ()
