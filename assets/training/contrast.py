"""Make training pairs of places where one passage answers and its likes do not.

    python assets/training/contrast.py OUT.jsonl --dev DEV.jsonl [--questions OUT.jsonl] [--few]

A line of contrast.jsonl is a place, made up with a language model: what a passage ``says``, the same with
nothing but the answer taken away (``bare``), and what stands ``near`` it. Of the questions, some are
``answered`` by the first, some by the last (``near_answered``), and some by neither (``open``), however near
they come; with each stands what it asks for and what kind of context is missing. A tenth of the places, told
by their titles, are not learnt from: they are the ``--dev`` set. With ``--few`` about half of the pairs of a
place are written, by chance: two of its questions that are answered, one that its neighbour answers, three
that are open.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from indexer.answer.windows import CHARACTERS

WRITTEN = Path(__file__).resolve().parent / "questions" / "contrast.jsonl"
MOST = CHARACTERS + 40
"""Characters of a window with the question beside it: more would be cut off, and the answer with it."""
ONE_IN = 10
_COMMENT = re.compile(r"^\s*(?:/\*+|//+!?|\*+>?|#+(?!\w)|--+|;+|<!--|REM\b)\s?|\s*(?:\*/|-->)\s*$", re.M)


def kept_out(place: dict) -> bool:
    """Return whether a place belongs to the dev set."""
    return zlib.crc32(place["title"].encode()) % ONE_IN == 0


def passage(title: str, text: str) -> tuple[str, str]:
    """Return title and text as `indexer.answer.windows` gives them: a message without its subject, prose
    without signs of comment.
    """
    subject, _, body = text.partition("\n\n")
    if body and "\n" not in subject and len(subject) < len(body):
        title, text = subject.lstrip("# "), body
    return title, " ".join(_COMMENT.sub(" ", text).split())


def alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))


def cut(text: str, other: str, rng: random.Random) -> str:
    """Return as much of ``text`` as is read, around where it differs from ``other``."""
    if len(text) <= MOST:
        return text
    begin = alike(text, other)
    end = len(text) - alike(text[begin:][::-1], other[begin:][::-1])
    # What differs stands somewhere within, as far to either side as there is room.
    first, last = max(0, end - MOST), min(begin, len(text) - MOST)
    start = rng.randint(min(first, last), max(first, last))
    start = text.rfind(" ", 0, start) + 1
    return text[start : start + MOST].rsplit(" ", 1)[0] if start + MOST < len(text) else text[start:]


def pairs(place: dict, rng: random.Random) -> Iterator[dict]:
    """Yield each question about a place with its passages."""
    title, says = passage(place["title"], place["says"])
    _, bare = passage(place["title"], place["bare"])
    beside, near = passage(place["title"], place["near"])
    whole = len(near) <= MOST
    here, bared = (title, cut(says, bare, rng)), (title, cut(bare, says, rng))
    there = (beside, near[:MOST])
    for kind, expected, texts in (
        ("answered", "grounded", ((here, True), (bared, False), (there, False))),
        ("near_answered", "grounded", ((there, True), (here, False), (bared, False))),
        ("open", "missing", ((here, False), (there, False))),
    ):
        if kind == "near_answered" and not whole:
            # The answer may stand in what is cut off.
            continue
        for question, *_ in place[kind]:
            windows = [
                {"title": head, "text": text, "gives": int(gives), "sort": kind}
                for (head, text), gives in texts
            ]
            yield {
                "repo": "contrast",
                "place": place["title"],
                "question": question,
                "expected": expected,
                "windows": windows,
            }


def few(lines: list[dict], rng: random.Random) -> list[dict]:
    """Return about half of the pairs of a place."""
    out = []
    for kind, most in (("answered", 2), ("near_answered", 1), ("open", 3)):
        own = [line for line in lines if line["windows"][0]["sort"] == kind]
        for number, line in enumerate(rng.sample(own, min(most, len(own)))):
            # The neighbour stands beside one open question; a passage without any reason beside no other's.
            left = {"answered": 3, "near_answered": 2, "open": 1 + (number == 0)}[kind]
            out.append({**line, "windows": line["windows"][:left]})
    return out


def questions(place: dict) -> Iterator[dict]:
    """Yield the questions about a place with what they ask for, where that was written down."""
    for kind in ("answered", "near_answered", "open"):
        for question, needs, category in place[kind]:
            if needs:
                yield {"question": question, "needs": needs, "category": category}


def main() -> None:
    """Write the pairs of all places, and the questions."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("written", nargs="?", type=Path, default=WRITTEN)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    places = [json.loads(line) for line in given.written.read_text("utf-8").splitlines()]
    learnt = [place for place in places if not kept_out(place)]
    kept = [place for place in places if kept_out(place)]
    for file, some in ((given.out, learnt), (given.dev, kept)):
        made = [list(pairs(place, rng)) for place in some]
        if given.few and file == given.out:
            made = [few(lines, rng) for lines in made]
        lines = [json.dumps(pair) + "\n" for own in made for pair in own]
        file.write_text("".join(lines), "utf-8")
        print(f"{file.name}: {len(some)} places, {len(lines)} questions", file=sys.stderr)
    if given.questions is not None:
        asked = [json.dumps(each) + "\n" for place in learnt for each in questions(place)]
        given.questions.write_text("".join(asked), "utf-8")


if __name__ == "__main__":
    main()
