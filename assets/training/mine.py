"""Keep of each question the windows that the packaged reader takes most for an answer, to learn from next.

    python assets/training/mine.py OUT.jsonl PAIRS.jsonl ... [--most 7]

Of the windows that answer all are kept; of those that do not, the ``--most`` with the highest log-odds, and
the two highest of each sort that pairs.py made on purpose (``cut``, ``near``, ``other``). Prints how well
the surest window tells answered questions from others, as the reader is now.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from indexer.index.reader import PassageReader

MADE = ("cut", "near", "other")
OF_EACH = 2


def kept(windows: list[dict], most: int) -> list[dict]:
    """Return what to learn from: all that answers, and the most tempting of the rest."""
    rest = sorted((each for each in windows if not each["gives"]), key=lambda each: -each["odds"])
    chosen = [each for each in rest if each.get("sort") not in MADE][:most]
    for sort in MADE:
        chosen += [each for each in rest if each.get("sort") == sort][:OF_EACH]
    return [each for each in windows if each["gives"]] + chosen


def auc(positive: list[float], negative: list[float]) -> float:
    """Return how often a positive one is above a negative one."""
    pairs = [(a > b) + 0.5 * (a == b) for a in positive for b in negative]
    return sum(pairs) / max(len(pairs), 1)


def main() -> None:
    """Read all pairs, and write those to learn from."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    reader = PassageReader(given.threads)
    with given.out.open("w", encoding="utf-8") as out:
        for file in given.pairs:
            tops: dict[str, list[float]] = {"grounded": [], "missing": []}
            for text in file.read_text("utf-8").splitlines():
                line = json.loads(text)
                texts = [f"{each['title']}: {each['text']}" for each in line["windows"]]
                odds = reader.read(line["question"], texts).tolist() if texts else []
                for each, value in zip(line["windows"], odds, strict=True):
                    each["odds"] = round(value, 3)
                found = [each["odds"] for each in line["windows"] if each.get("sort") == "found"]
                if line.get("expected") in tops:
                    tops[line["expected"]].append(max(found, default=-9.0))
                line["windows"] = kept(line["windows"], given.most)
                out.write(json.dumps(line) + "\n")
            print(
                f"{file.stem}: AUC {auc(tops['grounded'], tops['missing']):.3f}", file=sys.stderr, flush=True
            )


if __name__ == "__main__":
    main()
