"""Programs of a mainframe as one would walk them: what one is for, its screen, files and successors;
and which programs read or write what is asked about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from indexer.answer import lexicon
from indexer.answer.inquiry import Inquiry, listed, shown_place
from indexer.answer.needs import WORD
from indexer.answer.readable import is_readable
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.repo.words import stem
from indexer.types import ReferenceKind, Section, SymbolKind

PROGRAMS_READ: Final = 2_000
"""Programs whose headers and paragraphs are compared with a question."""

USERS: Final = 8
"""Programs that are told of one question on who touches some data."""

_FITS: Final = 0.6
"""Share of the question from which a program that it does not name is taken for its subject."""

_PARAGRAPH_SHARE: Final = 0.7
"""What a word in the name of a paragraph counts beside one in the program's own name or header."""

_SHORTENED: Final = 4
"""Letters from which a piece of a name of eight letters may stand for a word: ``ACCT``, ``CUST``."""

_READS: Final = frozenset(stem(word) for word in ["read", "load", "fetch", "consume", "open", "browse"])
_WRITES: Final = frozenset(
    stem(word)
    for word in [
        "write",
        "rewrite",
        "update",
        "modify",
        "change",
        "delete",
        "insert",
        "fill",
        "store",
        "post",
    ]
)
_RUNNERS: Final = frozenset(stem(word) for word in ["program", "module", "job", "transaction", "screen"])
_LABEL: Final = re.compile(r"^(?:function|purpose|description|remarks|title)\s*:\s*", re.I)
_SAYS_NOTHING: Final = _RUNNERS | _READS | _WRITES | lexicon.PLACE | lexicon.CHANGE
_SETS_GOING: Final = _RUNNERS | lexicon.DO
"""What is started, and that it is, every program's walk tells; it says nothing of which one."""


def say_data_users(inquiry: Inquiry) -> bool:
    """Tell which programs read or write some data. Return False when that is not asked, or unknown."""
    asked = {stem(word) for word in WORD.findall(inquiry.asked.text.lower())}
    wanted = [
        kind
        for kind, verbs in ((ReferenceKind.READ, _READS), (ReferenceKind.WRITE, _WRITES))
        if asked & verbs
    ]
    about = [term for term in inquiry.evidence.weights if term not in _SAYS_NOTHING]
    if not wanted or not about or asked.isdisjoint(_RUNNERS) or not _which(inquiry.asked.text):
        return False
    rows = inquiry.reader.execute(
        "SELECT DISTINCT s.name, p.shown, r.name, r.kind, r.line FROM reference r"
        " JOIN symbol s ON s.blob_id = r.blob_id AND s.kind = 'program'"
        " JOIN entry e ON e.blob_id = r.blob_id JOIN path p ON p.id = e.path_id"
        " WHERE r.kind IN ('read', 'write') ORDER BY p.shown, r.line"
    ).fetchall()
    found: dict[tuple[str, str], dict[str, dict[str, list[int]]]] = defaultdict(dict)
    for program, path, data, kind, line in rows:
        if kind in wanted and all(stands_for(data, term) for term in about):
            found[program, path].setdefault(data.upper(), defaultdict(list))[kind].append(line)
    for (program, path), uses in list(found.items())[:USERS]:
        verbs = {data: " and ".join(f"{kind}s" for kind in sorted(kinds)) for data, kinds in uses.items()}
        told = [
            f"{verb} {listed([data for data, said in verbs.items() if said == verb][:4])}"
            for verb in dict.fromkeys(verbs.values())
        ]
        lines = sorted({line for kinds in uses.values() for each in kinds.values() for line in each})
        inquiry.page.tell(
            Section.WHAT,
            f"`{program}` ({path}) {listed(told)}.",
            [inquiry.page.sources.span(path, line, line) for line in lines[:3]],
        )
    inquiry.page.answers |= bool(found)
    return bool(found)


def say_program(inquiry: Inquiry) -> bool:
    """Tell what a program is for, what it shows, reads, writes and starts. False: none is asked about."""
    program = _program(inquiry)
    if program is None:
        return False
    page, sources = inquiry.page, inquiry.page.sources
    told = [each for each in inquiry.documentation(program) if is_readable(each.sentence.text)]
    told.sort(key=lambda each: -inquiry.evidence.sharing(each.sentence.text))
    proof = page.cite(told[0]) if told else None
    said = f": “{_LABEL.sub('', told[0].sentence.text)}”" if told and proof is not None else "."
    page.tell(
        Section.WHAT,
        f"The program for it is `{program.name}`, {shown_place(program.path, program.name_line)}{said}",
        [inquiry.signature(program), proof],
    )
    uses = inquiry.reader.execute(
        "SELECT name, kind, min(line) FROM reference WHERE blob_id = ? AND"
        " kind IN ('read', 'write', 'execute') GROUP BY name, kind ORDER BY 3",
        (program.blob_id,),
    ).fetchall()
    _say_starters(inquiry, program)
    for kind, verb in ((ReferenceKind.READ, "reads"), (ReferenceKind.WRITE, "writes")):
        chosen = [(name, line) for name, said_kind, line in uses if said_kind == kind][:6]
        if chosen:
            page.tell(
                Section.WHAT,
                f"`{program.name}` {verb} {listed([name for name, _ in chosen])}.",
                [sources.span(program.path, line, line) for _, line in chosen],
            )
    _say_started(inquiry, program, [(name, line) for name, kind, line in uses if kind == "execute"])
    page.answers = True
    _say_paragraphs(inquiry, program)
    return True


def stands_for(name: str, word: str) -> bool:
    """Return whether a short name of data bears a word, whole or shortened as such names are."""
    for part in name.lower().replace("-", ".").replace("_", ".").split("."):
        if part.startswith(word[:_SHORTENED]) or word in part:
            return True
        if len(part) >= _SHORTENED and _shortens(part[:_SHORTENED], word):
            return True
    return False


def _shortens(short: str, word: str) -> bool:
    """Return whether ``short`` is what is left of a word when letters inside it are dropped."""
    letters = iter(word)
    return short[:2] == word[:2] and all(letter in letters for letter in short)


def _which(text: str) -> bool:
    words = WORD.findall(text.lower())[:2]
    return bool(words) and words[0] in ("which", "what", "who", "where")


def _program(inquiry: Inquiry) -> FoundSymbol | None:
    """Return the program that is asked about: by its name, or by what it says of itself."""
    for subject in inquiry.subjects:
        if subject.named:
            return subject.symbol if subject.symbol.kind is SymbolKind.PROGRAM else None
    if inquiry.namings:
        return None
    weights = {term: weight for term, weight in inquiry.evidence.weights.items() if term not in _SETS_GOING}
    whole = sum(weights.values())
    best, value = "", _FITS * whole
    for name, doc, paragraphs in _spoken(inquiry):
        own = inquiry.evidence.terms_in(f"{name} {doc}")
        parts = inquiry.evidence.terms_in(paragraphs) - own
        score = sum(weights.get(term, 0.0) for term in own)
        score += _PARAGRAPH_SHARE * sum(weights.get(term, 0.0) for term in parts)
        if score > value + 1e-9:
            best, value = name, score
    found = find_symbols(inquiry.reader, best, 3) if best else []
    return next((each for each in found if each.kind is SymbolKind.PROGRAM), None)


def _spoken(inquiry: Inquiry) -> Sequence[tuple[str, str, str]]:
    """Return name, header and the names of the paragraphs of every program."""
    return inquiry.reader.execute(
        "SELECT s.name, s.doc, coalesce((SELECT group_concat(q.name, ' ') FROM symbol q"
        " WHERE q.blob_id = s.blob_id AND q.kind = 'paragraph'), '')"
        " FROM symbol s JOIN entry e ON e.blob_id = s.blob_id WHERE s.kind = 'program' LIMIT ?",
        (PROGRAMS_READ,),
    ).fetchall()


def _say_started(inquiry: Inquiry, program: FoundSymbol, uses: Sequence[tuple[str, int]]) -> None:
    started = []
    for name, line in uses:
        target = next(
            (each for each in find_symbols(inquiry.reader, name, 3) if each.kind is SymbolKind.PROGRAM), None
        )
        if target is not None and target.name != program.name:
            started.append((target, line))
    if started:
        names = listed([f"`{target.name}` ({target.path})" for target, _ in started[:6]])
        inquiry.page.tell(
            Section.WHAT,
            f"From `{program.name}` control goes to {names}.",
            [inquiry.page.sources.span(program.path, line, line) for _, line in started[:6]],
        )


def _say_starters(inquiry: Inquiry, program: FoundSymbol) -> None:
    """Name the transactions and jobs whose definition runs the program."""
    rows = inquiry.reader.execute(
        "SELECT DISTINCT r.inside, p.shown, r.line FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
        " JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = r.blob_id"
        " WHERE r.name = ? AND r.kind = 'execute' AND r.inside != '' AND b.language NOT IN ('cobol')"
        " ORDER BY p.shown, r.line LIMIT 6",
        (program.name,),
    ).fetchall()
    if rows:
        names = listed([f"`{inside}` ({shown_place(path, line)})" for inside, path, line in rows])
        inquiry.page.tell(
            Section.WHAT,
            f"`{program.name}` is started by {names}.",
            [inquiry.page.sources.span(path, line, line) for _, path, line in rows],
        )


def _say_paragraphs(inquiry: Inquiry, program: FoundSymbol) -> None:
    """Name the paragraphs that the question speaks of."""
    rows = inquiry.reader.execute(
        "SELECT name, name_line FROM symbol WHERE blob_id = ? AND kind = 'paragraph' ORDER BY name_line",
        (program.blob_id,),
    ).fetchall()
    chosen = [(name, line) for name, line in rows if inquiry.evidence.terms_in(name) - _RUNNERS][:5]
    if chosen:
        names = listed([f"`{name}` (line {line})" for name, line in chosen])
        inquiry.page.tell(
            Section.WHAT,
            f"Its paragraphs on this are {names}.",
            [inquiry.page.sources.span(program.path, line, line) for _, line in chosen],
        )
