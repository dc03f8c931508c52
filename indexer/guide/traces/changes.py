"""What changed lately where a trace goes through, and which past commits mended the same or a near place."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.lineage import with_former_paths
from indexer.guide.traces.lines import made_up
from indexer.guide.traces.matched import Matched
from indexer.index import lexical
from indexer.index.blame_cache import BlameCache
from indexer.index.history import CommitFacts, commits_by_id, commits_touching
from indexer.types import ChunkKind

AROUND: Final = 8
"""Lines on each side of one that stands in no definition."""

LONGEST_SPAN: Final = 400
"""Lines of a definition; of a longer one (a class, a module) only those around the line count."""

LOOKED_AT: Final = 600
"""Commits of the files that are read for mends."""

_MENDS: Final = re.compile(
    r"\b(?:fix(?:e[sd]|ing)?|bug(?:fix)?|crash(?:e[sd]|ing)?|regression|hotfix|prevent|avoid|handle"
    r"|guard|workaround|"
    r"broken|segfault|panic|leak|deadlock|race|incorrect|wrong|fail(?:s|ed|ure)?|don't|do not"
    r"|typeerror|npe)\b",
    re.I,
)
_MENDS_PLAINLY: Final = re.compile(
    r"\b(?:fix(?:es)?|fixed(?! (?:delay|size|rate|number|length|width|point|set|order))|bug(?:fix)?|crash\w*"
    r"|regression|hotfix|segfault)\b",
    re.IGNORECASE,
)
_IDLE: Final = re.compile(
    r"\b(?:typo|changelog|docs?|documentation|lint|format(?:ting)?|flake8|whitespace|spelling|tests?)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Touched:
    """A commit that last changed lines of a definition; ``lines`` counts them, of ``total``."""

    oid: str
    author: str
    authored: int
    lines: int
    total: int


@dataclass(frozen=True, slots=True)
class Mend:
    """A past commit that mended something near; ``shares`` says what it has to do with the trace."""

    commit: CommitFacts
    shares: tuple[str, ...]
    score: float


_PARTS: Final = re.compile(r"\n\s*\n|\n(?=\s*[-*+] )")


def span_of(matched: Matched, lines: int) -> tuple[int, int]:
    """Return the lines that count as the place of a frame: the definition, or those around the line."""
    symbol = matched.symbol
    if symbol is not None and symbol.end_line - symbol.start_line <= LONGEST_SPAN:
        return symbol.start_line, min(symbol.end_line, max(lines, 1))
    line = matched.line or (symbol.start_line if symbol is not None else 1)
    return max(line - AROUND, 1), max(min(line + AROUND, lines), 1)


def last_touched(blame: BlameCache, path: str, first: int, last: int) -> list[Touched]:
    """Return the commits that last changed these lines, the newest first."""
    found: dict[str, Touched] = {}
    total = last - first + 1
    for run in blame.runs(path):
        number = min(run.last_line, last) - max(run.first_line, first) + 1
        if number <= 0:
            continue
        known = found.get(run.commit_id)
        lines = number + (known.lines if known else 0)
        found[run.commit_id] = Touched(run.commit_id, run.author, run.authored, lines, total)
    return sorted(found.values(), key=lambda each: (-each.authored, each.oid))


def is_of_file(matched: Matched) -> bool:
    """Return whether of a frame only the file is known, and no line or definition in it."""
    return matched.symbol is None and not matched.line


def last_of_file(reader: sqlite3.Connection, path_id: int, most: int = 5) -> list[Touched]:
    """Return the commits that last changed a file, under its former paths too, the newest first."""
    found = commits_touching(reader, with_former_paths(reader, [path_id]), most)
    return [Touched(each.oid, each.author, each.authored, 0, 0) for each in found]


def mends(
    reader: sqlite3.Connection, own: Sequence[Matched], kind: str, message: str, most: int = 3
) -> list[Mend]:
    """Return commits whose message says that they mended what the trace speaks of, the nearest first."""
    paths = list(dict.fromkeys(each.place.path_id for each in own if each.place is not None))
    if not paths:
        return []
    touching = commits_touching(reader, with_former_paths(reader, paths[:8]), LOOKED_AT)
    known = {each.id for each in touching}
    words = _words(message)
    others = commits_by_id(
        reader, [number for number in _saying(reader, kind, message) if number not in known]
    )
    found: list[Mend] = []
    names = {each.symbol.name for each in own if each.symbol is not None and len(each.symbol.name) > 4}
    error = kind.replace("\\", ".").replace("::", ".").rpartition(".")[2]
    for commit in [*touching, *(each for each in others if each.reachable)]:
        text = _mending(commit)
        if not text:
            continue
        shares: list[str] = []
        score = 0.0
        if (
            len(error) > 4
            and error not in ("panic", "Error", "error", "Exception")
            and re.search(rf"\b{re.escape(error)}\b", text)
        ):
            shares.append(f"names {error}")
            score += 3
        said = sorted(name for name in names if re.search(rf"\b{re.escape(name)}\b", text))
        if said:
            shares.append("names " + ", ".join(f"`{name}`" for name in said[:2]))
            # A word of the language says less than a name that somebody made up.
            score += 2.5 if any(made_up(name) for name in said) else 1.0
        common = words & set(_words(text))
        if len(common) >= 2 and len(common) * 2 >= len(words):
            shares.append("has the words of the message")
            score += 1.0 + len(common) / 2
        if commit.id in known:
            score += 1.0
            shares.append("touched a file of the trace")
        if _MENDS_PLAINLY.search(commit.subject):
            score += 0.6
        if _IDLE.search(commit.subject):
            score -= 2.0
        if score >= (3.0 if commit.id in known else 3.6):
            found.append(Mend(commit, tuple(shares), score))
    found.sort(key=lambda each: (-each.score, -each.commit.sequence))
    return found[:most]


def _mending(commit: CommitFacts) -> str:
    """Return what of a commit's words is about a mend: all, or those parts of its body that say so.

    The body of a branch that was squashed tells of much that has nothing to do with each other.
    """
    text = commit.message or commit.subject
    if _MENDS.search(commit.subject):
        return text
    parts = _PARTS.split(text[:2_000])
    return "\n".join(part for part in parts if _MENDS_PLAINLY.search(part))


def _words(text: str) -> set[str]:
    return {each for each in lexical.terms_of(text[:1_000]) if len(each) > 3 and not each.isdigit()}


def _saying(reader: sqlite3.Connection, kind: str, message: str) -> list[int]:
    terms = lexical.terms_of(f"{kind.rpartition('.')[2]} {message[:300]}")[:24]
    if not terms:
        return []
    lexicon = lexical.Lexicon()
    counted = lexicon.found(reader, ChunkKind.COMMIT, terms)
    asked = lexical.telling(terms, counted, lexicon.rows(reader, ChunkKind.COMMIT))
    return list(dict.fromkeys(hit.commit_id for hit in lexical.search(reader, ChunkKind.COMMIT, asked, 40)))
