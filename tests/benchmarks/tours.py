"""Derive a tour of each repository given and count what holds of it.

    python -m tests.benchmarks.tours REPOSITORY... [--area PATH] [--role ROLE] [--show]

For each: its steps and their minutes, how many readings and citations resolve (read with Git, not by
the engine: the lines are there, and an anchored definition's name stands in them), how many names are
used before the step that introduces them, statements dropped because nothing bore them out, and the
seconds that deriving took. Whether a tour is in good order, true and useful is judged by reading it:
`--show` prints it. Figures are in RESULTS.md.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.guide.tours.tour_file import written
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.shapes.onboarding import Tour, TourRole, TourStep, TourWanted
from indexer.types import Citation, CitationKind, Progress


class Quiet:
    """A control that never stops anything."""

    def checkpoint(self) -> None:
        return

    def report(self, progress: Progress) -> None:
        del progress


def main() -> None:
    """Print one line for each repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", type=Path, nargs="+")
    parser.add_argument("--area", default="")
    parser.add_argument("--role", type=TourRole, default=TourRole.ANY, choices=list(TourRole))
    parser.add_argument("--show", action="store_true", help="Print the tour, to be judged.")
    given = parser.parse_args()
    print("repository            steps  minutes  readings   citations  early  dropped  seconds")
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data), indexing=IndexingSettings(model="none", watch_seconds=0.0))
        for repository in given.repositories:
            knowledge = KnowledgeBase.open(locate(repository, settings), settings)
            try:
                knowledge.words(Quiet())
                began = time.monotonic()
                tour = knowledge.mentor.tours.new(TourWanted(given.area, given.role), Quiet())
                took = time.monotonic() - began
            finally:
                knowledge.close()
            print(_row(repository, tour, took), flush=True)
            if given.show:
                print(written(tour))


def _row(repository: Path, tour: Tour, took: float) -> str:
    lines = _Lines(repository, tour.commit_id or "HEAD")
    anchors = [reading.anchor for step in tour.steps for reading in step.reading]
    read = sum(
        lines.stand(each.path or "", each.start_line, each.end_line, (each.symbol or "").split(".")[-1])
        for each in anchors
    )
    cited = [each for step in tour.steps for each in _citations(step)]
    stand = sum(
        bool(each.fact)
        if each.kind is CitationKind.FACT
        else not each.path or lines.stand(each.path, each.start_line, each.end_line)
        for each in cited
    )
    return (
        f"{repository.name:<20} {len(tour.steps):>6} {tour.minutes:>8}  {read:>3} of {len(anchors):<3}"
        f" {stand:>4} of {len(cited):<4} {_early(tour.steps):>4} {tour.dropped:>8} {took:>8.1f}"
    )


def _citations(step: TourStep) -> Iterator[Citation]:
    for line in step.lines:
        yield from line.statement.citations
    if step.matters is not None:
        yield from step.matters.statement.citations
    if step.check is not None:
        yield from step.check.answer.statement.citations


def _early(steps: Sequence[TourStep]) -> int:
    """Return how many names a step uses that a later one introduces."""
    first: dict[str, int] = {}
    for number, step in enumerate(steps):
        for name in step.introduces:
            first.setdefault(name, number)
    return sum(first.get(name, -1) > number for number, step in enumerate(steps) for name in step.uses)


class _Lines:
    """The lines of a commit's files, as Git has them."""

    def __init__(self, repository: Path, commit: str) -> None:
        self._repository = repository
        self._commit = commit
        self._files: dict[str, list[str] | None] = {}

    def stand(self, path: str, start: int, end: int, name: str = "") -> bool:
        if path not in self._files:
            shown = subprocess.run(
                ["git", "-C", str(self._repository), "show", f"{self._commit}:{path}"],
                capture_output=True,
                check=False,
            )
            text = shown.stdout.decode("utf-8", "replace")
            self._files[path] = text.splitlines() if shown.returncode == 0 else None
        lines = self._files[path]
        if lines is None or not 0 < start <= end <= len(lines):
            return False
        return name in "\n".join(lines[start - 1 : end])


if __name__ == "__main__":
    main()
