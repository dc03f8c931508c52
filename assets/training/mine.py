"""Keep of each question the windows that the packaged reader takes most for an answer, to learn from next.

    python assets/training/mine.py FOLDER PAIRS.jsonl ... [--most 7] [--read 24]

Of the windows that answer all are kept; of those that do not, the ``--most`` with the highest log-odds, and
the two highest of each sort that pairs.py made on purpose (``cut``, ``near``, ``other``). A window that says
most of what answers, a changelog's copy of a message, is left out: it may answer too. ``--read`` says how
many of those that the search brought up are read, by chance; all, if it is not given. Writes a file for each
of PAIRS, and prints how well the surest window tells answered questions from others, as the reader is now.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from indexer.index.reader import PassageReader

MADE = ("cut", "near", "other")
OF_EACH = 2
SAME = 0.5
"""Share of an answering window's words from which another is taken to say the same."""


def kept(windows: list[dict], most: int) -> list[dict]:
    """Return what to learn from: all that answers, and the most tempting of the rest."""
    answering = [words(each) for each in windows if each["gives"]]
    rest = [
        each
        for each in windows
        if not each["gives"]
        and (each.get("sort") in MADE or all(len(words(each) & one) < SAME * len(one) for one in answering))
    ]
    rest.sort(key=lambda each: -each["odds"])
    chosen = [each for each in rest if each.get("sort") not in MADE][:most]
    for sort in MADE:
        chosen += [each for each in rest if each.get("sort") == sort][:OF_EACH]
    return [each for each in windows if each["gives"]] + chosen


def words(window: dict) -> set[str]:
    """Return the words of a window that are not in every text."""
    return set(re.findall(r"[a-z0-9]{4,}", window["text"].lower()))


def some(windows: list[dict], most: int, rng: random.Random) -> list[dict]:
    """Return so many of the windows that the search brought up and that do not answer, and all others."""
    found = [each for each in windows if each.get("sort") == "found" and not each["gives"]]
    left_out = {id(each) for each in rng.sample(found, max(0, len(found) - most))}
    return [each for each in windows if id(each) not in left_out]


def auc(positive: list[float], negative: list[float]) -> float:
    """Return how often a positive one is above a negative one."""
    pairs = [(a > b) + 0.5 * (a == b) for a in positive for b in negative]
    return sum(pairs) / max(len(pairs), 1)


def main() -> None:
    """Read all pairs, and write those to learn from."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="a folder")
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=7)
    parser.add_argument("--read", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    reader = PassageReader(given.threads)
    rng = random.Random(2)
    given.out.mkdir(parents=True, exist_ok=True)
    for file in given.pairs:
        tops: dict[str, list[float]] = {"grounded": [], "missing": []}
        mined = []
        for text in file.read_text("utf-8").splitlines():
            line = json.loads(text)
            line["windows"] = some(line["windows"], given.read, rng)
            texts = [f"{each['title']}: {each['text']}" for each in line["windows"]]
            odds = reader.read(line["question"], texts).tolist() if texts else []
            for each, value in zip(line["windows"], odds, strict=True):
                each["odds"] = round(value, 3)
            found = [each["odds"] for each in line["windows"] if each.get("sort") == "found"]
            if line.get("expected") in tops:
                tops[line["expected"]].append(max(found, default=-9.0))
            line["windows"] = kept(line["windows"], given.most)
            mined.append(json.dumps(line) + "\n")
        (given.out / file.name).write_text("".join(mined), "utf-8")
        apart = auc(tops["grounded"], tops["missing"])
        print(f"{file.stem}: AUC {apart:.3f}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
