"""How something came: by the commit that first wrote it or speaks of it, or that brought its file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from indexer.answer import lexicon
from indexer.answer.about import named_symbols
from indexer.answer.came_with import say_release_of
from indexer.answer.inquiry import MINOR, Inquiry, listed
from indexer.answer.lineage import with_former_paths
from indexer.answer.questions import VERSIONED, spoken_terms
from indexer.answer.sentences import sentences_of
from indexer.answer.turning_points import ADDS, REMOVES, by_robot, holds_versions, tell_commit
from indexer.index.history import commits_touching
from indexer.index.lexical import first_commits
from indexer.index.mentions import mentions
from indexer.index.symbols import FoundSymbol
from indexer.repo.words import tokens
from indexer.types import ChunkKind, Citation

_CAME: Final = re.compile(
    r"\b(?:c[ao]mes? (?:in|about|from|to be)|appear\w*|born|since when (?:(?:is|are) there|do we have))\b",
    re.I,
)
_LOOKED_AT: Final = 20
_IS_IT: Final = 0.8
"""Share of the question that a file's name and first sentence must hold for its coming to be the thing's."""


def say_beginning(inquiry: Inquiry, shown: Sequence[str], *, asked_for: bool = False) -> str:
    """Lead with how it came, where that is asked: by the first commit that speaks of it, or by the one that
    brought the file which is about it, whichever is older. Return its id, or nothing.

    Where one of the commits ``shown`` is older still and has all the words, though written together, neither
    was the first. ``asked_for``: who wrote it is asked, which other words than those of coming say.
    """
    asked = " ".join(part.text for part in inquiry.asked.parts)
    if not (asked_for or ADDS.search(asked) or _CAME.search(asked)) or REMOVES.search(asked):
        return ""
    if _is_cut_off(inquiry):
        # Of a shallow clone nobody can say what came first.
        return ""
    written = _written(inquiry)
    if written is not None:
        # A name is typed as it is written: what first wrote it outweighs who first spoke of it.
        return _lead(inquiry, *written)
    found = [each for each in (_first(inquiry, asked), _coming(inquiry)) if each is not None]
    if not found:
        return ""
    first, does = min(found, key=lambda each: each[0].authored or 0)
    words = _typed(inquiry, asked)
    others = [inquiry.page.sources.message(oid, 1, 1) for oid in shown if oid != first.commit_id]
    if any(
        each is not None
        and (each.authored or 0) < (first.authored or 0)
        and all(word[:-1].lower() in each.quote.lower() for word in words)
        for each in others
    ):
        return ""
    return _lead(inquiry, first, does)


def say_coming(inquiry: Inquiry, symbol: FoundSymbol) -> str:
    """Tell which commit first wrote a definition into its file, and with which release it came. Return the
    commit's id, or nothing.
    """
    if _is_cut_off(inquiry):
        return ""
    written = _written_definition(inquiry, symbol) or _written(inquiry)
    return "" if written is None else _lead(inquiry, *written)


def say_older(inquiry: Inquiry, leading: str, citation: Citation) -> bool:
    """Tell of a commit that is older than the one which is said to have begun it, where it is, what its line
    leaves out: it must not stand there as if it were the first. Return whether it is older.
    """
    first = inquiry.page.sources.message(leading, 1, 1)
    if first is None or (citation.authored or 0) >= (first.authored or 0):
        return False
    words = _typed(inquiry, " ".join(part.text for part in inquiry.asked.parts))
    said = {each.lower().rstrip("s") for each in tokens(first.quote)}
    held = {each.lower().rstrip("s") for each in tokens(citation.quote)}
    lacking = [each for each in words if (short := each.lower().rstrip("s")) in said and short not in held]
    without = f", without “{lacking[0]}”" if lacking else ""
    tell_commit(inquiry, citation, before=f"Older{without}: ")
    return True


def _lead(inquiry: Inquiry, first: Citation, does: str) -> str:
    oid = first.commit_id or ""
    if tell_commit(inquiry, first, does):
        say_release_of(inquiry, oid)
    return oid


def _written_definition(inquiry: Inquiry, symbol: FoundSymbol) -> tuple[Citation, str] | None:
    """Return the commit that first wrote the line which begins a definition, by its word and its name."""
    source = inquiry.page.sources.file(symbol.path)
    if source is None or symbol.name_line > len(source.lines):
        return None
    line = source.lines[symbol.name_line - 1]
    begins = re.search(rf"\b(?:{_DEFINES})\s+{re.escape(symbol.name)}(?!\w)", line)
    if begins is None:
        begins = re.search(rf"[\w.]+\.{re.escape(symbol.name)} = (?:async )?function(?!\w)", line)
    if begins is None:
        return None
    kept = with_former_paths(inquiry.reader, [symbol.path_id])
    oid = inquiry.page.sources.first_writing(begins[0], [raw for _, raw, _ in raw_paths(inquiry, kept)])
    first = inquiry.page.sources.message(oid, 1, 1) if oid else None
    if oid is None or first is None:
        return None
    if (older := _taken_from(inquiry, first, begins[0], symbol.path)) is not None:
        return older
    before = " or where that stood before" if len(kept) > 1 else ""
    return first, f"is the first that wrote `{begins[0]}` into {symbol.path}{before}"


def _taken_from(inquiry: Inquiry, came: Citation, written: str, path: str) -> tuple[Citation, str] | None:
    """Return the commit that first wrote a line into another file from where ``came`` took it over, and what
    it is said to do: code that goes to a file of its own was not written by who moved it.
    """
    oldest, where, seen = came, "", {path}
    for _ in range(_MOVES):
        oid = oldest.commit_id or ""
        beside = [each for each in changed_with(inquiry, oid, path) if each[1] not in seen]
        seen |= {shown for _, shown in beside}
        before = inquiry.page.sources.first_writing(written, [raw for raw, _ in beside])
        older = inquiry.page.sources.message(before, 1, 1) if before else None
        if older is None or (older.authored or 0) >= (oldest.authored or 0):
            break
        then = {shown for _, shown in changed_with(inquiry, older.commit_id or "", path)}
        oldest, where = older, next((shown for _, shown in beside if shown in then), where)
    if not where:
        return None
    since = (came.commit_id or "")[:9]
    return oldest, f"is the first that wrote `{written}` into {where} ({since} wrote it into {path})"


_MOVES: Final = 3
"""Files from one to the next of which code is followed."""
_BESIDE: Final = 60
"""Files that a commit touched which are looked through for where it took code from."""


def changed_with(inquiry: Inquiry, oid: str, path: str) -> list[tuple[str, str]]:
    """Return (path as git has it, path as shown) of the files of a path's own sort that a commit touched."""
    rows = inquiry.reader.execute(
        "SELECT p.raw, p.shown FROM commits c JOIN change x ON x.commit_id = c.id"
        " JOIN path p ON p.id = x.path_id WHERE c.oid = ? AND p.shown LIKE ? ESCAPE '!' LIMIT ?",
        (oid, f"%.{path.rpartition('.')[2].replace('_', '!_')}", _BESIDE),
    ).fetchall()
    return [(bytes(raw).decode("utf-8", "surrogateescape"), shown) for raw, shown in rows]


def raw_paths(inquiry: Inquiry, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Return (id, path as git has it, path as shown)."""
    rows = inquiry.reader.execute(
        "SELECT id, raw, shown FROM path WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    return [(number, bytes(raw).decode("utf-8", "surrogateescape"), shown) for number, raw, shown in rows]


_DEFINES: Final = (
    "def|class|function|func|fn|interface|struct|enum|trait|module|type|record|object|sub|defmodule|protocol"
)
"""Words before the name of what is defined, over languages."""


def _written(inquiry: Inquiry) -> tuple[Citation, str] | None:
    """Return the commit that first wrote the one name of the question, and what it is said to do."""
    symbols = named_symbols(inquiry)
    if len(symbols) == 1 and re.search(
        rf"(?<!^)(?<![\w.]){re.escape(symbols[0].name)}(?!\w)", inquiry.asked.text
    ):
        # A word of prose is written small: `Enum` in the midst of a sentence is a name.
        named = symbols[0].name
        written = _written_definition(inquiry, symbols[0]) if named != named.lower() else None
        if written is not None:
            return written
    names = [each.name for each in inquiry.namings if each.known and _AS_CODE.fullmatch(each.name)]
    if len(names) != 1:
        return None
    name = names[0]
    holding = mentions(inquiry.reader, name.rpartition(".")[2]).found
    ids = dict.fromkeys(
        [symbol.path_id for naming in inquiry.namings for symbol in naming.symbols]
        + [each.path_id for each in holding if not each.is_test]
    )
    kept = with_former_paths(inquiry.reader, list(ids)[:_HOLDING])
    if not kept:
        return None
    rows = raw_paths(inquiry, kept)
    oid = inquiry.page.sources.first_writing(name.rpartition(".")[2], [raw for _, raw, _ in rows])
    first = inquiry.page.sources.message(oid, 1, 1) if oid else None
    if first is None:
        return None
    now = sorted(shown for number, _, shown in rows if number in ids)
    where = listed(now) if len(now) == 1 else f"one of {listed(now)}"
    return first, f"is the first that wrote `{name}` into {where}"


_AS_CODE: Final = re.compile(r"(?=.*(?:_|[a-z0-9][A-Z]|\d[A-Z]))[\w.]+")
"""A name that is written as only code is."""
_HOLDING: Final = 4
"""Files that hold it now whose history is looked through."""


def _first(inquiry: Inquiry, asked: str) -> tuple[Citation, str] | None:
    """Return the first commit whose subject line has all that is asked about, and what it is said to do."""
    counts = inquiry.evidence.counts
    terms = [term for term in inquiry.evidence.weights if term not in lexicon.ANYTHING]
    if not 0 < len(terms) <= _MOST_TERMS or VERSIONED.search(asked):
        return None
    if not all(counts[term].commit for term in terms):
        return None
    # As it was typed: who asks for stamping does not mean time stamps.
    typed = _typed(inquiry, asked)
    oid = next(
        (
            oid
            for oid, text in first_commits(inquiry.reader, terms, _LOOKED_AT)
            if _writes(text, typed) and not by_robot(inquiry, oid)
        ),
        "",
    )
    first = inquiry.page.sources.message(oid, 1, 1) if oid else None
    if first is None or not holds_versions(inquiry, first.quote):
        return None
    return first, "is the first commit whose subject line speaks of it"


def _typed(inquiry: Inquiry, asked: str) -> list[str]:
    """Return the words of a question that say what it is about, as they were typed."""
    terms = inquiry.evidence.weights.keys() - lexicon.ANYTHING
    return [word for word, found in spoken_terms(asked) if not terms.isdisjoint(found)]


def _writes(message: str, words: Sequence[str]) -> bool:
    """Return whether the subject line of a message has all words, in the singular or the plural."""
    held = {each.lower().rstrip("s") for each in tokens(message.partition("\n")[0])}
    return all(word.lower().rstrip("s") in held for word in words)


_MOST_TERMS: Final = 3
"""Terms of a question that a subject line may be asked to hold together."""


def _coming(inquiry: Inquiry) -> tuple[Citation, str] | None:
    """Return the commit that brought the file which is about the thing, and what it is said to do."""
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE, ChunkKind.DOC)[:_LOOKED_AT]:
        if hit.path is None or hit.start_line > 1 or inquiry.evidence.marks.get(hit.path, MINOR) & MINOR:
            continue
        opening = next(iter(sentences_of(hit.kind, hit.language, hit.text, 1)), None)
        name = hit.path.rpartition("/")[2]
        if inquiry.evidence.sharing(f"{name} {opening.text if opening else ''}") < _IS_IT:
            continue
        ids = with_former_paths(inquiry.reader, [inquiry.path_id(hit.path)])
        touching = commits_touching(inquiry.reader, ids, 10_000)
        first = inquiry.page.sources.message(touching[-1].oid, 1, 1) if touching else None
        if first is not None:
            return first, f"brought {hit.path}"
    return None


def _is_cut_off(inquiry: Inquiry) -> bool:
    """Return whether the oldest commit known has a parent that is not here, as in a shallow clone."""
    row = inquiry.reader.execute(
        "SELECT parents FROM commits WHERE reachable = 1 ORDER BY sequence LIMIT 1"
    ).fetchone()
    return row is not None and row[0] != ""
