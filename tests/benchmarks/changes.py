"""What a summary of changes costs, and how right its definitions are.

    python -m tests.benchmarks.changes --repo CELERY --range v5.3.0..v5.4.0 --range v3.1.0..HEAD
    python -m tests.benchmarks.changes --repo CELERY --rows v5.3.0..v5.4.0 --rows v5.2.0..v5.3.0 --sample 40

Seconds are those of the whole command, engine running, the best and the median of ``--times``; CPU
seconds are those of the engine and its parsers. PSS is that of the engine with its children.

``--rows`` checks sampled rows about Python against Python's own parser, which shares nothing with
ours: a row is right when the definition is there (or not) at both ends as the row says, and, where
it says that a signature changed, when the parameters or the bases differ. It counts what is missed
too: definitions of changed files that differ for that parser and have no row.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil

from indexer.client import Client
from indexer.guide.changes.public import ASIDE
from indexer.location import locate
from indexer.protocol import INDEX, STATUS, IndexRequest, Nothing
from indexer.repo.languages import classify
from indexer.settings import load_settings
from indexer.shapes.changes import CHANGES, ApiChange, ApiRow, ChangeSummary, ChangesWanted
from indexer.types import SymbolKind
from tests.benchmarks.processes import PeakMemory

Signatures = dict[str, str]
"""Qualified public names with what identifies their signature."""


def main() -> None:
    """Run what the arguments ask for."""
    asked = _arguments()
    settings = load_settings(os.environ)
    with Client(locate(asked.repo, settings), settings) as client:
        client.call(INDEX, IndexRequest(words_only=True))
        for each in asked.range:
            _measure(client, each, asked.times)
        rows: list[tuple[str, ApiRow]] = []
        missed = 0
        for each in asked.rows:
            summary = client.call(CHANGES, ChangesWanted(name=each, most=0))
            found = [row for module in summary.modules for row in module.api]
            rows += [(each, row) for row in found if row.path.endswith(".py")]
            missed += _missed(asked.repo, summary, found)
        if rows:
            _check(asked.repo, rows, asked.sample, missed)


def _measure(client: Client, name: str, times: int) -> None:
    engine = psutil.Process(client.call(STATUS, Nothing()).engine_pid)
    seconds: list[float] = []
    spent: list[float] = []
    with PeakMemory(engine.pid) as memory:
        for _ in range(times):
            before = _cpu(engine)
            began = time.perf_counter()
            summary = client.call(CHANGES, ChangesWanted(name=name))
            seconds.append(time.perf_counter() - began)
            spent.append(_cpu(engine) - before)
    counts = summary.counts
    print(
        f"{name}: {counts.commits:,} commits, {counts.files:,} files; first {seconds[0]:.2f} s,"
        f" median {statistics.median(seconds):.2f} s, best {min(seconds):.2f} s; CPU {min(spent):.2f} s;"
        f" PSS {memory.mib:.0f} MiB; dropped {summary.dropped}; load {os.getloadavg()[0]:.1f}"
    )


def _cpu(engine: psutil.Process) -> float:
    times = [engine.cpu_times(), *(each.cpu_times() for each in engine.children(recursive=True))]
    own = sum(each.user + each.system for each in times)
    ended = engine.cpu_times()
    return own + ended.children_user + ended.children_system


# ------------------------------------------------------------------------------ right or wrong


def _check(repo: Path, rows: list[tuple[str, ApiRow]], sample: int, missed: int) -> None:
    random.seed(5)
    chosen = random.sample(rows, min(sample, len(rows)))
    wrong = []
    for name, row in chosen:
        start, _, end = name.partition("..")
        problem = _problem(repo, start, end, row)
        if problem:
            wrong.append(f"  {name} {row.change} {row.name} in {row.path}: {problem}")
    right = len(chosen) - len(wrong)
    print(f"rows: {right} of {len(chosen)} right ({right / len(chosen):.3f}); {missed} missed of {len(rows)}")
    for each in wrong:
        print(each)


def _problem(repo: Path, start: str, end: str, row: ApiRow) -> str:
    """Return what is wrong with a row, or nothing."""
    old, new = _signatures(repo, start, row.path), _signatures(repo, end, row.path)
    there, now = row.name in old, row.name in new
    if row.change is ApiChange.ADDED:
        return "" if now and not there else f"there before: {there}, there now: {now}"
    if row.change is ApiChange.REMOVED:
        return "" if there and not now else f"there before: {there}, there now: {now}"
    if row.change is ApiChange.MOVED:
        return "" if now else "not there now"
    if not (there and now):
        return f"there before: {there}, there now: {now}"
    return "" if old[row.name] != new[row.name] else "the same at both ends"


def _missed(repo: Path, summary: ChangeSummary, rows: list[ApiRow]) -> int:
    """Count definitions that differ for Python's parser in the changed files, and have no row."""
    start, end = summary.start.commit_id, summary.end.commit_id
    told = {(row.path, row.name) for row in [*rows, *summary.settings]}
    holders = {
        (row.path, row.name)
        for row in rows
        if row.kind is SymbolKind.CLASS and row.change is not ApiChange.CHANGED
    }
    # A module with more rows than are sent says how many it holds back; those are not missed.
    held = {str(Path(row.path).parent) for module in summary.modules if module.api_more for row in module.api}
    missed = 0
    for path in _git(repo, "diff", "--name-only", "--no-renames", start, end).split():
        if not path.endswith(".py") or classify(path, {}).marks & ASIDE or path in ("setup.py",):
            continue
        if str(Path(path).parent) in held:
            continue
        if any(part.startswith("_") and not part.startswith("__") for part in path.split("/")):
            continue
        old, new = _signatures(repo, start, path), _signatures(repo, end, path)
        for name in old.keys() | new.keys():
            inside = any((path, name[: len(holder)]) == (path, holder) for _, holder in holders if _ == path)
            if old.get(name) != new.get(name) and (path, name) not in told and not inside:
                print(f"  missed: {path} {name}: {old.get(name)} / {new.get(name)}"[:300])
                missed += 1
    return missed


def _signatures(repo: Path, commit: str, path: str) -> Signatures:
    text = _git(repo, "show", f"{commit}:{path}", ok=False)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return {}
    found: Signatures = {}
    _walk(tree.body, "", found)
    return found


def _walk(body: list[ast.stmt], parent: str, found: Signatures) -> None:
    for each in body:
        if isinstance(each, ast.ClassDef):
            bases = [ast.unparse(base) for base in each.bases if ast.unparse(base) != "object"]
            bases += [f"{keyword.arg}={ast.unparse(keyword.value)}" for keyword in each.keywords]
            _keep(each.name, parent, f"class({', '.join(bases)})", found)
            if not each.name.startswith("_"):
                _walk(each.body, f"{parent}{each.name}.", found)
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            for argument in ast.walk(each.args):
                if isinstance(argument, ast.arg):
                    argument.annotation = None
            _keep(each.name, parent, f"def({ast.unparse(each.args)})", found)
        elif isinstance(each, ast.Assign | ast.AnnAssign) and each.value is not None:
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id.isupper():
                    _keep(target.id, parent, ast.unparse(each.value), found)
        elif isinstance(each, ast.If | ast.Try):
            _walk([*each.body, *each.orelse], parent, found)


def _keep(name: str, parent: str, signature: str, found: Signatures) -> None:
    told = name in ("__init__", "__call__", "__new__", "__enter__", "__exit__")
    if not name.startswith("_") or told:
        found.setdefault(f"{parent}{name}", signature)


def _git(repo: Path, *arguments: str, ok: bool = True) -> str:
    done = subprocess.run(["git", "-C", str(repo), *arguments], capture_output=True, check=False)
    if ok and done.returncode:
        sys.exit(done.stderr.decode())
    return done.stdout.decode("utf-8", "replace")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repo", type=Path, required=True)
    parser.add_argument("--range", action="append", default=[], help="measured; may be given several times")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--rows", action="append", default=[], help="a range whose rows are checked")
    parser.add_argument("--sample", type=int, default=40)
    return parser.parse_args()


if __name__ == "__main__":
    main()
