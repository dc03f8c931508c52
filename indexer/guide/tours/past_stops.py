"""The stops in the past: where it keeps changing, and what was decided and why."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from indexer.answer.authorship import merged
from indexer.answer.citations import cite_fact, cite_note
from indexer.answer.contacts import day
from indexer.answer.inquiry import CALLABLE, listed, shown_place
from indexer.guide.tours import counting, units
from indexer.guide.tours.depended import Depended
from indexer.guide.tours.designed import Decision, decisions_of, records
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import NearReason, in_code, in_messages
from indexer.guide.tours.still import is_there
from indexer.guide.tours.weighed import LEAST, STILL, weight
from indexer.index.blame_cache import BlameRun
from indexer.index.history import CommitFacts, authors, commits_by_id, commits_touching
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.shapes.onboarding import StepKind
from indexer.types import CitationKind, Section, Statement, SymbolKind

YEAR: Final = 31_557_600
RECORDS: Final = 4
"""Headed decisions of documents that are quoted."""

SHOWN: Final = 4
DECIDED: Final = 6
MESSAGES: Final = 8_000
"""Commits, the newest first, whose messages are read."""
TRIED: Final = 16
"""Reasons of which it is found out in vain whether what they are about is still there."""
FEW: Final = 3
"""Reasons up to which one that explains little more than its place is quoted too."""
OF_MESSAGES: Final = 4
"""Reasons from messages that are quoted."""
LOOKED_AT: Final = 12
"""Files, the most used first, whose recorded reasons are read."""

OF_ONES_OWN: Final = 0.2
"""Share of the lines from which somebody knows a definition as its author does."""
WIDE: Final = 40
"""Files that a commit touches at most which is about them: one of more is a migration of the whole."""
LATELY: Final = 3
"""Lines of the year that a definition must have to be the place of change."""

GATE: Final = re.compile(r"(?:^|/)(?:__init__|__main__|__version__|_version|version|setup|package)\.\w+$")
"""A file that changes with each version, and says little."""
_FIX: Final = re.compile(r"\b(?:fix(?:es|ed)?|bug|regression|hotfix|broken|crash)\b", re.I)
_NO_FIX: Final = re.compile(
    r"^(?:docs?|chore|style|tests?|ci|build|refactor)(?:\([^)]*\))?!?:"
    r"|\bfix\w* (?:\w+ )?(?:typos?|comments?|docs?|docstrings?|documentation|links?|tests?|lint\w*|style)\b",
    re.I,
)
"""What is mended there is not what the code does."""


def hot_spots(ground: Ground) -> Laid | None:
    """Tell which files keep changing, and how often that mended something."""
    changed = _changed(ground)
    files = sorted(
        (each for each in ground.code if changed[each.path_id][1] > 1 and not GATE.search(each.path)),
        # Ten commits of one afternoon are one piece of work.
        key=lambda each: (*(-number for number in changed[each.path_id]), each.path),
    )
    if not files:
        return None
    laid = Laid(ground, StepKind.HOT, "hot", "Where it keeps changing")
    for file in files[:SHOWN]:
        commits = _of_the_year(ground, file)
        fixes = [each for each in commits if _mends(each.subject)]
        people = merged(authors(ground.reader, [file.path_id], 1_000))
        mended = f", {len(fixes)} of them to mend something" if fixes else ""
        days, number = changed[file.path_id]
        wide = file.changes - number
        apart = (
            f", {counting.counted(wide, 'commit')} that touched more than {WIDE} files aside"
            if wide > 0
            else ""
        )
        on = f", on {counting.counted(days, 'day')}" if days < number else ""
        ever = "one person" if len(people) == 1 else f"{len(people)} people"
        told = (
            f"{file.path} changed {counting.times(number)} in the last 12 months{mended}{on}{apart};"
            f" {ever} ever touched it."
        )
        proof = []
        if commits:
            last = commits[0]
            citation = ground.sources.message(last.oid, 1, 1)
            if citation is not None:
                proof.append(citation)
                told += f" The last time: “{last.subject}” ({last.author}, {day(last.authored)})."
        laid.fact(told, f"git log --since=1.year -- {file.path}", [each.oid for each in commits[:15]], proof)
        laid.introduces.append(file.path)
    everything = sum(changed[each.path_id][1] for each in ground.code)
    few = sum(changed[each.path_id][1] for each in files[:SHOWN])
    lands = ": a first change of one's own most likely lands here" if 2 * few >= everything else ""
    laid.matters(
        f"{min(SHOWN, len(files))} of {counting.files(len(ground.code))} took"
        f" {100 * few // max(everything, 1)}% of the year's changes to code{lands}.",
        "git log --since=1.year --name-only",
        [shown_place(each.path, 1) for each in files[:SHOWN]],
    )
    lately = [_written_lately(ground, file) for file in files[:2]]
    for file, (symbol, line, sure) in zip(files, lately, strict=False):
        if symbol is not None:
            if symbol.end_line - symbol.start_line < units.WHOLE or not laid.read_around(
                f"{symbol.qualified}, around what was written last", file.path, line
            ):
                laid.read_symbol(symbol)
            if sure:
                laid.fact(
                    f"In {file.path} the most lines of that year stand in `{symbol.qualified}`"
                    f" ({shown_place(file.path, symbol.name_line)}).",
                    f"git blame {file.path}",
                    [shown_place(file.path, symbol.name_line)],
                )
        else:
            laid.read_around(f"{file.path}, around what was written last", file.path, line)
    known = next((each for each, _, sure in lately if sure), None)
    top = files[0]
    if len(files) > 2 and changed[top.path_id][0] > changed[files[1].path_id][0]:
        laid.ask(
            "Which file of code changed on the most days of the last 12 months?",
            f"{top.path}: {counting.times(changed[top.path_id][1])},"
            f" on {counting.counted(changed[top.path_id][0], 'day')}.",
            [
                cite_fact(
                    f"git log --since=1.year -- {top.path}",
                    [each.oid for each in _of_the_year(ground, top)[:15]],
                )
            ],
            top.path,
            [each.path for each in files[1:6]],
        )
    elif known is not None:
        laid.ask(
            f"Which definition of {known.path} has the most lines of the last year, and what does it do?",
            f"`{known.qualified}`, {shown_place(known.path, known.name_line)}.",
            [laid.inquiry.signature(known)],
        )
    return laid


def decisions(ground: Ground, core: Sequence[Depended]) -> Laid | None:
    """Quote the reasons that somebody recorded for how this is."""
    laid = Laid(ground, StepKind.DECISIONS, "decisions", "Decisions that explain its shape")
    _say_notes(laid)
    headed = _say_designed(laid)
    for reason in _reasons(ground, core):
        if not laid.page.tell(Section.WHY, _told(reason), [reason.citation]):
            continue
        if reason.citation.kind is CitationKind.SPAN and reason.citation.path and len(laid.reading) < 3:
            laid.read_around(
                f"around what is said in {reason.about}", reason.citation.path, reason.citation.start_line
            )
        if len(laid.page.of(Section.WHY)) >= DECIDED:
            break
    why = laid.page.of(Section.WHY)
    if not why:
        return None
    first = why[0]
    if headed:
        asked = f"What is the reason for “{headed[0].heading}”, by {headed[0].path}?"
    else:
        asked = _asked_of(first)
    laid.ask(asked, first.text, first.citations)
    return laid


# ------------------------------------------------------------------------------------ private


def _since(ground: Ground) -> int:
    newest = ground.reader.execute(
        "SELECT authored FROM commits WHERE reachable = 1 ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    return int(newest[0] if newest else 0) - YEAR


def _wide(ground: Ground) -> frozenset[int]:
    """Return the commits of the year that touched so many files that they are about none of them."""
    rows = ground.reader.execute(
        "SELECT commits.id FROM commits JOIN change ON change.commit_id = commits.id"
        " WHERE reachable = 1 AND authored > ? GROUP BY commits.id HAVING count(*) > ?",
        (_since(ground), WIDE),
    )
    return frozenset(number for (number,) in rows)


def _changed(ground: Ground) -> dict[int, tuple[int, int]]:
    """Return on how many days of the year each path changed, and in how many commits; without wide ones."""
    wide = _wide(ground)
    days: defaultdict[int, set[int]] = defaultdict(set)
    times: Counter[int] = Counter()
    rows = ground.reader.execute(
        "SELECT path_id, commits.id, authored FROM commits JOIN change ON change.commit_id = commits.id"
        " WHERE reachable = 1 AND authored > ?",
        (_since(ground),),
    )
    for path, number, authored in rows:
        if number not in wide:
            days[path].add(authored // 86_400)
            times[path] += 1
    return defaultdict(lambda: (0, 0), {path: (len(days[path]), number) for path, number in times.items()})


def _of_the_year(ground: Ground, file: AreaFile) -> list[CommitFacts]:
    since, wide = _since(ground), _wide(ground)
    commits = commits_touching(ground.reader, [file.path_id], 400)
    return [each for each in commits if each.authored > since and each.id not in wide]


def _mends(subject: str) -> bool:
    """Whether a commit mends what the code does, by its own words: a mended comment or test is none."""
    return _FIX.search(subject) is not None and not _NO_FIX.search(subject)


def _written_lately(ground: Ground, file: AreaFile) -> tuple[FoundSymbol | None, int, bool]:
    """Return the definition with the most lines of the last year, if any has some; the line around which
    the most was written at once, of the year, else ever; and whether the definition has enough to be named.
    """
    since, wide = _since(ground), _wide(ground)
    far = {each.oid for each in commits_by_id(ground.reader, sorted(wide))}
    blamed = ground.blame(file.path)
    own = [run for run in blamed if run.authored > since and run.commit_id not in far]
    defined = [each for each in definitions_in(ground.reader, file.path_id) if each.kind in CALLABLE]
    lines = {
        each: sum(_shared(run, each) for run in own) for each in defined if each.kind is not SymbolKind.CLASS
    }
    most = max(lines, key=lambda each: lines[each], default=None)
    symbol = most if most is not None and lines[most] else None
    sure = symbol is not None and lines[symbol] >= LATELY
    # What it takes in from others stands before all that it defines, and changes with anything.
    first = min((each.start_line for each in defined), default=1)
    low, high = (symbol.start_line, symbol.end_line) if symbol is not None else (first, file.lines)
    runs = [run for run in own if run.last_line >= low and run.first_line <= high]
    runs = runs or [run for run in blamed if run.last_line >= low and run.first_line <= high]
    if not runs:
        return symbol, low, sure
    newest = max(run.authored for run in runs)
    spans = [
        (max(run.first_line, low), min(run.last_line, high))
        for run in runs
        if run in own or run.authored == newest
    ]
    start, end = max(spans, key=lambda each: each[1] - each[0])
    return symbol, (start + end) // 2, sure


def _shared(run: BlameRun, symbol: FoundSymbol) -> int:
    """Return how many lines of a definition a run holds."""
    return max(0, min(run.last_line, symbol.end_line) - max(run.first_line, symbol.start_line) + 1)


def _say_notes(laid: Laid) -> None:
    """Say what people recorded about the area, before anything that was found in code."""
    ground = laid.ground
    for note in ground.desk.notes.list():
        path = note.anchor.path if note.anchor is not None else None
        if not ground.whole and (path is None or not ground.inside(path)):
            continue
        first = next(
            (line for line in note.text.split("\n") if len(line) > 20 and not line.startswith("#")), ""
        )
        if first:
            laid.page.tell(
                Section.WHY,
                f"{note.title}: “{first.strip()}” (a note by {note.author or 'somebody'})",
                [cite_note(note, first)],
            )


def _reasons(ground: Ground, core: Sequence[Depended]) -> list[NearReason]:
    """Return the recorded reasons that explain the most, the heaviest first; one of a file or commit."""
    found: list[NearReason] = []
    for each in core:
        symbol = each.symbol
        found += list(in_code(ground, symbol.path, symbol.start_line, symbol.end_line, symbol.qualified))
    for file in ground.code[:LOOKED_AT]:
        found += list(in_code(ground, file.path, 1, file.lines, file.path))
    found += list(in_messages(ground, MESSAGES))
    central = {each.symbol.name for each in core}
    weighed = [(weight(ground, each, central), each) for each in found]
    out: list[NearReason] = []
    places: set[str] = set()
    texts: set[str] = set()
    messages = tried = 0
    for value, reason in sorted(weighed, key=lambda each: -each[0]):
        commit = reason.citation.kind is CitationKind.COMMIT
        place = reason.about if commit else reason.citation.path or ""
        if value < (LEAST if len(out) >= FEW else STILL):
            break
        if place in places or (commit and messages >= OF_MESSAGES):
            continue
        if reason.text in texts or reason.text in ground.quoted:
            continue  # an earlier step has it
        if tried >= TRIED or not is_there(ground, reason):
            tried += 1
            continue
        texts.add(reason.text)
        places.add(place)
        messages += commit
        out.append(reason)
    return out


def _say_designed(laid: Laid) -> list[Decision]:
    """Quote what documents of design give as reasons, one for each heading; return what was quoted."""
    ground = laid.ground
    documents = records(ground)
    if documents:
        laid.fact(
            f"Decisions are kept as documents: {listed([each.path for each in documents[:4]])}"
            + (f" and {len(documents) - 4} more." if len(documents) > 4 else "."),
            "documents of decisions",
            [shown_place(each.path, 1) for each in documents[:10]],
        )
    told = []
    for each in decisions_of(ground, RECORDS):
        if laid.page.tell(Section.WHY, f"{each.heading}: “{each.text}” ({each.path})", [each.citation]):
            told.append(each)
            ground.quoted.add(each.text)
    for each in told[:1]:
        laid.read_around(f"{each.path}, on {each.heading}", each.path, each.citation.start_line)
    return told


_FAULT: Final = re.compile(
    r"\b(?:vulnerab\w*|fail(?:s|ed|ing)?|crash\w*|leak\w*|wrong\w*|incorrect\w*|bugs?|broken|isn't|is not"
    r"|does(?: not|n't)|did(?: not|n't)|cannot|can't|could(?: not|n't)|(?:was|were)(?: not|n't)|impossible"
    r"|caus(?:es?|ed|ing)|missing|races?|dead-?lock\w*|overflow\w*|unsafe|no \w+ (?:is|are|was|were))\b",
    re.I,
)
"""Words of what was at fault."""
_AT_THE_TIME: Final = re.compile(r"(?:currently|at the moment|right now|until now|so far|today)\b", re.I)
_REMEDY: Final = re.compile(
    r"\b(?:therefore|hence|thus|instead|now|so that|we|this (?:commit|change|patch|pr)|needs? to|must"
    r"|in order to|to (?:avoid|prevent|ensure|allow)|rather than|allow(?:s|ed|ing)?|as a work-?around)\b",
    re.I,
)
"""Words of what is done about it, or of who does."""


def _told(reason: NearReason) -> str:
    if reason.citation.kind is CitationKind.COMMIT:
        by = f"{reason.citation.author}, {day(reason.citation.authored)}"
        # What a commit mended is so no more.
        fault = _FAULT.search(reason.text) is not None and _REMEDY.search(reason.text) is None
        fault = fault and not reason.text.lower().startswith(("previously", "before"))
        before = fault or _AT_THE_TIME.match(reason.text) is not None
        return f"“{reason.about}”: {'before this change, ' if before else ''}“{reason.text}” ({by})"
    return f"“{reason.text}” (in {reason.about})"


def _asked_of(first: Statement) -> str:
    """Ask for a reason by what it was given for."""
    subject = re.match(r"^“(.+?)”: ", first.text)
    place = first.citations[0]
    if subject is not None:
        return f"What is the reason for the change “{subject[1]}”?"
    about = re.search(r"\(in (.+)\)$", first.text)
    where = f" in {about[1]}" if about is not None else ""
    return f"Which reason is recorded{where} ({shown_place(place.path or '', place.start_line)})?"
