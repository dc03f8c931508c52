"""How right the labels are: recall and precision of missing, categories, gold sources, citations.

    python -m tests.benchmarks.labels --repo DIR --questions labels.jsonl [--vectors] [--no-model]

``labels.jsonl`` has one object a line: id, question, expected (grounded or missing), category, gold.
PARTIAL and MISSING count as missing, GROUNDED as grounded, UNKNOWN as wrong on both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.types import Answer, Category, CitationKind, Progress, Section, VerdictStatus

CATEGORIES = {
    "architecture decision": Category.ARCHITECTURE,
    "business rule": Category.BUSINESS,
    "performance in production": Category.PERFORMANCE,
    "security policy": Category.SECURITY,
    "ownership/accountability": Category.OWNERSHIP,
}
MISSING = (VerdictStatus.PARTIAL, VerdictStatus.MISSING)


class Quiet:
    """Steers an index job without a word."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Say nothing."""


def main() -> None:
    options = _options()
    model = "none" if options.no_model else "packaged"
    settings = Settings(
        data_dir=Path(options.data or tempfile.mkdtemp()), indexing=IndexingSettings(model=model)
    )
    knowledge = KnowledgeBase.open(locate(Path(options.repo), settings), settings)
    knowledge.words(Quiet())
    if options.vectors:
        knowledge.embed(Quiet())
        knowledge.warm()
    asked = [json.loads(line) for line in Path(options.questions).read_text().splitlines()]
    for question in asked[:5]:
        knowledge.ask(question["question"])
    answers = []
    for question in asked:
        began = time.perf_counter()
        answers.append((question, knowledge.ask(question["question"]), time.perf_counter() - began))
    _print(answers, Path(options.repo), options.show)
    knowledge.close()


def _print(answers: list[tuple[dict, Answer, float]], repository: Path, show: str) -> None:
    truly = [answer for question, answer, _ in answers if question["expected"] == "missing"]
    said = [question for question, answer, _ in answers if answer.verdict.status in MISSING]
    both = [
        (question, answer)
        for question, answer, _ in answers
        if question["expected"] == "missing" and answer.verdict.status in MISSING
    ]
    grounded = [(question, answer) for question, answer, _ in answers if question["expected"] == "grounded"]
    right = sum(CATEGORIES[question["category"]] is answer.verdict.category for question, answer in both)
    gold = sum(_cites(question["gold"], answer) for question, answer in grounded)
    bare, wrong = _faults([answer for _, answer, _ in answers], repository)
    seconds = sorted(each for _, _, each in answers)
    print(f"recall of missing      {len(both) / max(len(truly), 1):.2f}  ({len(both)} of {len(truly)})")
    print(f"precision of missing   {len(both) / max(len(said), 1):.2f}  ({len(both)} of {len(said)})")
    print(f"category right         {right / max(len(both), 1):.2f}  ({right} of {len(both)})")
    print(f"gold source cited      {gold / max(len(grounded), 1):.2f}  ({gold} of {len(grounded)})")
    print(f"verdicts               {dict(Counter(answer.verdict.status.value for _, answer, _ in answers))}")
    print(f"statements uncited     {bare}")
    print(f"citations that differ  {wrong}")
    print(f"dropped while asking   {sum(answer.dropped for _, answer, _ in answers)}")
    print(f"seconds p50, p95       {statistics.median(seconds):.3f}, {seconds[int(len(seconds) * 0.95)]:.3f}")
    for question, answer, _ in answers:
        ok = (answer.verdict.status in MISSING) == (question["expected"] == "missing")
        ok = ok and answer.verdict.status is not VerdictStatus.UNKNOWN
        if show == "all" or (show == "wrong" and not ok):
            mark = " " if ok else "!"
            cited = "gold" if question["gold"] and _cites(question["gold"], answer) else "-"
            said = f"{answer.verdict.status.value:8} {answer.verdict.category or '-'}"
            truth = f"{question['expected']:8} {question['category'] or '-'}"
            print(f"{mark} {question['id']} {truth} | {said} {cited} | {question['question']}")


def _cites(gold: list[str], answer: Answer) -> bool:
    cited = {
        place
        for statement in answer.statements
        for citation in statement.citations
        for place in (citation.path, citation.commit_id if citation.kind is CitationKind.COMMIT else None)
    }
    return any(place in cited for place in gold)


def _faults(answers: list[Answer], repository: Path) -> tuple[int, int]:
    """Return how many statements have no citation, and how many quotes differ from git's own bytes."""
    bare = wrong = 0
    for answer in answers:
        for statement in answer.statements:
            bare += not statement.citations and statement.section is not Section.MISSING
            for citation in statement.citations:
                if citation.kind is CitationKind.SPAN and citation.commit_id:
                    shown = subprocess.run(
                        ["git", "-C", str(repository), "cat-file", "blob", citation.blob_id],
                        capture_output=True,
                        check=True,
                    ).stdout
                    lines = shown.split(b"\n")[citation.start_line - 1 : citation.end_line]
                    wrong += b"\n".join(lines) != citation.quote.encode()
                elif citation.kind is CitationKind.COMMIT:
                    shown = subprocess.run(
                        ["git", "-C", str(repository), "show", "-s", "--format=%B", citation.commit_id],
                        capture_output=True,
                        check=True,
                    ).stdout
                    lines = shown.split(b"\n")[citation.start_line - 1 : citation.end_line]
                    wrong += b"\n".join(lines) != citation.quote.encode()
    return bare, wrong


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--repo", required=True, help="a clone with the commit checked out that the labels are for"
    )
    parser.add_argument("--questions", required=True)
    parser.add_argument("--data", help="a data folder to keep between runs")
    parser.add_argument("--vectors", action="store_true", help="embed the index first, which takes minutes")
    parser.add_argument("--no-model", action="store_true", help="compare no meanings at all, words only")
    parser.add_argument("--show", choices=("none", "wrong", "all"), default="wrong")
    return parser.parse_args()


if __name__ == "__main__":
    main()
