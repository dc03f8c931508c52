"""How often the pieces that are shown to be copied are of the kind that was asked for.

    python -m tests.benchmarks.examples --repos REPOS --data DIR [--only NAME,NAME] [--show]

REPOS holds clones of the repositories that questions/examples.jsonl names, DIR their indexes; an index
that is missing is made. What is right for each wish was written down from the code, before any output was
looked at: `right` is what "path name" of a piece must match as a whole, `code` what must stand in it.
questions/examples_later.jsonl was written when the signals had been chosen, questions/examples_absent.jsonl
holds wishes for what is not there: nothing shown for one is right.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path

from indexer.errors import UsageError
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.shapes.examples import Example, ExamplesWanted
from indexer.types import Progress

TRUTH = Path(__file__).parent / "questions" / "examples.jsonl"


class Quiet:
    """A control that never stops anything."""

    def checkpoint(self) -> None:
        return

    def report(self, progress: Progress) -> None:
        del progress


def main() -> None:
    """Print whether the first, and any of three, is right, by wish and in all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--truth", type=Path, default=TRUTH)
    parser.add_argument("--only", default="", help="Names of repositories.")
    parser.add_argument("--show", action="store_true", help="Print what was shown, and what is said of it.")
    given = parser.parse_args()
    wishes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in given.truth.read_text().splitlines():
        row = json.loads(line)
        wishes[row["repo"]].append(row)
    only = given.only.split(",") if given.only else list(wishes)
    settings = Settings(data_dir=given.data, indexing=IndexingSettings(working_copy=True))
    first = anywhere = shown = good = of = 0
    for repo in only:
        opened = KnowledgeBase.open(locate(given.repos / repo, settings), settings)
        try:
            opened.words(Quiet())
            for row in wishes[repo]:
                right = _judged(opened, row, given.show)
                first += right[:1] == [True]
                anywhere += any(right)
                shown += len(right)
                good += sum(right)
                of += 1
        finally:
            opened.close()
    print(
        f"{of} wishes: first right {first}, any of three right {anywhere}; {good} of {shown} shown are right"
    )


def _judged(opened: KnowledgeBase, row: dict[str, str], show: bool) -> list[bool]:
    try:
        found = opened.mentor.examples.find(ExamplesWanted(row["wish"]), Quiet())
    except UsageError as error:
        print(f"!   {row['repo']:13}{row['wish']:28}{error}")
        return []
    right = [_right(each, row) for each in found.examples]
    marks = "".join("+" if each else "-" for each in right)
    print(f"{marks or '0':4}{row['repo']:13}{row['wish']:28}{found.count:5}")
    for each in found.examples if show else ():
        print(f"        {each.name}  {each.path}:{each.line}-{each.end_line}")
    for said in (*found.common, *(each.statement for each in found.touched)) if show else ():
        print(f"          {said.text}")
    for notice in found.notices if show else ():
        print(f"          ! {notice}")
    return right


def _right(example: Example, row: dict[str, str]) -> bool:
    name = example.name.rpartition("(")[2].rstrip(")") or example.name
    names = {example.name, name, name.rpartition(".")[2]}
    placed = any(re.fullmatch(row["right"], f"{example.path} {each}") for each in names)
    return placed and re.search(row.get("code", ""), example.code.quote) is not None


if __name__ == "__main__":
    main()
