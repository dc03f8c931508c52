"""What a job reads and writes: its steps, the programs they run, and the data sets of each.

A DD statement ties a data set to a name; the program's OPEN, READ and WRITE of the file that is
assigned to that name say what is done with it. Where no program says it, JCL's own word stands
(a new data set is written), and where that is open too, the direction is unknown.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols
from indexer.types import ReferenceKind, SymbolKind

CALLED_DEEP = 3
"""Programs called by a step's program are followed so far: I/O often stands in a subprogram."""

ENDLESS = 1 << 31
"""A line that is after every line."""

_SERVICES = frozenset(
    ("STEPLIB", "JOBLIB", "SYSOUT", "SYSPRINT", "SYSUDUMP", "SYSABEND", "CEEDUMP", "SYSTSPRT", "SYSDBOUT")
)
"""DD names that are the system's own; they say nothing about the job's data."""


@dataclass(frozen=True, slots=True)
class DataUse:
    """One data set of a step. ``reads`` and ``writes`` both False: JCL and program leave it open.

    ``line`` is in the job's file; ``evidence`` are lines in ``program_path`` that open or touch it.
    """

    dd: str
    dataset: str
    line: int
    reads: bool
    writes: bool
    program_path: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StepFlow:
    """One step: the program or procedure that it runs, and its data."""

    name: str
    line: int
    doc: str
    runs: tuple[str, ...]
    program: FoundSymbol | None
    """Where the program that does the work is defined; None when it is not in this repository."""
    data: tuple[DataUse, ...]


@dataclass(frozen=True, slots=True)
class JobFlow:
    """A job with its steps, in order."""

    job: FoundSymbol
    steps: tuple[StepFlow, ...]


def job_flow(reader: sqlite3.Connection, job: FoundSymbol) -> JobFlow:
    """Return the flow of data through a job (or a procedure) as ``find_symbols`` found it."""
    steps = [
        symbol
        for symbol in definitions_in(reader, job.path_id)
        if symbol.kind == SymbolKind.STEP
        and job.start_line <= symbol.start_line <= job.end_line
        and symbol.parent == job.qualified
    ]
    return JobFlow(job, tuple(_step(reader, step) for step in steps))


def jobs_that_run(reader: sqlite3.Connection, program: str) -> list[tuple[FoundSymbol, int]]:
    """Return the jobs and procedures with a step that runs a program, each with the step's line."""
    rows = reader.execute(
        "SELECT DISTINCT e.path_id, r.line FROM reference r JOIN blob b ON b.id = r.blob_id"
        " JOIN entry e ON e.blob_id = r.blob_id"
        " WHERE r.name = ? AND r.kind = 'execute' AND b.language = 'jcl' ORDER BY e.path_id, r.line",
        (program,),
    ).fetchall()
    found: list[tuple[FoundSymbol, int]] = []
    for path_id, line in rows:
        around = [
            each
            for each in definitions_in(reader, path_id)
            if each.kind in (SymbolKind.JOB, SymbolKind.RULE) and each.start_line <= line <= each.end_line
        ]
        if around:
            found.append((around[-1], line))
    return found


def _step(reader: sqlite3.Connection, step: FoundSymbol) -> StepFlow:
    rows = reader.execute(
        "SELECT name, kind, line FROM reference WHERE blob_id = ? AND line BETWEEN ? AND ?"
        " ORDER BY line, rowid",
        (step.blob_id, step.start_line, step.end_line),
    ).fetchall()
    runs = tuple(dict.fromkeys(name for name, kind, _ in rows if kind == ReferenceKind.EXECUTE))
    programs = [
        symbol
        for name in reversed(runs)
        for symbol in find_symbols(reader, name, 5)
        if symbol.kind == SymbolKind.PROGRAM
    ]
    program = programs[0] if programs else None
    touched = _touched(reader, program) if program is not None else {}
    for name, uses in _controlled(reader, step).items():
        touched.setdefault(name, uses)
    data = _data(rows, touched)
    return StepFlow(step.name, step.name_line, step.doc, runs, program, data)


def _controlled(reader: sqlite3.Connection, step: FoundSymbol) -> dict[str, list[tuple[str, int, str]]]:
    """Return what control members do, of the step itself and of the procedure that it runs."""
    found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    pending = [(step.path_id, step.start_line, step.end_line)]
    for deep in range(CALLED_DEEP):
        following: list[tuple[int, int, int]] = []
        for path_id, start, end in pending:
            for to_path, kind in reader.execute(
                "SELECT to_path, kind FROM edge WHERE from_path = ? AND line BETWEEN ? AND ?"
                " AND kind IN ('copy', 'execute')",
                (path_id, start, end),
            ).fetchall():
                if kind == ReferenceKind.EXECUTE:
                    following.append((to_path, 1, ENDLESS))
                    continue
                for name, said, line, path in reader.execute(
                    "SELECT r.name, r.kind, r.line, p.shown FROM reference r"
                    " JOIN entry e ON e.blob_id = r.blob_id JOIN path p ON p.id = e.path_id"
                    " JOIN blob b ON b.id = r.blob_id"
                    " WHERE e.path_id = ? AND r.kind IN ('read', 'write') AND b.language = 'control'",
                    (to_path,),
                ).fetchall():
                    found[name].append((said, line, path))
        pending = following if deep + 1 < CALLED_DEEP else []
    return found


def _data(
    rows: Sequence[tuple[str, str, int]], touched: dict[str, list[tuple[str, int, str]]]
) -> tuple[DataUse, ...]:
    """Pair each data set with the DD statement that it stands in, and join the program's use of it."""
    uses: dict[tuple[str, str], DataUse] = {}
    dd = ""
    for name, kind, line in rows:
        if kind == ReferenceKind.DATA and "." not in name:
            dd = name
        elif kind in (ReferenceKind.READ, ReferenceKind.WRITE, ReferenceKind.DATA) and dd not in _SERVICES:
            if "." not in name and name in {known for known, _ in uses}:
                continue
            known = next((key for key in uses if key[1] == name), (dd, name))
            said = touched.get(known[0], [])
            before = uses.get(known)
            directions = {each[0] for each in said} or {kind}
            if before is not None and not said:
                directions |= ({"read"} if before.reads else set()) | ({"write"} if before.writes else set())
            uses[known] = DataUse(
                dd=known[0],
                dataset=name,
                line=before.line if before else line,
                reads="read" in directions,
                writes="write" in directions,
                program_path=said[0][2] if said else "",
                evidence=tuple(sorted({each[1] for each in said})),
            )
    return tuple(uses.values())


def _touched(reader: sqlite3.Connection, program: FoundSymbol) -> dict[str, list[tuple[str, int, str]]]:
    """Return DD name to (direction, line, path) of what a program and those that it calls do."""
    found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    pending = [(program, 0)]
    seen: set[int] = set()
    while pending:
        current, depth = pending.pop()
        if current.blob_id in seen:
            continue
        seen.add(current.blob_id)
        for name, kind, line in reader.execute(
            "SELECT name, kind, line FROM reference WHERE blob_id = ? AND kind IN ('read', 'write', 'call')",
            (current.blob_id,),
        ).fetchall():
            if kind != ReferenceKind.CALL:
                found[name].append((kind, line, current.path))
            elif depth < CALLED_DEEP:
                called = find_symbols(reader, name, 3)
                pending += [(each, depth + 1) for each in called if each.kind == SymbolKind.PROGRAM]
    return found
