"""Asks questions whose files are known, and scores the files that the answers cite, beside the search's.

    python -m tests.benchmarks.places --questions QUESTIONS.jsonl --repos FOLDER --data DIR
        [--form "Where is this done: {}?"] [--set semble] [--words] [--show]

The questions are those of `retrieval`; ``--form`` makes a question of a query that is none. Printed for
each repository: how often a relevant file is the first that the answer cites, among its first three, anywhere
in it; the same for the first and the first three files of a search; and how many answers are not Grounded.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.knowledge import KnowledgeBase
from indexer.types import Answer, Query, VerdictStatus
from tests.benchmarks.labels import knowledge_of
from tests.benchmarks.retrieval import HITS_ASKED, Asked, questions
from tests.benchmarks.scoring import distinct

FIRST = 3


@dataclass(frozen=True)
class Cited:
    """One answer: the files that it cites and those that the search found, in their order."""

    asked: Asked
    answer: Answer
    cited: list[str]
    found: list[str]

    def holds(self, paths: Sequence[str]) -> bool:
        return not set(self.asked.relevant).isdisjoint(paths)


def ask(knowledge: KnowledgeBase, asked: Asked, form: str) -> Cited:
    """Ask one question, and search for it."""
    answer = knowledge.ask(form.format(asked.query), record=False)
    cited = [citation.path for statement in answer.statements for citation in statement.citations]
    hits = knowledge.search(Query(asked.query, HITS_ASKED)).hits
    return Cited(asked, answer, distinct(cited, len(cited)), distinct(hit.path for hit in hits))


def report(name: str, all_of: Sequence[Cited]) -> None:
    """Print the shares of one repository, or of all."""
    parts = (
        ("answer: first", lambda each: each.cited[:1]),
        (f"of {FIRST}", lambda each: each.cited[:FIRST]),
        ("any", lambda each: each.cited),
        ("search: first", lambda each: each.found[:1]),
        (f"of {FIRST}", lambda each: each.found[:FIRST]),
    )
    shares = [
        f"{what} {sum(each.holds(paths(each)) for each in all_of) / len(all_of):.3f}" for what, paths in parts
    ]
    open_ones = sum(each.answer.verdict.status is not VerdictStatus.GROUNDED for each in all_of)
    print(f"{name:24} {len(all_of):3}  {'  '.join(shares)}  not grounded {open_ones}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--questions", type=Path, required=True)
    options.add_argument("--repos", type=Path, required=True, help="folder of clones")
    options.add_argument("--data", type=Path, required=True, help="keeps the indexes between runs")
    options.add_argument("--form", default="{}", help="what makes a question of a query")
    options.add_argument("--set", default="", help="only questions of this set")
    options.add_argument("--words", action="store_true", help="without vectors")
    options.add_argument(
        "--show", action="store_true", help="print the questions whose first file is another"
    )
    given = options.parse_args()
    asked = [each for each in questions(given.questions, given.repos) if given.set in ("", each.set)]
    everything: list[Cited] = []
    for folder in dict.fromkeys(each.folder for each in asked):
        with knowledge_of(folder, given.data, words=given.words) as knowledge:
            mine = [ask(knowledge, each, given.form) for each in asked if each.folder == folder]
        report(folder.name, mine)
        everything += mine
        for each in mine if given.show else ():
            if not each.holds(each.cited[:1]):
                print(f"  {each.asked.query} | {each.cited[:FIRST]} | {list(each.asked.relevant)}")
    if everything:
        report("all", everything)


if __name__ == "__main__":
    main()
