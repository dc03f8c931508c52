"""How well sentences of a language model are told apart: supported by their evidence, or not.

`python -m tests.benchmarks.written` reads `written.jsonl`: pieces of evidence as answers give them
(some shortened or completed by hand), each with sentences that a careful reader would let through
and sentences with one fault of a known kind. The limits in `indexer.answer.support` were chosen on
flask, requests and celery; the other repositories were only looked at to report.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.answer import support
from indexer.answer.grounds import Grounds
from indexer.answer.support import Doubt, Nearness, doubt, nearness_by, word_share
from indexer.index.embedding import load_embedder
from indexer.settings import IndexingSettings

DATA = Path(__file__).with_name("written.jsonl")
CHOSEN_ON = ("flask", "requests", "celery")
GOOD = "supported"


@dataclass(frozen=True)
class Case:
    """A sentence with its evidence; ``kind`` is GOOD, or its fault."""

    repo: str
    question: str
    proof: str
    sentence: str
    kind: str

    @property
    def grounds(self) -> Grounds:
        """What the sentence rests on."""
        return Grounds((self.proof,), self.question)


def cases() -> Iterator[Case]:
    """Yield every sentence."""
    for line in DATA.read_text("utf-8").splitlines():
        row = json.loads(line)
        for kind, sentences in ((GOOD, row["good"]), *row["bad"].items()):
            for sentence in sentences:
                yield Case(row["repo"], row["question"], row["proof"], sentence, kind)


def table(name: str, chosen: list[Case], nearness: Nearness | None, verbose: bool) -> None:
    """Print the share of each kind that is let through."""
    passed: Counter[str] = Counter()
    reasons: Counter[Doubt] = Counter()
    total = Counter(case.kind for case in chosen)
    for case in chosen:
        found = doubt(case.sentence, case.grounds, nearness)
        passed[case.kind] += found is None
        if case.kind == GOOD and found is not None:
            reasons[found] += 1
        if verbose and (found is None) != (case.kind == GOOD):
            print(f"    {case.kind}: {case.sentence} -> {found.name if found else 'passed'}")
    bad = sum(count for kind, count in total.items() if kind != GOOD)
    wrong = sum(count for kind, count in passed.items() if kind != GOOD)
    print(f"{name}: supported kept {passed[GOOD]}/{total[GOOD]}, faulty let through {wrong}/{bad}")
    kinds = ", ".join(f"{kind} {passed[kind]}/{total[kind]}" for kind in sorted(total) if kind != GOOD)
    print(f"    let through: {kinds}")
    why = ", ".join(f"{reason.name.lower()} {count}" for reason, count in reasons.items())
    print(f"    supported but dropped: {why or 'none'}")


def sweep(chosen: list[Case], nearness: Nearness) -> None:
    """Print what each pair of limits would keep and let through, the other checks being as they are."""
    limits = support.LEAST_WORDS, support.LEAST_MEANING
    support.LEAST_WORDS = support.LEAST_MEANING = -1.0  # type: ignore[misc]
    rest = [case for case in chosen if doubt(case.sentence, case.grounds, nearness) is None]
    support.LEAST_WORDS, support.LEAST_MEANING = limits  # type: ignore[misc]
    measured = [
        (
            case.kind == GOOD,
            word_share(case.sentence, case.grounds),
            nearness(case.sentence, case.grounds.windows),
        )
        for case in rest
    ]
    print("words meaning  kept  faulty let through")
    for words in (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85):
        for meaning in (0.0, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6):
            kept = sum(good and w >= words and m >= meaning for good, w, m in measured)
            wrong = sum(not good and w >= words and m >= meaning for good, w, m in measured)
            print(f"{words:5.2f} {meaning:7.2f} {kept:5} {wrong:7}")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sweep", action="store_true", help="print what other limits would give")
    parser.add_argument("--verbose", action="store_true", help="print each sentence that is judged wrongly")
    asked = parser.parse_args()
    embedder = load_embedder(IndexingSettings(), 1)
    assert embedder is not None
    nearness = nearness_by(embedder)
    every = list(cases())
    chosen = [case for case in every if case.repo in CHOSEN_ON]
    apart = [case for case in every if case.repo not in CHOSEN_ON]
    if asked.sweep:
        sweep(chosen, nearness)
    for name, group in (("chosen on", chosen), ("apart", apart)):
        table(f"{name}, words and meaning", group, nearness, asked.verbose)
        table(f"{name}, words alone", group, None, False)


if __name__ == "__main__":
    main()
