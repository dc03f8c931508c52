"""How many endpoints of real applications are found, against a count by hand.

    python -m tests.benchmarks.inventory FOLDER [--show]

FOLDER holds clones of the repositories that questions/endpoints.jsonl names. The count was made by
reading the code, before the output was looked at: one line for each endpoint and each address that it
is reachable at, `methods` ["ANY"] where the code does not say, `*` where an address is handed on to
another package. An endpoint is right when its file, address and methods are.

The last three repositories (golang-gin, aspnetcore, lobsters) were counted when the readers had been
written and tried on the others alone. Their first run, before anything was mended, is in RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.shapes.inventory import Inventory, InventoryKind, InventoryWanted
from indexer.types import Progress

TRUTH = Path(__file__).parent / "questions" / "endpoints.jsonl"
EVERYWHERE = {"flask": ("examples", "tests/test_apps", "tests/type_check")}
"""Repositories whose applications stand in folders of examples and tests: those folders are counted."""

Row = tuple[str, str, tuple[str, ...]]


class Quiet:
    """A control that never stops anything."""

    def checkpoint(self) -> None:
        return

    def report(self, progress: Progress) -> None:
        del progress


def main() -> None:
    """Print recall and precision of each repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="Print what is missing and what is too many.")
    parser.add_argument("--truth", type=Path, default=TRUTH)
    given = parser.parse_args()
    wanted: dict[str, Counter[Row]] = defaultdict(Counter)
    for line in given.truth.read_text().splitlines():
        row = json.loads(line)
        methods = () if row["methods"] == ["ANY"] else tuple(sorted(row["methods"]))
        wanted[row["repository"]][row["path"], row["url"], methods] += 1
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data), indexing=IndexingSettings(model="none", watch_seconds=0.0))
        for name, truth in wanted.items():
            source = given.folder / name
            if not source.exists():
                sys.stdout.write(f"{name}: not there\n")
                continue
            _measure(name, truth, source, settings, show=given.show)


def _measure(name: str, truth: Counter[Row], source: Path, settings: Settings, *, show: bool) -> None:
    knowledge = KnowledgeBase.open(locate(source, settings), settings)
    try:
        knowledge.words(Quiet())
        began = time.perf_counter()
        found = Counter(_rows(name, knowledge))
        seconds = time.perf_counter() - began
    finally:
        knowledge.close()
    right = sum((truth & found).values())
    recall, precision = right / sum(truth.values()), right / max(sum(found.values()), 1)
    sys.stdout.write(
        f"{name:40} counted {sum(truth.values()):4}  found {sum(found.values()):4}"
        f"  recall {recall:.3f}  precision {precision:.3f}  {seconds:.2f} s\n"
    )
    if show:
        for label, rows in (("missing", truth - found), ("too many", found - truth)):
            for (path, url, methods), count in sorted(rows.items()):
                sys.stdout.write(f"    {label}: {','.join(methods) or 'ANY'} {url}  {path} ({count})\n")


def _rows(name: str, knowledge: KnowledgeBase) -> Iterator[Row]:
    areas = EVERYWHERE.get(name, ("",))
    for area in areas:
        wanted = InventoryWanted((InventoryKind.ENDPOINTS,), area, everywhere=name in EVERYWHERE)
        listed: Inventory = knowledge.mentor.inventory.list(wanted, Quiet())
        for each in listed.endpoints:
            path = each.citations[0].path or ""
            yield path, each.url, tuple(sorted(each.methods))


if __name__ == "__main__":
    main()
