"""Make training pairs of questions about what histories record, with the passages that a search brings up.

    python assets/training/recorded.py OUT.jsonl --repos FOLDER --data FOLDER [--dev DEV.jsonl] [--words]

``questions/recorded.jsonl.gz`` holds questions over 50 repositories, half of them answered there by a
passage that is quoted (``gold``), half by none, though one looks like it (``near``); a language model wrote
them, and searched for each of the first 3,460 that nothing answers, for the others where it was in doubt. All
passages that are found for a question are cut from end to end and read; of the windows that do not answer,
those that the packaged reader takes most for an answer are learnt from, and a few by chance. What is derived
of the first may be trusted: of 1,490 windows of 240 questions that were judged one by one, 6 answer that were
not taken to, 8 of 164 do not that were, and of the 120 questions that are said to be open none is answered.

``--repos`` is a folder of clones by name, ``--data`` one for their indexes; with ``--words`` they are made
without vectors, which takes seconds. Questions about KEPT_OUT go to ``--dev``, with all of their windows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]
from mine import SAME, words
from pairs import Quiet, around, free, gives, located, without

from indexer.answer.answering import PER_SHARE
from indexer.answer.inquiry import Inquiry
from indexer.answer.windows import Window, windows
from indexer.index.reader import PassageReader
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.types import ChunkKind

KEPT_OUT = frozenset(("restic", "mitmproxy"))
TEMPTING = 7
"""Windows that do not answer, those first that the reader takes most for an answer."""
BY_CHANCE = 3
OF_EACH = 2
"""Windows of each sort that is made on purpose: the gold passage without its gold words, what is near."""
GOLD = 4


class Marked(NamedTuple):
    """A window, of which ``sort``, whether it answers (None: it cannot be told), and how much it looks so."""

    window: Window
    sort: str
    answers: bool | None
    tempts: float = 0.0


def questions() -> list[dict]:
    """Return the questions."""
    packed = (HERE / "questions" / "recorded.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).decode("utf-8").splitlines()]


def marked(inquiry: Inquiry, line: dict, reader: PassageReader) -> list[Marked]:
    """Return all windows of the passages that were found, and those that are made on purpose."""
    sharing = inquiry.evidence.sharing
    found = [
        window
        for hit in inquiry.evidence.hits
        if hit.kind is not ChunkKind.NOTE
        for window in windows(hit, sharing, whole=True)
    ]
    texts = [f"{each.title}: {each.text}" for each in found]
    odds = reader.read(line["question"], texts).tolist() if texts else []
    out: list[Marked] = []
    for window, text, value in zip(found, texts, odds, strict=True):
        held = sharing(f"{window.title} {window.hit.text}") + sharing(text)
        out.append(Marked(window, "found", gives(window, line["gold"]), value + PER_SHARE * held))
    for places, sort in ((line["gold"], "gold"), (line["near"], "near")):
        for place in places:
            hit = located(inquiry.reader, place)
            if hit is None:
                continue
            out += [Marked(each, sort, sort == "gold") for each in windows(hit, around(place["quote"]))[:1]]
            rest = without(hit, [each["quote"] for each in line["gold"]], sharing)
            if sort == "gold" and rest is not None and free(rest, line["gold"]):
                out.append(Marked(rest, "cut", answers=False))
    return out


def chosen(every: list[Marked], rng: random.Random) -> list[Marked]:
    """Return what to learn from: what answers, what tempts most, what was made of it, a few by chance."""
    gold = sorted((each for each in every if each.answers), key=lambda each: each.sort == "gold")
    said = [words({"text": each.window.text}) for each in gold]
    found = [
        each
        for each in every
        if each.sort == "found"
        and each.answers is False
        and all(len(words({"text": each.window.text}) & one) < SAME * max(len(one), 1) for one in said)
    ]
    found.sort(key=lambda each: -each.tempts)
    out = [*gold[:GOLD], *found[:TEMPTING]]
    out += rng.sample(found[TEMPTING:], min(BY_CHANCE, len(found[TEMPTING:])))
    for sort in ("cut", "near"):
        out += [each for each in every if each.sort == sort and each.answers is False][:OF_EACH]
    return out


def pairs(
    clone: Path, settings: Settings, lines: list[dict], *, by_words: bool, every: bool
) -> Iterator[dict]:
    """Yield the questions about a clone with their windows; with ``every`` all of them."""
    knowledge = KnowledgeBase.open(locate(clone, settings), settings)
    knowledge.words(Quiet())
    if not by_words:
        knowledge.embed(Quiet())
    reader, rng = PassageReader(), random.Random(5)
    answerer = knowledge._quiet  # noqa: SLF001 - a script beside the engine, not a front
    for line in lines:
        with knowledge._catalog.snapshot():  # noqa: SLF001
            some = marked(answerer._inquire(line["question"]), line, reader)  # noqa: SLF001
        # Of the same text the first sort counts.
        some = list({(each.window.title, each.window.text): each for each in reversed(some)}.values())[::-1]
        kept = [each for each in some if each.answers is not None] if every else chosen(some, rng)
        yield {
            **{key: line.get(key) for key in ("id", "repo", "question", "expected", "needs")},
            # What two like questions ask of one thing is learnt side by side.
            "place": f"{line['repo']} {line.get('pair') or line['id']}",
            "judged": True,
            "windows": [
                {
                    "title": each.window.title,
                    "text": each.window.text,
                    "gives": int(bool(each.answers)),
                    "sort": each.sort,
                }
                for each in kept
            ],
        }
    knowledge.close()


def main() -> None:
    """Write the pairs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--repos", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dev", type=Path)
    parser.add_argument("--words", action="store_true")
    given = parser.parse_args()
    settings = Settings(given.data, IndexingSettings(working_copy=False))
    asked: dict[str, list[dict]] = defaultdict(list)
    for line in questions():
        asked[line["repo"].rpartition("/")[2]].append(line)
    written: dict[Path, list[str]] = {given.out: []}
    for name, own in asked.items():
        kept_out = name in KEPT_OUT
        if (given.repos / name).is_dir() and (given.dev or not kept_out):
            clone = given.repos / name
            made = pairs(clone, settings, own, by_words=given.words, every=kept_out)
            file = given.dev if kept_out and given.dev else given.out
            written.setdefault(file, []).extend(json.dumps(each) + "\n" for each in made)
            print(name, len(own), file=sys.stderr)
    for file, texts in written.items():
        file.write_text("".join(texts), "utf-8")


if __name__ == "__main__":
    main()
