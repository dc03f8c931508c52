"""Make training pairs of passages that were judged one by one for a question.

    python assets/training/judged.py OUT.jsonl --repos FOLDER --data FOLDER [--dev DEV.jsonl]
    python assets/training/judged.py OUT.jsonl --over PAIRS.jsonl

``questions/judged.jsonl.gz`` holds 8,056 questions with the windows that a search brought up for each,
the reader's own worst mistakes first, and what a language model that read them one by one said of each
window: that by itself it tells the heart of what is asked (1), a part of it (.35), or that it does not (0).
A window is known by its passage and the checksum of its title and text, so that no text of others is kept
here; one that is cut otherwise today is left out.

With ``--repos``, a folder of clones by name, and ``--data``, their indexes, the windows of the questions of
plain.jsonl.gz are made anew, and those about KEPT_OUT go to ``--dev``. With ``--over`` the windows of PAIRS
(see pairs.py) get what was said of them in place of what was derived.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sqlite3
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]
from pairs import Evenly, Quiet

from indexer.answer.evidence import gather
from indexer.answer.questions import read_question
from indexer.answer.windows import Window, _one_by_one, _units, windows
from indexer.index.lexical import Lexicon
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.settings import IndexingSettings, Settings
from indexer.types import ChunkKind, Hit

KEPT_OUT = frozenset(("lobsters", "alembic", "healthchecks"))


def checksum(title: str, text: str) -> str:
    """Return what a window is known by."""
    return f"{zlib.crc32(f'{title}: {text}'.encode()):08x}"


def judged() -> list[dict]:
    """Return the questions with what was said of their windows."""
    packed = (HERE / "questions" / "judged.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).decode("utf-8").splitlines()]


def tiles(hit: Hit, sharing: Callable[[str], float]) -> list[Window]:
    """Return a passage in windows one after another, whatever they share with the question."""
    return _one_by_one(hit, _units(hit, sharing))


def passages(reader: sqlite3.Connection, place: dict) -> list[Hit]:
    """Return the passages that begin where a judged window's does."""
    of_commit, oid = "message" in place, place.get("message")
    rows = reader.execute(
        "SELECT c.kind, path.shown, c.start_line, c.end_line, c.symbol, c.text,"
        " (SELECT b.language FROM entry e JOIN blob b ON b.id = e.blob_id"
        " WHERE e.path_id = p.path_id LIMIT 1)"
        " FROM passage p JOIN chunk c ON c.id = p.chunk_id LEFT JOIN path ON path.id = p.path_id"
        " LEFT JOIN commits k ON k.id = c.commit_id WHERE p.current = 1 AND c.start_line = ? AND "
        + ("k.oid = ?" if of_commit else "path.shown = ?"),
        (place["line"], place["message"] if of_commit else place["path"]),
    ).fetchall()
    return [
        Hit(path, start, end, ChunkKind(kind), symbol, oid, 0.0, (), text, language=code or "")
        for kind, path, start, end, symbol, text, code in rows
    ]


def made_anew(
    reader: sqlite3.Connection, line: dict, sharing: Callable[[str], float]
) -> Iterator[tuple[Window, float]]:
    """Yield the judged windows of a question as they are cut today, with what was said of them."""
    said = {each["window"]: each["gives"] for each in line["windows"]}
    for key in {(each.get("path"), each.get("message"), each["line"]) for each in line["windows"]}:
        place = {name: value for name, value in zip(("path", "message", "line"), key, strict=True) if value}
        for hit in passages(reader, place):
            for window in (*tiles(hit, sharing), *windows(hit, sharing)):
                given = said.pop(checksum(window.title, window.text), None)
                if given is not None:
                    yield window, given


def pairs(clone: Path, data: Path, lines: list[dict]) -> Iterator[dict]:
    """Yield the questions about a clone with their windows."""
    settings = Settings(data, IndexingSettings(model="none", working_copy=False))
    knowledge = KnowledgeBase.open(locate(clone, settings), settings)
    knowledge.words(Quiet())
    catalog = knowledge._catalog  # noqa: SLF001 - a script beside the engine, not a front
    rarities = Lexicon()
    for line in lines:
        with catalog.snapshot() as reader:
            evidence = gather(read_question(line["question"]), Evenly(knowledge), catalog, rarities)
            cut = [
                {"title": window.title, "text": window.text, "gives": given}
                for window, given in made_anew(reader, line, evidence.sharing)
            ]
        if cut:
            yield line_of(line["repo"], line["question"], cut)
    knowledge.close()


def line_of(repo: str, question: str, cut: list[dict]) -> dict:
    """Return a line for train.py, which learns from all of its windows."""
    answered = any(each["gives"] == 1 for each in cut)
    return {
        "repo": repo,
        "question": question,
        "expected": "grounded" if answered else "missing",
        "judged": True,
        "windows": cut,
    }


def over(lines: list[dict]) -> Iterator[dict]:
    """Yield pairs with what was said of their windows; those of which nothing was said stay as they were."""
    said = {
        line["id"]: {each["window"]: each["gives"] for each in line["windows"]}
        for line in judged()
        if "id" in line
    }
    for line in lines:
        known = said.get(line["id"], {})
        cut = [
            {**each, "gives": known.get(checksum(each["title"], each["text"]), each["gives"])}
            for each in line["windows"]
        ]
        yield line_of(line["repo"], line["question"], cut)


def main() -> None:
    """Write the pairs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--repos", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--dev", type=Path)
    parser.add_argument("--over", type=Path)
    given = parser.parse_args()
    written: dict[Path, list[str]] = {given.out: []}
    if given.over is not None:
        lines = [json.loads(line) for line in given.over.read_text("utf-8").splitlines()]
        written[given.out] += [json.dumps(each) + "\n" for each in over(lines)]
    else:
        asked: dict[str, list[dict]] = defaultdict(list)
        for line in judged():
            if "id" not in line:
                asked[line["repo"].rpartition("/")[2]].append(line)
        for name, own in asked.items():
            if (given.repos / name).is_dir() and (name not in KEPT_OUT or given.dev):
                file = given.dev if name in KEPT_OUT else given.out
                found = [json.dumps(each) + "\n" for each in pairs(given.repos / name, given.data, own)]
                written.setdefault(file, []).extend(found)
                print(name, len(found), file=sys.stderr)
    for file, texts in written.items():
        file.write_text("".join(texts), "utf-8")


if __name__ == "__main__":
    main()
