"""How right the labels are: missing and grounded, categories, gold sources, citations, UNKNOWN, pairs.

    python -m tests.benchmarks.labels --repos FOLDER --questions FILE ... [--data FOLDER] [--words]

A question is a JSON line: id, repo (``owner/name``; its clone is FOLDER/name), question, and for

* labels: expected (grounded or missing), category, gold (paths, commits, or {path | commit}), split;
* pairs: the same with ``pair``: two lines on one subject with opposite truth, both of which must be right;
* absent: ``kind``: nothing of it is there, so UNKNOWN is right, or MISSING without any citation.

PARTIAL and MISSING count as missing, GROUNDED as grounded, UNKNOWN as wrong on both. Every citation of
every answer is compared with git's own bytes. ``--words`` asks indexes without vectors.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.types import Answer, CitationKind, Progress, Section, VerdictStatus
from tests.benchmarks.scoring import percentile

SPOKEN = {
    "architecture decision": "architecture",
    "business rule": "business",
    "performance in production": "performance",
    "security policy": "security",
    "ownership/accountability": "ownership",
}
MISSING = (VerdictStatus.PARTIAL, VerdictStatus.MISSING)


@dataclass(frozen=True)
class Asked:
    """One question with its answer and how long that took."""

    line: dict
    answer: Answer
    seconds: float

    @property
    def said_missing(self) -> bool:
        return self.answer.verdict.status in MISSING

    @property
    def right(self) -> bool:
        if "expected" not in self.line:
            return absent_is_right(self.answer)
        wanted = MISSING if self.line["expected"] == "missing" else (VerdictStatus.GROUNDED,)
        return self.answer.verdict.status in wanted

    @property
    def category(self) -> str:
        return SPOKEN.get(self.line["category"], self.line["category"])


class Quiet:
    """Steers an index job without a word."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Say nothing."""


@contextmanager
def knowledge_of(repository: Path, data: Path, *, words: bool) -> Iterator[KnowledgeBase]:
    """Open the index of a clone, complete unless ``words``."""
    # A clone without a checkout is asked too: HEAD alone counts.
    settings = Settings(data_dir=data, indexing=IndexingSettings(working_copy=False))
    knowledge = KnowledgeBase.open(locate(repository, settings), settings)
    try:
        knowledge.words(Quiet())
        if not words:
            knowledge.embed(Quiet())
            knowledge.warm()
        yield knowledge
    finally:
        knowledge.close()


def ask_all(knowledge: KnowledgeBase, lines: Sequence[dict]) -> list[Asked]:
    """Ask each question once, after a few that warm what the first one loads."""
    for line in lines[:3]:
        knowledge.ask(line["question"])
    out = []
    for line in lines:
        began = time.perf_counter()
        answer = knowledge.ask(line["question"])
        out.append(Asked(line, answer, time.perf_counter() - began))
    return out


def report(name: str, asked: Sequence[Asked]) -> None:
    """Print the figures of one set."""
    print(f"\n## {name} ({len(asked)} questions)")
    if all("expected" in each.line for each in asked):
        report_labels(asked)
        splits = sorted({each.line["split"] for each in asked if each.line.get("split")})
        for split in splits if len(splits) > 1 else ():
            print(f"-- {split}")
            report_labels([each for each in asked if each.line.get("split") == split])
        if all(each.line.get("pair") for each in asked):
            report_pairs(asked)
    else:
        right = sum(each.right for each in asked)
        print(f"nothing is made up     {right / len(asked):.2f}  ({right} of {len(asked)})")
    print(f"verdicts               {dict(Counter(each.answer.verdict.status.value for each in asked))}")
    seconds = [each.seconds for each in asked]
    print(f"seconds p50, p95       {statistics.median(seconds):.3f}, {percentile(seconds, 0.95):.3f}")


def report_labels(asked: Sequence[Asked]) -> None:
    truly = [each for each in asked if each.line["expected"] == "missing"]
    said = [each for each in asked if each.said_missing]
    both = [each for each in truly if each.said_missing]
    grounded = [each for each in asked if each.line["expected"] == "grounded"]
    kind = sum(each.answer.verdict.category == each.category for each in both)
    gold = sum(cites(each.line["gold"], each.answer) for each in grounded)
    for what, count, of in (
        ("recall of missing", len(both), len(truly)),
        ("precision of missing", len(both), len(said)),
        ("category right", kind, len(both)),
        ("gold source cited", gold, len(grounded)),
    ):
        print(f"{what:22} {count / max(of, 1):.2f}  ({count} of {of})")


def report_pairs(asked: Sequence[Asked]) -> None:
    pairs: dict[str, list[bool]] = defaultdict(list)
    for each in asked:
        pairs[each.line["pair"]].append(each.right)
    right = sum(all(each) for each in pairs.values())
    print(f"both of a pair right   {right / len(pairs):.2f}  ({right} of {len(pairs)})")


def absent_is_right(answer: Answer) -> bool:
    """Whether an answer about something that is not here says so, or at least proves nothing."""
    cited = any(each.citations for each in answer.statements if each.section is not Section.MISSING)
    unknown = answer.verdict.status is VerdictStatus.UNKNOWN
    return unknown or (answer.verdict.status is VerdictStatus.MISSING and not cited)


def cites(gold: Sequence[str | dict], answer: Answer) -> bool:
    """Whether one of the places that answer is cited."""
    places = {each if isinstance(each, str) else each.get("path") or each["commit"] for each in gold}
    cited = {
        place
        for statement in answer.statements
        for citation in statement.citations
        for place in (citation.path, citation.commit_id if citation.kind is CitationKind.COMMIT else None)
    }
    return bool(places & cited)


def faults(answers: Sequence[Answer], repository: Path) -> tuple[int, int]:
    """Return how many statements have no citation, and how many quotes differ from git's own bytes."""
    bare = wrong = 0
    for answer in answers:
        for statement in answer.statements:
            bare += not statement.citations and statement.section is not Section.MISSING
            for citation in statement.citations:
                words: tuple[str, ...] = ()
                if citation.kind is CitationKind.SPAN and citation.commit_id:
                    words = ("cat-file", "blob", str(citation.blob_id))
                elif citation.kind is CitationKind.COMMIT:
                    words = ("show", "-s", "--format=%B", str(citation.commit_id))
                if words:
                    shown = subprocess.run(
                        ["git", "-C", str(repository), *words], capture_output=True, check=True
                    ).stdout
                    lines = shown.split(b"\n")[citation.start_line - 1 : citation.end_line]
                    wrong += b"\n".join(lines).decode("utf-8", "replace") != citation.quote
    return bare, wrong


def show(asked: Sequence[Asked], which: str) -> None:
    """Print each question with its truth and its label."""
    for each in asked:
        if which == "all" or (which == "wrong" and not each.right):
            line, verdict = each.line, each.answer.verdict
            gold = "gold" if line.get("gold") and cites(line["gold"], each.answer) else "-"
            truth = f"{line.get('expected', 'absent'):8} {line.get('category') or '-'}"
            print(
                f"{' ' if each.right else '!'} {line['id']} {truth} | {verdict.status.value:8}"
                f" {verdict.category or '-'} {gold} | {line['question']}"
            )


def main() -> None:
    options = _options()
    data = options.data or Path(tempfile.mkdtemp())
    sets = {file.stem: [json.loads(line) for line in file.open("rb")] for file in options.questions}
    by_repo: dict[str, list[tuple[str, dict]]] = defaultdict(list)
    for name, lines in sets.items():
        for line in lines:
            by_repo[line["repo"].rpartition("/")[2]].append((name, line))
    answered: dict[str, list[Asked]] = defaultdict(list)
    bare = wrong = dropped = 0
    for repo, lines in by_repo.items():
        if options.only and repo not in options.only.split(","):
            continue
        with knowledge_of(options.repos / repo, data, words=options.words) as knowledge:
            asked = ask_all(knowledge, [line for _, line in lines])
        for (name, _), each in zip(lines, asked, strict=True):
            answered[name].append(each)
        found = faults([each.answer for each in asked], options.repos / repo)
        bare, wrong = bare + found[0], wrong + found[1]
        dropped += sum(each.answer.dropped for each in asked)
    for name, asked in answered.items():
        report(name, asked)
        show(asked, options.show)
    print(f"\nstatements uncited {bare}, citations that differ {wrong}, dropped while asking {dropped}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repos", type=Path, required=True, help="a folder of clones, by name")
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--data", type=Path, help="a data folder to keep between runs")
    parser.add_argument("--words", action="store_true", help="ask indexes without vectors")
    parser.add_argument("--only", help="repositories, joined by commas")
    parser.add_argument("--show", choices=("none", "wrong", "all"), default="wrong")
    return parser.parse_args()


if __name__ == "__main__":
    main()
