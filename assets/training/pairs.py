"""Make training pairs: each question with the windows that a search by words brings up for it.

    python assets/training/pairs.py OUT.jsonl QUESTIONS.jsonl CLONE=owner/name ... [--data FOLDER]

Questions (questions/*.jsonl, or what derive.py writes) say what answers them: ``gold``, places with the
exact words; ``near``, places that come close and do not. A window that holds gold words gives, those
of ``near`` and all other windows do not; windows of a gold file that do not hold the words are left out,
since they may. Gold and near windows are added where the search did not find them.

Two more sorts are made with certainty: the gold passage with its gold words taken away (``cut``), which
does not give what they gave; and what answers another question about the same repository, the nearest by
words and that of the same file or message first (``other``), which is a reason, but not for this.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from indexer.answer.evidence import gather
from indexer.answer.questions import read_question
from indexer.answer.windows import Window, _around, _units, windows
from indexer.index.lexical import Lexicon
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.repo.words import pieces
from indexer.settings import IndexingSettings, Settings
from indexer.types import ChunkKind, Hit, Progress, Query

BUDGET = {ChunkKind.CODE: 20, ChunkKind.DOC: 16, ChunkKind.COMMIT: 16}
HOLDS = 0.6
"""Share of the gold words that a window must hold to give them; a message's title counts too."""
IN_MESSAGE = 0.5
FREE = 0.35
"""Share of the gold words up to which a window is free of them."""
OF_QUOTE = 0.6
"""Share of the words of a sentence, or of a quotation, from which the one is taken for part of the other."""
OTHERS = 4
"""Windows that answer another question, of each question."""


class Quiet:
    """Steers an index job without a word."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Say nothing."""


class Evenly:
    """Searches each kind of passage for itself."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    def search(self, query: Query) -> tuple[list[Hit], list[str]]:
        """Return the hits of all kinds, one kind after the other."""
        found: list[Hit] = []
        for kind, count in BUDGET.items():
            found += self._knowledge.search(Query(query.text, count, (kind,))).hits
        return found, []


def words_of(text: str) -> list[str]:
    """Return the words of a text without signs."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).split()


def held(quote: str, text: str) -> float:
    """Return the share of the words of ``quote`` that stand in ``text``."""
    wanted, found = words_of(quote), set(words_of(text))
    return sum(word in found for word in wanted) / max(len(wanted), 1)


def gives(window: Window, gold: list[dict]) -> bool | None:
    """Return whether a window holds what answers; None where that cannot be told."""
    unsure = False
    for place in gold:
        if window.hit.kind is ChunkKind.COMMIT and window.hit.commit_id == place.get("commit"):
            if held(place["quote"], f"{window.title} {window.text}") >= IN_MESSAGE:
                return True
            unsure = True
        elif window.hit.path is not None and window.hit.path == place.get("path"):
            if held(place["quote"], window.text) >= HOLDS:
                return True
            unsure = True
    return None if unsure else False


def located(reader: sqlite3.Connection, place: dict) -> Hit | None:
    """Return the passage that holds the words of a place."""
    if "commit" in place:
        rows = reader.execute(
            "SELECT c.kind, NULL, c.start_line, c.end_line, c.symbol, c.text, '' FROM commits k"
            " JOIN chunk c ON c.commit_id = k.id WHERE k.oid = ?",
            (place["commit"],),
        ).fetchall()
    else:
        rows = reader.execute(
            "SELECT c.kind, p.shown, c.start_line, c.end_line, c.symbol, c.text, b.language FROM path p"
            " JOIN entry e ON e.path_id = p.id JOIN chunk c ON c.blob_id = e.blob_id"
            " JOIN blob b ON b.id = e.blob_id WHERE p.shown = ?",
            (place["path"],),
        ).fetchall()
    line = place.get("line") or 0
    scored = [(held(place["quote"], row[5]) + 0.2 * (row[2] <= line <= row[3]), row) for row in rows]
    best = max(scored, key=lambda each: each[0], default=(0.0, None))
    if best[1] is None or best[0] < HOLDS:
        return None
    kind, path, start, end, symbol, text, language = best[1]
    commit = place.get("commit")
    return Hit(path, start, end, ChunkKind(kind), symbol, commit, 0.0, (), text, language=language)


def around(quote: str) -> Callable[[str], float]:
    """Return how near a line is to a quotation, for a window to be laid around it."""
    size = max(len(set(words_of(quote))), 1)

    def share(text: str) -> float:
        return held(quote, text) * min(1.0, 0.3 + len(set(words_of(text))) / size)

    return share


def free(window: Window, gold: list[dict]) -> bool:
    """Return whether a window holds hardly any of the words that answer."""
    return all(held(place["quote"], f"{window.title} {window.text}") <= FREE for place in gold)


def without(hit: Hit, quotes: list[str], sharing: Callable[[str], float]) -> Window | None:
    """Return the window that a passage would give if it did not hold these; None if nothing is left."""
    told = [frozenset(pieces(quote)) for quote in quotes]
    units = [unit for unit in _units(hit, sharing) if not is_of(unit.text, told)]
    if not units:
        return None
    return _around(hit, units, max(range(len(units)), key=lambda at: units[at].share))


def is_of(text: str, told: list[frozenset[str]]) -> bool:
    """Return whether a sentence is a part of a quotation, or the other way round."""
    own = frozenset(pieces(text))
    return any(len(own & each) >= OF_QUOTE * min(len(own), len(each)) for each in told)


def pairs(knowledge: KnowledgeBase, lines: list[dict]) -> Iterator[dict]:
    """Yield each question with its windows."""
    catalog = knowledge._catalog  # noqa: SLF001 - a script beside the engine, not a front
    rarities = Lexicon()
    made = []
    for line in lines:
        with catalog.snapshot() as reader:
            evidence = gather(read_question(line["question"]), Evenly(knowledge), catalog, rarities)
            found = [each for hit in evidence.hits for each in windows(hit, evidence.sharing)]
            marked = [("found", each, gives(each, line["gold"])) for each in found]
            golden = []
            for places, sort in ((line["gold"], "gold"), (line.get("near", []), "near")):
                for place in places:
                    hit = located(reader, place)
                    if hit is None:
                        continue
                    here = windows(hit, around(place["quote"]))[:1]
                    marked += [(sort, each, sort == "gold") for each in here]
                    golden += [(place, each) for each in here if sort == "gold"]
                    rest = without(hit, [each["quote"] for each in line["gold"]], evidence.sharing)
                    if sort == "gold" and rest is not None and free(rest, line["gold"]):
                        marked.append(("cut", rest, False))
        made.append((line, evidence, marked, golden))
    for line, evidence, marked, golden in made:
        others = others_for(line, evidence.sharing, [each[3] for each in made if each[3] is not golden])
        marked += [("other", each, False) for each in others]
        yield {
            **{key: line.get(key) for key in ("id", "repo", "question", "expected", "needs")},
            "windows": [
                {"title": each.title, "text": each.text, "gives": int(mark), "sort": sort}
                for sort, each, mark in marked
                if mark is not None
            ],
        }


def others_for(
    line: dict, sharing: Callable[[str], float], golden: list[list[tuple[dict, Window]]]
) -> list[Window]:
    """Return what answers other questions and not this one, the nearest first."""
    places = {each.get("path") or each["commit"] for each in (*line["gold"], *line.get("near", []))}
    scored = [
        (
            sharing(f"{window.title} {window.text}")
            + 0.5 * ((place.get("path") or place["commit"]) in places),
            window,
        )
        for each in golden
        for place, window in each
        if free(window, line["gold"])
    ]
    scored.sort(key=lambda each: -each[0])
    return [window for _, window in scored[:OTHERS]]


def main() -> None:
    """Write the pairs of all questions about the clones that are given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("clones", nargs="+", help="FOLDER=owner/name")
    parser.add_argument("--data", type=Path, required=True, help="a data folder for the indexes")
    given = parser.parse_args()
    lines = [json.loads(line) for line in given.questions.read_text("utf-8").splitlines()]
    settings = Settings(given.data, IndexingSettings(model="none", working_copy=False))
    with given.out.open("w", encoding="utf-8") as out:
        for clone in given.clones:
            folder, _, name = clone.partition("=")
            own = [line for line in lines if line["repo"].lower() == name.lower()]
            knowledge = KnowledgeBase.open(locate(Path(folder), settings), settings)
            knowledge.words(Quiet())
            out.writelines(json.dumps(pair) + "\n" for pair in pairs(knowledge, own))
            knowledge.close()
            print(name, len(own), file=sys.stderr)


if __name__ == "__main__":
    main()
