"""Logs: how fast a large one is read, and whether its lines are tied to the statements that wrote them.

`python -m tests.benchmarks.logs speed --catalog INDEX/catalog.db` writes a log of 1,000,000 lines, a
trace or an id in most, and has the child read it: seconds of its processor, seconds on the clock,
and its largest PSS.

`... truth --catalog INDEX/catalog.db --gold FILE --root CHECKOUT` reads a log that the plugin
`log_gold` wrote while the program ran. What tells the statement is taken off first; with
`--no-names` the logger's name too, as Celery's own format has none.

`... foreign --catalog INDEX/catalog.db LOG ...` counts lines of other programs that are tied: 0 is right.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import psutil

from indexer.guide.logs.grouping import Group, Grouping
from indexer.guide.logs.known import known_statements
from indexer.guide.logs.lines import open_file
from indexer.guide.logs.matching import Matcher
from indexer.guide.logs.outcome import LogRequest, Told
from indexer.guide.logs.worker import read_log
from indexer.shapes.logs import Tie

ROOT = Path(__file__).resolve().parents[2]
LINES = 1_000_000
START = 1_790_000_000.0
GOLD = re.compile(r" ##GOLD (.*?):(\d+)$")
NAME = re.compile(r"^(\d{4}-\S+ \S+ [A-Z]+) [\w.]+:")


def write_log(file: Path, lines: int) -> None:
    """Write a worker's log: ids in every line, so that hardly two lines have the same letters."""
    draw = random.Random(7)
    moment, written = START, 0

    def some_id() -> str:
        return str(uuid.UUID(int=draw.getrandbits(128)))

    with file.open("w", encoding="utf-8") as out:
        while written < lines:
            moment += draw.random() / 10
            stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment)) + f",{int(moment % 1 * 1000):03d}"
            task = f"shop.tasks.{draw.choice(('add', 'charge', 'ship', 'mail'))}[{some_id()}]"
            kind = draw.random()
            if kind < 0.3:
                text = f"[{stamp}: INFO/MainProcess] Task {task} received"
            elif kind < 0.55:
                text = f"[{stamp}: INFO/ForkPoolWorker-3] Task {task} succeeded in {draw.random():.8f}s: None"
            elif kind < 0.7:
                text = (
                    f"[{stamp}: DEBUG/MainProcess] TaskPool: Apply <function f at "
                    f"0x{draw.getrandbits(48):x}> (args:('{some_id()}',) kwargs:{{}})"
                )
            elif kind < 0.85:
                text = f"[{stamp}: DEBUG/MainProcess] Task accepted: {task} pid:{draw.randint(1000, 99999)}"
            elif kind < 0.97:
                text = f"[{stamp}: INFO/MainProcess] GET /orders/{some_id()} 200 {draw.randint(1, 900)}ms"
            else:
                text = (
                    f"[{stamp}: ERROR/ForkPoolWorker-3] Task {task} raised unexpected: ValueError('no')\n"
                    "Traceback (most recent call last):\n"
                    f'  File "/srv/app/tasks.py", line {draw.randint(1, 99)}, in charge\n'
                    "    raise ValueError('no')\nValueError: no"
                )
            out.write(text + "\n")
            written += text.count("\n") + 1


def speed(catalog: str, lines: int) -> None:
    """Print what reading a large log costs."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "worker.log")
        write_log(file, lines)
        size = file.stat().st_size
        child = subprocess.Popen(
            [sys.executable, "-m", "indexer.guide.logs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert child.stdin
        assert child.stdout
        began, watched = time.monotonic(), psutil.Process(child.pid)
        child.stdin.write(msgspec.json.encode(LogRequest(catalog, str(file), "", False, 300)) + b"\n")
        child.stdin.flush()
        most, processor, outcome = 0, 0.0, None
        for line in child.stdout:
            told = msgspec.json.decode(line, type=Told)
            if told.outcome is None:
                most = max(most, watched.memory_full_info().pss)
                times = watched.cpu_times()
                processor = times.user + times.system
            outcome = told.outcome
        seconds = time.monotonic() - began
        child.wait()
    assert outcome is not None
    print(f"{size / 1e6:.0f} MB, {outcome.lines:,} lines, {len(outcome.groups)} groups")
    print(f"processor {processor:.1f} s ({processor * 1e8 / size:.1f} s for 100 MB), clock {seconds:.1f} s")
    print(
        f"largest PSS {most / 1e6:.0f} MB; tied {outcome.tied / max(outcome.records, 1):.3f} of the records"
    )


def truth(catalog: str, gold: Path, root: str, *, names: bool) -> None:
    """Print how many statements' lines are tied to the right one."""
    known, told, groups = _read_gold(catalog, gold, names=names)
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    foreign: Counter[str] = Counter()
    for line, (path, number) in told.items():
        group = groups.get(line)
        if not path.startswith(root):
            foreign["tied" if group is not None and group.statement >= 0 else "left alone"] += 1
            continue
        place = path[len(root) :].lstrip("/"), number
        found[place][_judged(known, group, place)] += 1
    judged = Counter(each.most_common(1)[0][0] for each in found.values())
    print(f"{len(found)} statements of the repository wrote lines:", dict(judged))
    print("lines of other packages:", dict(foreign))
    for place, counts in sorted(found.items()):
        if counts.most_common(1)[0][0] not in ("right", "right among several"):
            print("   ", f"{place[0]}:{place[1]}", dict(counts))


def _judged(known: list, group: Group | None, place: tuple[str, int]) -> str:  # type: ignore[type-arg]
    if group is None or group.statement < 0:
        return "not tied"
    candidates = [group.statement, *group.others]
    if group.tie is not Tie.SEVERAL:
        return "right" if _is(known[group.statement], place) else "wrong"
    return "right among several" if any(_is(known[each], place) for each in candidates) else "wrong"


def _is(known, place: tuple[str, int]) -> bool:  # type: ignore[no-untyped-def]
    """Whether a statement is the one at a place, or calls the function that is."""
    statement = known.statement
    own = known.path == place[0] and statement.line <= place[1] <= statement.end_line
    return own or known.through == place


def _read_gold(catalog: str, gold: Path, *, names: bool):  # type: ignore[no-untyped-def]
    import sqlite3

    told: dict[int, tuple[str, int]] = {}
    with (
        tempfile.NamedTemporaryFile("w", suffix=".log", delete=False, errors="surrogateescape") as out,
        gold.open(errors="surrogateescape") as lines,
    ):
        for number, line in enumerate(lines, start=1):
            text = line.rstrip("\n")
            match = GOLD.search(text)
            if match is not None:
                told[number] = match[1], int(match[2])
                text = text[: match.start()]
            out.write((text if names else NAME.sub(r"\1", text)) + "\n")
    known = known_statements(sqlite3.connect(f"file:{catalog}?mode=ro", uri=True))
    source = open_file(out.name)
    groups: dict[int, Group] = {}

    class Noting(Grouping):
        def _count(self, group: Group, moment: float | None, place: int) -> None:
            groups[self._line] = group
            super()._count(group, moment, place)

    grouping = Noting(Matcher(known), source.changed, source.size)
    for batch in source.batches():
        grouping.take(batch, 0, 0)
    grouping.finish()
    source.stream.close()
    Path(out.name).unlink()
    return known, told, groups


def foreign(catalog: str, logs: list[str]) -> None:
    """Print how many records of other programs' logs are tied."""
    tied = records = 0
    for log in logs:
        outcome = read_log(LogRequest(catalog, log, "", False, 1_000))
        tied, records = tied + outcome.tied, records + outcome.records
        if outcome.tied:
            print(log, [(each.count, each.sample[:90]) for each in outcome.groups if each.place])
    print(f"{tied:,} of {records:,} records of {len(logs)} logs are tied")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("part", choices=("speed", "truth", "foreign"))
    parser.add_argument("logs", nargs="*")
    parser.add_argument("--catalog", required=True)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--root", default="")
    parser.add_argument("--no-names", action="store_true")
    given = parser.parse_intermixed_args()
    if given.part == "speed":
        speed(given.catalog, given.lines)
    elif given.part == "truth":
        truth(given.catalog, given.gold, given.root, names=not given.no_names)
    else:
        foreign(given.catalog, given.logs)


if __name__ == "__main__":
    main()
