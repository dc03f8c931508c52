"""Times the engine as a user meets it, through the command line, on a real repository.

`python -m tests.benchmarks.engine --repo CELERY [--pipeline FLASK]` prints one Markdown table. Each
figure is the median of several runs; the machine should be otherwise idle. The repository is cloned
into a temporary folder first, since files are changed and branches switched. `--only words,start`
measures these parts alone; `--data DIR` asks an index of REPO that is complete already.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.benchmarks.processes import PeakMemory

HERE = Path(__file__).resolve().parent
LOREBASE = str(Path(sys.executable).parent / "lorebase")
RAW_SAMPLE = 3_000
"""Texts embedded to learn the model's raw throughput; a sample keeps the mix of lengths."""


@dataclass
class Desk:
    """One data folder and one repository: commands run here as a user would run them."""

    repo: Path
    data: Path
    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def run(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            [LOREBASE, *words], env=self.environment, capture_output=True, text=True, check=False
        )
        if check and done.returncode not in (0, 3):
            raise SystemExit(f"lorebase {' '.join(words)}: {done.returncode}\n{done.stderr}")
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "LOREBASE_DATA": str(self.data), "NO_COLOR": "1"}

    def index(self, *words: str) -> tuple[dict, float]:
        started = time.perf_counter()
        text = self.run("index", "--repo", str(self.repo), "--json", *words)
        return json.loads(text), time.perf_counter() - started

    def engine_pid(self) -> int:
        return int(json.loads(self.run("status", "--repo", str(self.repo), "--json"))["engine_pid"])

    def stop(self) -> None:
        self.run("stop", "--repo", str(self.repo), check=False)

    def row(self, what: str, measured: str, reach: str) -> None:
        self.rows.append((what, measured, reach))
        print(f"| {what} | {measured} | {reach} |", flush=True)


@contextmanager
def desk(repo: Path) -> Iterator[Desk]:
    with tempfile.TemporaryDirectory(prefix="lorebase-bench-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(
            ["git", "-c", "advice.detachedHead=false", "clone", "--quiet", "--local", str(repo), str(clone)],
            check=True,
        )
        place = Desk(clone, Path(folder) / "data")
        try:
            yield place
        finally:
            place.stop()


def words_ready(repo: Path, times: int) -> tuple[float, dict]:
    """Median seconds of `index --words-only` from nothing, engine start included."""
    taken, report = [], {}
    for _ in range(times):
        with desk(repo) as place:
            report, seconds = place.index("--words-only")
            taken.append(seconds)
    return statistics.median(taken), report


def complete(place: Desk) -> tuple[dict, float, float]:
    """Index from nothing to complete; returns (report, seconds, peak MiB of engine and children)."""
    place.index("--words-only")
    with PeakMemory(place.engine_pid()) as memory:
        report, seconds = place.index()
    return report, seconds, memory.mib


def peak_of_words(place: Desk) -> float:
    """Peak PSS of the engine and its children while words are made ready, in MiB."""
    with PeakMemory(place.engine_pid(), every=0.05) as memory:
        place.index("--words-only")
    return memory.mib


def raw_throughput(place: Desk) -> tuple[float, int]:
    """Texts a second of the same model on a sample of the same texts, nothing else running."""
    code = (
        "import json, random, sqlite3, sys, time\n"
        "from pathlib import Path\n"
        "from indexer.index.embedding import load_embedder, text_to_embed\n"
        "from indexer.settings import IndexingSettings\n"
        "from indexer.types import ChunkKind\n"
        "db = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True)\n"
        "rows = db.execute('SELECT p.kind, coalesce(path.shown, \"\"), c.symbol, c.text FROM passage p'\n"
        "  ' JOIN chunk c ON c.id = p.chunk_id LEFT JOIN path ON path.id = p.path_id'\n"
        "  ' WHERE p.current').fetchall()\n"
        f"random.Random(1).shuffle(rows); rows = rows[:{RAW_SAMPLE}]\n"
        "texts = sorted((text_to_embed(ChunkKind(k), p, s, t) for k, p, s, t in rows), key=len)\n"
        "model = load_embedder(IndexingSettings(), 0); model.embed(texts[:8])\n"
        "start = time.perf_counter(); model.embed(texts)\n"
        "print(len(texts) / (time.perf_counter() - start), len(texts))"
    )
    catalog = next(place.data.rglob("catalog.db"))
    done = subprocess.run(
        [sys.executable, "-c", code, str(catalog)], capture_output=True, text=True, check=True
    )
    rate, count = done.stdout.split()
    return float(rate), int(count)


def median_of(times: int, work: Callable[[], object]) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def changes(place: Desk) -> None:
    """Nothing changed, one file changed, to another branch and back."""
    nothing = median_of(5, place.index)
    place.row("nothing changed", f"{nothing:.2f} s", "<= 1 s")
    target = next(file for file in sorted(place.repo.rglob("*.py")) if file.stat().st_size > 5_000)
    taken = []
    for number in range(3):
        with target.open("a") as out:
            out.write(f"\n\ndef freshly_added_{number}():\n    return {number}\n")
        taken.append(place.index()[1])
    place.row("one file changed", f"{statistics.median(taken):.2f} s", "<= 2 s")
    git = ["git", "-C", str(place.repo)]
    subprocess.run([*git, "checkout", "--quiet", "."], check=True)
    branch = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    place.index()
    subprocess.run([*git, "checkout", "--quiet", "--detach", "HEAD~200"], check=True)
    there, there_seconds = place.index()
    subprocess.run([*git, "checkout", "--quiet", "--detach", branch], check=True)
    back, back_seconds = place.index()
    place.row(
        "switch 200 commits back / and forth again",
        f"{there_seconds:.2f} s, {there['embedded']} embedded"
        f" / {back_seconds:.2f} s, {back['embedded']} embedded",
        "only unseen blobs processed",
    )


def latency(place: Desk, command: str, key: str, texts: list[str]) -> str:
    """p50 and p95 of one line in, one line out, in one warm process."""
    process = subprocess.Popen(
        [LOREBASE, command, "--repo", str(place.repo), "--json", "--batch", "-"],
        env=place.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    taken = []
    for number, text in enumerate([*texts[:3], *texts]):
        started = time.perf_counter()
        process.stdin.write(json.dumps({"id": str(number), key: text}) + "\n")
        process.stdin.flush()
        process.stdout.readline()
        taken.append((time.perf_counter() - started) * 1_000)
    process.stdin.close()
    process.wait()
    taken = sorted(taken[3:])
    return f"{statistics.median(taken):.0f} / {taken[int(len(taken) * 0.95) - 1]:.0f} ms"


def questions_for(name: str) -> list[str]:
    """Return the onboarding questions about ``name``, or all of them for any other repository."""
    lines = (HERE / "onboarding.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    own = [each["question"] for each in asked if each["repo"] == name]
    return own or [each["question"] for each in asked]


def start_up(place: Desk) -> None:
    place.row("`lorebase --help`", f"{median_of(7, lambda: place.run('--help')):.2f} s", "<= 0.3 s")
    taken = []
    for _ in range(5):
        place.stop()
        time.sleep(0.5)
        started = time.perf_counter()
        place.run("ask", "--repo", str(place.repo), "--json", "Where are retries of a task implemented?")
        taken.append(time.perf_counter() - started)
    place.row("first `lorebase ask` on a built index, cold", f"{statistics.median(taken):.2f} s", "<= 2 s")


def against_pipeline(repo: Path, place_for: Path) -> None:
    """Ours against the pipeline of pipeline.py on one repository, in the same run."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.pipeline", str(repo)],
        capture_output=True, text=True, check=True, cwd=place_for,
    )  # fmt: skip
    theirs = json.loads(done.stdout.splitlines()[-1])
    with desk(repo) as place:
        started = time.perf_counter()
        place.run("ask", "--repo", str(place.repo), "--json", "where is the entry point?")
        first = time.perf_counter() - started
        with PeakMemory(place.engine_pid()) as memory:
            place.index()
        whole = time.perf_counter() - started
        same = embed_texts(theirs["texts"])
        place.row(
            f"{repo.name}: complete with history, theirs / ours",
            f"{theirs['embed_and_store_seconds']:.0f} / {whole:.0f} s"
            f" = {theirs['embed_and_store_seconds'] / whole:.1f} times",
            ">= 2 times",
        )
        place.row(
            f"{repo.name}: the same {theirs['nodes']} texts",
            f"{theirs['embed_and_store_seconds']:.0f} / {same:.0f} s"
            f" = {theirs['embed_and_store_seconds'] / same:.1f} times",
            ">= 2.8 times",
        )
        place.row(
            f"{repo.name}: first answer",
            f"{theirs['first_answer_seconds']:.0f} / {first:.1f} s"
            f" = {theirs['first_answer_seconds'] / first:.0f} times",
            ">= 20 times",
        )
        place.row(
            f"{repo.name}: peak memory", f"{theirs['peak_mib']} / {memory.mib:.0f} MiB", "less"
        )  # fmt: skip


def embed_texts(texts: list[str]) -> float:
    """Seconds that our model takes to embed and store ``texts``, in a process of its own."""
    code = (
        "import json, sqlite3, sys, time\n"
        "from indexer.index.embedding import digest_of, load_embedder\n"
        "from indexer.settings import IndexingSettings\n"
        "texts = json.load(sys.stdin); start = time.perf_counter()\n"
        "model = load_embedder(IndexingSettings(), 0)\n"
        "rows = model.embed(sorted(texts, key=len)).astype('<f2')\n"
        "db = sqlite3.connect(sys.argv[1]); db.execute('CREATE TABLE v (d BLOB, v BLOB)')\n"
        "pairs = ((digest_of(t), r.tobytes()) for t, r in zip(texts, rows))\n"
        "db.executemany('INSERT INTO v VALUES (?, ?)', pairs)\n"
        "db.commit(); print(time.perf_counter() - start)"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code, f"{folder}/v.db"],
            input=json.dumps(texts), capture_output=True, text=True, check=True,
        )  # fmt: skip
    return float(done.stdout)


PARTS = ("words", "complete", "changes", "latency", "start", "pipeline")


def measure_words(repo: Path, runs: int) -> None:
    """From nothing to searchable by words, engine start included, and the memory that it takes."""
    seconds, report = words_ready(repo, runs)
    with desk(repo) as place:
        parts = ", ".join(f"{name} {taken:.1f}" for name, taken in report["seconds"].items())
        place.row(
            "words, symbols and commits searchable, from nothing", f"{seconds:.1f} s ({parts})", "<= 5 s"
        )
        place.row("peak memory, words", f"{peak_of_words(place):.0f} MiB (PSS)", "<= 700 MB")


def measure_complete(place: Desk) -> None:
    """From words to every vector stored, against what the model can do on the same texts."""
    report, took, mib = complete(place)
    # The engine goes on with its generation and with blame; the raw figure is taken without it.
    place.stop()
    raw, sample = raw_throughput(place)
    embedding = report["seconds"].get("embed", took)
    rate = report["embedded"] / embedding
    place.row("complete", f"{took:.0f} s for {report['chunks']}, {report['embedded']} embedded", "")
    place.row(
        "throughput against raw",
        f"{rate:.0f} / {raw:.0f} texts a second = {rate / raw:.0%} (raw on {sample} of them)", ">= 80 %",
    )  # fmt: skip
    place.row("peak memory, vectors", f"{mib:.0f} MiB (PSS)", "<= 700 MB")


ASKED = (("search", "query"), ("ask", "question"))
QUIET_SECONDS = 240


def worked(place: Desk) -> float:
    """Return the processor seconds that the engine and its children have taken."""
    engine = psutil.Process(place.engine_pid())
    tree = [engine, *engine.children(recursive=True)]
    return sum(times.user + times.system for times in (each.cpu_times() for each in tree))


def still_works(place: Desk) -> bool:
    """Return whether the engine does something though nobody asks for anything."""
    before = worked(place)
    time.sleep(3.0)
    # Its children come and go: what they took goes with them.
    return abs(worked(place) - before) > 0.15


def until_quiet(place: Desk) -> None:
    """Wait until the engine has nothing left to do."""
    ends = time.monotonic() + QUIET_SECONDS
    while still_works(place) and time.monotonic() < ends:
        pass


def measure_latency(place: Desk, name: str) -> None:
    """One line in, one line out, in a warm batch."""
    asked = questions_for(name)
    if still_works(place):
        row = "right after a job, while the engine works on (generation, blame, lists): `search`; `ask`"
        both = [latency(place, command, key, asked * 5) for command, key in ASKED]
        place.row(row, "; ".join(both), "")
        until_quiet(place)
    place.row("warm `search` p50 / p95", latency(place, "search", "query", asked * 5), "<= 40 / 100 ms")
    place.row("warm `ask` p50 / p95", latency(place, "ask", "question", asked * 5), "<= 150 / 400 ms")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repo", type=Path, required=True)
    options.add_argument("--pipeline", type=Path, help="also measure LlamaIndex on this repository")
    options.add_argument("--words-runs", type=int, default=5)
    options.add_argument("--only", default=",".join(PARTS), help="parts, joined by commas")
    options.add_argument("--data", type=Path, help="a data folder with a complete index of REPO")
    given = options.parse_args()
    parts = given.only.split(",")
    # Compiled files count at a start; a shell may have been told not to keep them.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print("| what | measured | reach |\n| --- | --- | --- |")
    if "words" in parts:
        measure_words(given.repo, given.words_runs)
    if given.data:
        asked = Desk(given.repo, given.data)
        if "latency" in parts:
            measure_latency(asked, given.repo.name)
        if "start" in parts:
            start_up(asked)
    elif {"complete", "changes", "latency", "start"} & set(parts):
        with desk(given.repo) as place:
            measure_complete(place)
            if "changes" in parts:
                changes(place)
            if "latency" in parts:
                measure_latency(place, given.repo.name)
            if "start" in parts:
                start_up(place)
    if given.pipeline and "pipeline" in parts:
        against_pipeline(given.pipeline, HERE.parent.parent)


if __name__ == "__main__":
    main()
