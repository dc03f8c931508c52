"""Lays real traces on their repositories, and counts how many own frames land on the right place.

    python -m tests.benchmarks.traces --repos FOLDER --data FOLDER [--form FORM] [--set SET] [--show]

FOLDER holds a clone of each repository of questions/traces.jsonl by its name, at the commit given
there. Each trace is from a public issue tracker (``source``), cut to what is needed; ``own`` gives for
each frame of the repository, as "file:line" or as the function's name where it has no place, the file
and the definition of its line at that commit, found by hand: an empty file is one that is gone, an
empty definition stands for none (any more), "*" for any; "@N" after a name tells overloads apart by
their first line. Where code was taken apart or renamed since, so that two answers are true, "a|b" gives
the definitions that are, and a second row with the same key another file. All other frames are foreign.
A frame that is not read at all is a wrong one.

The set "first" was used to mend what was wrong; "later", and "last" from repositories that were not
used before, were written down when that was done, and run once before anything was mended by them; so
was "fresh", of questions/traces_later.jsonl, long after, and "fresh2" to "fresh4", from 24, 33 and 41 other
repositories. Those of "fresh5" to "fresh10", from 44, 40, 44, 41, 47 and 50 others, are of the years since
2021 (``date``): what somebody pastes who runs a release of these last years.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import LorebaseError
from indexer.index.passages import path_id
from indexer.index.symbols import definitions_in
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.shapes.traces import Mapped, Pasted, TraceFrame
from indexer.types import Progress

QUESTIONS = Path(__file__).parent / "questions" / "traces.jsonl"
SETS = (
    "first",
    "later",
    "last",
    "fresh",
    "fresh2",
    "fresh3",
    "fresh4",
    "fresh5",
    "fresh6",
    "fresh7",
    "fresh8",
    "fresh9",
    "fresh10",
)
FRESH = QUESTIONS.with_name("traces_later.jsonl")


class Unhindered:
    """A control that never stops anything."""

    def checkpoint(self) -> None:
        return

    def report(self, progress: Progress) -> None:
        del progress


@dataclass
class Count:
    """What was counted for one form."""

    traces: int = 0
    frames: int = 0
    files: int = 0
    symbols: int = 0
    foreign: int = 0
    taken: int = 0
    """Foreign frames that were said to be of the repository."""
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repos", type=Path, required=True, action="append")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--form", default="")
    parser.add_argument("--set", default="", choices=("", *SETS))
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    written = [*QUESTIONS.read_text("utf-8").splitlines(), *FRESH.read_text("utf-8").splitlines()]
    lines = [json.loads(line) for line in written]
    by_repository = defaultdict(list)
    for line in lines:
        if given.form in ("", line["form"]) and given.set in ("", line.get("set", "fresh")):
            by_repository[line["repository"]].append(line)
    counts: dict[str, Count] = defaultdict(Count)
    for repository, traces in by_repository.items():
        knowledge = _opened(_folder(given.repos, repository, traces[0]["commit"]), given.data)
        try:
            for trace in traces:
                _judge(knowledge, trace, counts[trace["form"]], given.show)
        finally:
            knowledge.close()
    _print(counts)


def _folder(places: list[Path], repository: str, commit: str) -> Path:
    for place in places:
        folder = place / repository.partition("/")[2]
        if (folder / ".git").exists():
            head = subprocess.run(
                ["git", "-C", str(folder), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
            ).stdout.strip()
            if head != commit:
                print(f"{repository} is at {head[:10]}; the gold is of {commit[:10]}")
            return folder
    raise SystemExit(f"There is no clone of {repository}.")


def _opened(folder: Path, data: Path) -> KnowledgeBase:
    settings = Settings(data, IndexingSettings(model="none", watch_seconds=0.0, parse_workers=1))
    knowledge = KnowledgeBase.open(locate(folder, settings), settings)
    if not knowledge.searchable():
        knowledge.words(Unhindered())
    return knowledge


def _judge(knowledge: KnowledgeBase, trace: dict, count: Count, show: bool) -> None:  # type: ignore[type-arg]
    count.traces += 1
    gold: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, path, symbol in trace["own"]:
        gold[key].append((path, symbol))
    count.frames += len(gold)
    began = time.perf_counter()
    try:
        found = knowledge.mentor.traces.explain(Pasted(trace["text"]), Unhindered())
    except LorebaseError as error:
        if show:
            print(f"{trace['id']}: {error.message}")
        return
    count.seconds.append(time.perf_counter() - began)
    seen: set[str] = set()
    for frame in (frame for each in found.traces for error in each.errors for frame in error.frames):
        key = next((each for each in _keys(frame) if each in gold), "") or _written_so(frame, gold)
        if not key:
            count.foreign += 1
            own = frame.mapped is not Mapped.FOREIGN
            count.taken += own
            if own and show:
                print(f"{trace['id']}: foreign, but taken for {frame.path}#{frame.symbol}: {frame.written}")
        elif key not in seen:
            seen.add(key)
            own = frame.mapped is not Mapped.FOREIGN
            symbols = [symbol for path, symbol in gold[key] if own and frame.path == path]
            symbol_right = any(
                _is(knowledge, frame, each) for symbol in symbols for each in symbol.split("|")
            )
            count.files += bool(symbols)
            count.symbols += symbol_right
            if show and not symbol_right:
                got = f"{frame.mapped} {frame.path}:{frame.line}#{frame.symbol}"
                right = " or ".join("#".join(each) for each in gold[key])
                print(f"{trace['id']}: {key} is {right}, not {got} ({frame.note})")
    if show:
        for key in set(gold) - seen:
            print(f"{trace['id']}: {key} was not read")


def _keys(frame: TraceFrame) -> list[str]:
    name = frame.written_path.replace("\\", "/").rpartition("/")[2]
    # A frame that was cut off behind its file has no line to be called by.
    placed = name and frame.written_line
    return [f"{name}:{frame.written_line}", "" if placed else frame.written_name.rpartition(".")[2]]


def _written_so(frame: TraceFrame, gold: Iterable[str]) -> str:
    """Return the key that a frame without a place bears as it is written: `get_User`, `<Handle>b__0_0`."""
    bare = [] if frame.written_line else [each for each in gold if ":" not in each]
    return next(
        (each for each in bare if re.search(rf"(?<![\w<]){re.escape(each)}(?!\w)", frame.written)), ""
    )


def _is(knowledge: KnowledgeBase, frame: TraceFrame, symbol: str) -> bool:
    if symbol == "*":
        return True
    name, _, first = symbol.partition("@")
    if not (frame.symbol == name or (name and frame.symbol.endswith("." + name))):
        return False
    return not first or int(first) in _head(knowledge, frame)


def _head(knowledge: KnowledgeBase, frame: TraceFrame) -> range:
    """Return the lines from where the definition that the frame was laid on begins, with its comment and
    annotations, to its name; none when it is not known.
    """
    reader = knowledge._catalog.reader()
    line = frame.line or (frame.citation.start_line if frame.citation is not None else 0)
    around = [
        each
        for each in definitions_in(reader, path_id(reader, frame.path) or -1)
        if each.qualified == frame.symbol and each.start_line <= line <= each.end_line
    ]
    inner = max(around, key=lambda each: each.start_line, default=None)
    return range(inner.start_line, inner.name_line + 1) if inner is not None else range(0)


def _print(counts: dict[str, Count]) -> None:
    total = Count()
    print(
        f"{'form':<10}{'traces':>7}{'own':>6}{'file':>7}{'symbol':>8}{'foreign':>9}{'taken':>7}{'median':>9}"
    )
    for form, count in sorted(counts.items()):
        _row(form, count)
        for name in ("traces", "frames", "files", "symbols", "foreign", "taken"):
            setattr(total, name, getattr(total, name) + getattr(count, name))
        total.seconds += count.seconds
    _row("all", total)


def _row(form: str, count: Count) -> None:
    frames = max(count.frames, 1)
    median = statistics.median(count.seconds) if count.seconds else 0.0
    print(
        f"{form:<10}{count.traces:>7}{count.frames:>6}{count.files / frames:>7.3f}"
        f"{count.symbols / frames:>8.3f}{count.foreign:>9}{count.taken:>7}{median:>7.2f} s"
    )


if __name__ == "__main__":
    main()
