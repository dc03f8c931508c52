"""Measures the summaries of modules: how many there are, whether what they cite holds, and what they cost.

    python -m tests.benchmarks.modules REPOSITORY ... [--change PATH]

Each repository is cloned (so that a commit can be made in it), indexed by words, and summarised cold; then
one file is changed and committed, and what is outdated is made again. Times are of this machine, with its
load at that time beside them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from indexer.answer.citations import borne_out
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import Settings, load_settings
from indexer.shapes.modules import ModulePage, ModulesWanted
from indexer.types import Progress, Statement

AUTHOR = ("-c", "user.name=Bench", "-c", "user.email=bench@example.com")


class Quiet:
    """Steers nothing."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Say nothing."""
        del progress


def main() -> None:
    """Measure what is named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--change", default="", help="the file that is changed; default: the most used one")
    chosen = parser.parse_args()
    for repository in chosen.repositories:
        with tempfile.TemporaryDirectory(prefix="modules-") as folder:
            measure(repository, Path(folder), chosen.change)


def measure(repository: Path, folder: Path, change: str) -> None:
    """Measure one repository in a folder of its own."""
    clone = folder / "clone"
    git(folder, "clone", "--quiet", "--no-hardlinks", str(repository), str(clone))
    settings = load_settings(os.environ)
    indexing = replace(settings.indexing, model="none", watch_seconds=0.0)
    settings = Settings(data_dir=folder / "data", indexing=indexing)
    knowledge = KnowledgeBase.open(locate(clone, settings), settings)
    try:
        knowledge.words(Quiet())
        modules = knowledge.mentor.modules
        tree, seconds, cpu = timed(knowledge)
        say(f"\n{repository.name}: {len(tree)} modules made cold in {seconds:.1f} s ({cpu:.1f} s of ours)")
        pages = modules.pages(Quiet())
        report(knowledge, pages)
        path = change or busiest(knowledge)
        file = clone / path
        file.write_bytes(file.read_bytes() + b"\n")
        # An hour later: what is counted over the last months would else move by months.
        newest = git(clone, "log", "-1", "--format=%ct").strip()
        when = {f"GIT_{role}_DATE": f"@{int(newest) + 3_600} +0000" for role in ("AUTHOR", "COMMITTER")}
        git(clone, *AUTHOR, "commit", "--quiet", "--all", "-m", "Change one file", environment=when)
        knowledge.words(Quiet())
        tree, seconds, cpu = timed(knowledge)
        head = knowledge.status(None).freshness.commit_id
        made = sum(page.commit_id == head for page in modules.pages(Quiet()))
        say(f"  after {path} changed: {seconds:.2f} s ({cpu:.2f} s of ours), {made} made again")
    finally:
        knowledge.close()


def timed(knowledge: KnowledgeBase) -> tuple[tuple[str, ...], float, float]:
    """Bring all summaries up to date; return the paths of the modules, and how long it took."""
    began, used = time.perf_counter(), time.process_time()
    tree = knowledge.mentor.modules.tree(ModulesWanted(renewed=True), Quiet())
    return (
        tuple(row.path for row in tree.rows),
        time.perf_counter() - began,
        time.process_time() - used,
    )


def report(knowledge: KnowledgeBase, pages: tuple[ModulePage, ...]) -> None:
    """Say how many modules have a summary, how many sentences it has, and whether they hold."""
    sources = knowledge.mentor._desk.sources
    notes = knowledge.notes()
    told = [statement for page in pages for statement in statements_of(page)]
    holding = sum(bool(each.citations) and borne_out(each, sources, tuple(notes)) for each in told)
    summarised = sum(bool(page.purpose) for page in pages)
    own = sum(any(each.quoted for each in page.purpose) for page in pages)
    say(f"  with a purpose: {summarised} of {len(pages)}; {own} in their own words")
    say(f"  sentences: {len(told):,}; cited and borne out: {holding:,}; dropped on the way: "
        f"{sum(page.dropped for page in pages)}")  # fmt: skip
    whole = pages[0].row.why
    say(f"  reasons: {whole.reasons:,} of {whole.definitions:,} definitions, weighed {whole.share:.1%}")
    say(f"  load of the machine: {os.getloadavg()[0]:.1f}")


def statements_of(page: ModulePage) -> Iterator[Statement]:
    """Yield every sentence of a summary."""
    yield from page.purpose
    for named in (page.surface, page.entries, page.data, page.tests, page.decisions):
        yield from (each.statement for each in named)
    for links in (page.uses, page.used_by, page.together):
        yield from (each.statement for each in links)
    for flow in page.flows:
        yield from flow.steps
    yield from (each.statement for each in page.people)
    if page.heat is not None:
        yield page.heat.statement
    if page.why is not None:
        yield page.why.statement
        yield from (each.statement for each in page.why.worst)
    yield from page.missing


def busiest(knowledge: KnowledgeBase) -> str:
    """Return the most used file of code."""
    rows = knowledge.mentor._desk.catalog.reader().execute(
        "SELECT shown FROM entry JOIN path ON path.id = path_id WHERE marks & 255 = 0"
        " ORDER BY rank DESC LIMIT 1"
    )
    return str(rows.fetchone()[0])


def git(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run git and return what it says; or fail."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def say(text: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
