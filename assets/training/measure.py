"""Measure a packaged reader on what it was not trained on: lobsters/lobsters, and the dev set of contrasts.

    python assets/training/measure.py PAIRS.jsonl --contrast DEV.jsonl [--reader FOLDER] [--threads 1]

Prints of the pairs how well the surest window tells answered questions from others (AUC), how often a gold
window is the first and among the first three of those a search brings up, and how often it is above the
same without its gold words, and above what answers another question. Of the contrasts: how often what answers
is above the same without the answer, above its neighbour, and how often an answered question is above an open
one beside the same passage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]
from mine import auc

from indexer.index import reader as reading
from indexer.index.packaged import packaged_folder


def read(file: Path, reader: reading.PassageReader) -> list[dict]:
    """Return the lines of a file with the log-odds of every window as ``odds``."""
    lines = [json.loads(text) for text in file.read_text("utf-8").splitlines()]
    for line in lines:
        texts = [f"{each['title']}: {each['text']}" for each in line["windows"]]
        odds = reader.read(line["question"], texts).tolist() if texts else []
        for each, value in zip(line["windows"], odds, strict=True):
            each["odds"] = value
    return lines


def share(held: Iterable[bool]) -> str:
    """Return how many of these hold, and of how many."""
    every = list(held)
    return f"{sum(every) / max(len(every), 1):.3f} of {len(every)}"


def of_pairs(lines: list[dict]) -> None:
    """Print how well questions of a repository are told apart, and passages ranked."""
    tops: dict[str, list[float]] = defaultdict(list)
    places, cut, other = [], [], []
    for line in lines:
        odds = defaultdict(list)
        for each in line["windows"]:
            odds["gives" if each["gives"] else each["sort"]].append(each["odds"])
        searched = [each["odds"] for each in line["windows"] if each["sort"] == "found"]
        tops[line["expected"]].append(max(searched, default=-9.0))
        if odds["gives"]:
            best = max(odds["gives"])
            places.append(sum(value > best for value in odds["found"]))
            cut += [best > max(odds["cut"])] if odds["cut"] else []
            other += [best > max(odds["other"])] if odds["other"] else []
    print(f"  answered above open questions {auc(tops['grounded'], tops['missing']):.3f}")
    print(f"  gold first {share(place == 0 for place in places)}, among three {share(p < 3 for p in places)}")
    print(f"  above the same without its words {share(cut)}, above other answers {share(other)}", flush=True)


def of_contrasts(lines: list[dict]) -> None:
    """Print how often the passage that answers is taken for the one that does."""
    held: dict[str, list[bool]] = {"bare": [], "near": [], "open": []}
    by_place = defaultdict(list)
    for line in lines:
        by_place[line["place"]].append(line)
        first, *others = (each["odds"] for each in line["windows"])
        if line["expected"] == "grounded":
            held["near"].append(first > others[line["windows"][0]["sort"] == "answered"])
            if line["windows"][0]["sort"] == "answered":
                held["bare"].append(first > others[0])
    for some in by_place.values():
        answered = [each["windows"][0]["odds"] for each in some if each["windows"][0]["sort"] == "answered"]
        unanswered = [each["windows"][0]["odds"] for each in some if each["windows"][0]["sort"] == "open"]
        held["open"] += [one > other for one in answered for other in unanswered]
    print("  above " + ", ".join(f"{name} {share(each)}" for name, each in held.items()))
    all_of = [(each["odds"], each["gives"]) for line in lines for each in line["windows"]]
    apart = auc([odds for odds, gives in all_of if gives], [odds for odds, gives in all_of if not gives])
    print(f"  all pairs that answer above all others {apart:.3f}", flush=True)


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", nargs="*", type=Path)
    parser.add_argument("--contrast", type=Path)
    parser.add_argument("--reader", type=Path, default=packaged_folder("reader"))
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    reading.packaged_folder = lambda name: given.reader if name == "reader" else packaged_folder(name)
    reader = reading.PassageReader(given.threads)
    if given.contrast is not None:
        print(given.contrast.stem)
        of_contrasts(read(given.contrast, reader))
    for file in given.pairs:
        print(file.stem)
        of_pairs(read(file, reader))


if __name__ == "__main__":
    main()
