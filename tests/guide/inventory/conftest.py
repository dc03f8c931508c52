"""Small applications as real indexes, listed by the real door."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from indexer.shapes.inventory import Inventory, InventoryKind, InventoryWanted
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge, Quiet

Listed = Callable[..., Inventory]


@pytest.fixture
def listed(bench: Bench, open_knowledge: OpenKnowledge) -> Listed:
    """Commit files, index them, and return their inventory of one kind."""

    def list_it(
        kind: InventoryKind,
        files: Mapping[str, str | bytes],
        *,
        everywhere: bool = False,
        openapi: bool = False,
    ) -> Inventory:
        made = bench.make("app")
        made.commit("Begin", dict(files))
        knowledge = open_knowledge(made)
        wanted = InventoryWanted((kind,), everywhere=everywhere, openapi=openapi)
        return knowledge.mentor.inventory.list(wanted, Quiet())

    return list_it
