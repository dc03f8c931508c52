"""Scores search through the command line on questions whose files are known, beside semble.

    python -m tests.benchmarks.retrieval --questions QUESTIONS.jsonl --repos FOLDER [--cache FOLDER]
        [--semble PYTHON --semble-model FOLDER] [--only words,full,semble]

Questions are JSON lines {id, set, repo, commit, query, relevant, kind}. `--repos` holds clones; the
one whose HEAD is a question's commit is indexed whole: code, documents and history. Figures are
NDCG@10 and hit@10 over the ranked list of distinct files, 30 hits asked. "words" is an index without
vectors, "full" one with all of them. semble reads the same folder in its own environment.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.scoring import distinct, hit, ndcg, percentile

LOREBASE = str(Path(sys.executable).parent / "lorebase")
HITS_ASKED = 30
WAYS = ("words", "full", "semble", "semble+docs")


@dataclass(frozen=True)
class Asked:
    """One question, with the clone that it is about."""

    id: str
    set: str
    kind: str
    query: str
    relevant: tuple[str, ...]
    folder: Path


@dataclass(frozen=True)
class Scored:
    """How one way of searching did on one question."""

    asked: Asked
    way: str
    ndcg: float
    hit: float
    seconds: float
    ranked: tuple[str, ...]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--questions", type=Path, required=True)
    options.add_argument("--repos", type=Path, required=True, help="folder of clones")
    options.add_argument("--cache", type=Path, help="keeps the indexes between runs")
    options.add_argument("--semble", help="a Python that has semble installed")
    options.add_argument("--semble-model", help="folder of a static model")
    options.add_argument("--only", default="words,full,semble", help="ways to search, joined by commas")
    options.add_argument("--set", default="", help="only questions of this set")
    options.add_argument("--details", type=Path, help="write every score as JSON lines")
    given = options.parse_args()
    asked = [each for each in questions(given.questions, given.repos) if given.set in ("", each.set)]
    if not asked:
        raise SystemExit(f"No clone below {given.repos} stands at the commit of any question.")
    ways = given.only.split(",")
    with tempfile.TemporaryDirectory(prefix="lorebase-retrieval-") as scratch:
        cache = given.cache or Path(scratch)
        scored = [
            score
            for folder in dict.fromkeys(each.folder for each in asked)
            for score in one_repository(
                folder, [each for each in asked if each.folder == folder], cache, ways, given
            )
        ]
    report(scored)
    if given.details:
        lines = [json.dumps({**vars(each), "asked": each.asked.id}) for each in scored]
        given.details.write_text("\n".join(lines) + "\n", "utf-8")


def questions(file: Path, repos: Path) -> list[Asked]:
    """Return the questions whose commit a clone stands at."""
    clones: dict[str, Path] = {}
    for folder in sorted(repos.iterdir()):
        head = subprocess.run(
            ["git", "-C", str(folder), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
        )
        if head.returncode == 0:
            clones[head.stdout.strip()] = folder
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    left_out = sorted({f"{row['repo']} @{row['commit'][:8]}" for row in rows if row["commit"] not in clones})
    for name in left_out:
        print(f"No clone of {name}: its questions are left out.", file=sys.stderr)
    return [
        Asked(row["id"], row["set"], row["kind"], row["query"], tuple(row["relevant"]), clones[row["commit"]])
        for row in rows
        if row["commit"] in clones
    ]


def one_repository(
    folder: Path, asked: Sequence[Asked], cache: Path, ways: Sequence[str], given: argparse.Namespace
) -> list[Scored]:
    scored: list[Scored] = []
    if "words" in ways:
        scored += ours("words", folder, asked, cache)
    if "full" in ways:
        scored += ours("full", folder, asked, cache)
    if "semble" in ways and given.semble:
        for way, content in (("semble", ["code"]), ("semble+docs", ["code", "docs"])):
            scored += semble(way, folder, asked, content, given.semble, given.semble_model)
    for way in dict.fromkeys(each.way for each in scored):
        mine = [each for each in scored if each.way == way]
        print(
            f"{folder.name:24} {way:12} NDCG@10 {mean(each.ndcg for each in mine):.3f}"
            f"  hit@10 {mean(each.hit for each in mine):.3f}  p50 {middle(mine):.0f} ms",
            file=sys.stderr,
            flush=True,
        )
    return scored


def ours(way: str, folder: Path, asked: Sequence[Asked], cache: Path) -> list[Scored]:
    """Index and search through the command line; "words" runs with the model switched off."""
    environment = {**os.environ, "LOREBASE_DATA": str(cache / way), "NO_COLOR": "1"}

    def lorebase(*words: str) -> str:
        done = subprocess.run(
            [LOREBASE, *words], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 3):
            raise SystemExit(f"lorebase {' '.join(words)}: {done.returncode}\n{done.stderr}")
        return done.stdout

    if way == "words":
        lorebase("config", "set", "indexing.model", "none")
    started = time.perf_counter()
    lorebase("index", "--repo", str(folder), "--json")
    print(f"{folder.name:24} {way:12} indexed in {time.perf_counter() - started:.1f} s", file=sys.stderr)
    try:
        return [
            scored(each, way, [hit["path"] for hit in hits], seconds)
            for each, hits, seconds in searched(folder, asked, environment)
        ]
    finally:
        lorebase("stop", "--repo", str(folder))


def searched(
    folder: Path, asked: Sequence[Asked], environment: dict[str, str]
) -> Iterable[tuple[Asked, list[dict], float]]:
    """Ask one question after the other in one process; the first is asked twice, to warm up."""
    command = [
        LOREBASE,
        "search",
        "--repo",
        str(folder),
        "--limit",
        str(HITS_ASKED),
        "--json",
        "--batch",
        "-",
    ]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for place, each in enumerate([asked[0], *asked]):
            started = time.perf_counter()
            process.stdin.write(json.dumps({"id": each.id, "query": each.query}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if "hits" not in answer:
                raise SystemExit(f"{each.id}: {answer}")
            if place:
                yield each, answer["hits"], time.perf_counter() - started
        process.stdin.close()


def semble(
    way: str, folder: Path, asked: Sequence[Asked], content: list[str], python: str, model: str | None
) -> list[Scored]:
    job = {"folder": str(folder), "model": model, "content": content, "limit": HITS_ASKED}
    job["queries"] = [each.query for each in asked]
    with tempfile.TemporaryDirectory(prefix="semble-home-") as home:
        done = subprocess.run(
            [python, str(Path(__file__).with_name("peer_semble.py"))],
            input=json.dumps(job),
            env={**os.environ, "HOME": home, "XDG_CACHE_HOME": home},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"semble: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout)
    return [
        scored(each, way, paths, seconds)
        for each, paths, seconds in zip(asked, answer["paths"], answer["seconds"], strict=True)
    ]


def scored(asked: Asked, way: str, paths: Iterable[str | None], seconds: float) -> Scored:
    ranked = distinct(paths)
    return Scored(
        asked, way, ndcg(ranked, asked.relevant), hit(ranked, asked.relevant), seconds, tuple(ranked)
    )


def report(scored: Sequence[Scored]) -> None:
    """Print tables by repository, by kind and by set, in Markdown."""
    ways = [way for way in WAYS if any(each.way == way for each in scored)]
    tables: list[tuple[str, Callable[[Scored], str]]] = [
        ("repository", lambda each: f"{each.asked.folder.name} ({each.asked.set})"),
        ("kind", lambda each: each.asked.kind),
        ("set", lambda each: each.asked.set),
    ]
    for title, key in tables:
        print(f"\n| {title} | queries | " + " | ".join(f"{way} NDCG@10 / hit@10" for way in ways) + " |")
        print("|---" * (len(ways) + 2) + "|")
        groups: dict[str, list[Scored]] = defaultdict(list)
        for each in scored:
            groups[key(each)].append(each)
        for name, members in groups.items():
            cells = []
            for way in ways:
                mine = [each for each in members if each.way == way]
                cells.append(f"{mean(x.ndcg for x in mine):.3f} / {mean(x.hit for x in mine):.2f}")
            count = len({each.asked.id for each in members})
            print(f"| {name} | {count} | " + " | ".join(cells) + " |")
    print("\n| warm search | p50 ms | p95 ms |\n|---|---|---|")
    for way in ways:
        seconds = [each.seconds for each in scored if each.way == way]
        print(f"| {way} | {1000 * percentile(seconds, 0.5):.0f} | {1000 * percentile(seconds, 0.95):.0f} |")


def mean(values: Iterable[float]) -> float:
    kept = list(values)
    return statistics.fmean(kept) if kept else 0.0


def middle(scored: Sequence[Scored]) -> float:
    """Return the median time in milliseconds."""
    return 1000 * percentile([each.seconds for each in scored], 0.5)


if __name__ == "__main__":
    main()
