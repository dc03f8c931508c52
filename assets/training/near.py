"""Make training pairs of passages that give the reason for one thing, and not for the other beside it.

    python assets/training/near.py OUT.jsonl [questions/near.jsonl]

A line of near.jsonl is a place that speaks of two things: of each what it ``says`` with its reason and what
is left when the reason is taken away (``bare``), with questions that the reason answers, and questions that
``neither`` answers. Each question is laid beside its own reason, beside the other's, and beside both things
with only one reason left.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

WRITTEN = Path(__file__).resolve().parent / "questions" / "near.jsonl"


def joined(one: str, other: str, rng: random.Random) -> str:
    """Return two texts behind one another, in either order."""
    return " ".join(rng.sample((one, other), 2))


def pairs(place: dict, rng: random.Random) -> Iterator[dict]:
    """Yield each question about a place with its windows."""
    first, second = place["first"], place["second"]
    for own, other in ((first, second), (second, first)):
        texts = (
            (own["says"], True),
            (joined(own["says"], other["bare"], rng), True),
            (joined(own["bare"], other["says"], rng), False),
            (other["says"], False),
            (own["bare"], False),
        )
        for question in own["questions"]:
            yield _line(place["title"], question, "grounded", texts)
    both = joined(first["says"], second["says"], rng)
    for question in place["neither"]:
        yield _line(
            place["title"],
            question,
            "missing",
            [(each, False) for each in (both, first["says"], second["says"])],
        )


def _line(title: str, question: str, expected: str, texts: object) -> dict:
    windows = [{"title": title, "text": text, "gives": int(gives)} for text, gives in texts]
    return {"repo": "near", "question": question, "expected": expected, "windows": windows}


if __name__ == "__main__":
    source = Path(sys.argv[2]) if len(sys.argv) > 2 else WRITTEN
    chance = random.Random(3)
    lines = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(pair) + "\n" for place in lines for pair in pairs(place, chance))
