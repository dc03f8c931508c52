"""The one open index, lent to many: what is loaded ahead is loaded between calls and repairs."""

from __future__ import annotations

from indexer.shelf import Shelf
from tests.conftest import Bench
from tests.guide.conftest import Quiet


def opened_shelf(bench: Bench) -> Shelf:
    """Return a shelf on an index of one file, open."""
    made = bench.make("app")
    made.commit("Begin", {"app.py": "def run():\n    return 1\n"})
    shelf = Shelf(bench.locate(made), bench.settings, lambda: None)
    with shelf.lend() as knowledge:
        knowledge.words(Quiet())
    return shelf


def counted(shelf: Shelf) -> int:
    """Return how many parts there are to load."""
    with shelf.lend() as knowledge:
        return len(knowledge.warming())


def test_each_part_is_loaded_after_a_rest_in_which_nothing_is_lent(bench: Bench) -> None:
    shelf = opened_shelf(bench)
    parts, lent = counted(shelf), list[int]()
    assert parts >= 3
    shelf.warm(lambda: lent.append(shelf._lent), lambda: False)
    assert lent == [0] * (parts + 1)
    shelf.close()


def test_a_repair_comes_between_two_parts_and_nothing_is_opened_for_the_rest(bench: Bench) -> None:
    shelf = opened_shelf(bench)
    repaired: list[str] = []

    def repair() -> None:
        repaired.append("once")
        if len(repaired) == 2:
            shelf.away(lambda: None)

    shelf.warm(repair, lambda: False)
    assert len(repaired) == 2
    with shelf.lend_if_open() as knowledge:
        assert knowledge is None
    shelf.close()


def test_an_engine_that_leaves_loads_nothing_more(bench: Bench) -> None:
    shelf = opened_shelf(bench)
    loaded: list[str] = []
    shelf.warm(lambda: None, lambda: bool(loaded.append("asked")) or len(loaded) > 2)
    assert len(loaded) == 3
    shelf.close()
