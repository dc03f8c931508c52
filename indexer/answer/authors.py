"""Who wrote something: of what is named the commit that added it, whose its lines are, then its file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.about import named_symbols
from indexer.answer.authorship import Authorship, authorship, commits_by, is_robot, merged
from indexer.answer.beginnings import say_beginning, say_coming
from indexer.answer.contacts import code_owners, day
from indexer.answer.inquiry import MINOR, Inquiry, listed, shown_place
from indexer.answer.lineage import with_former_paths
from indexer.answer.needs import Need
from indexer.index.activity import activity
from indexer.index.blame_cache import BlameRun
from indexer.index.history import AuthorShare, commits_touching
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.words import stems
from indexer.types import Section, SymbolKind

PEOPLE: Final = 4
_NEAR: Final = 2

_DEFINED: Final = 3
"""Definitions that words are taken to mean."""
_NEARLY: Final = 0.6
"""Share of the weight of the best name from which another is meant as well: "url and email"."""
_NO_CODE: Final = frozenset((SymbolKind.KEY, SymbolKind.HEADING))
WROTE: Final = re.compile(
    r"\b(?:wr[io]te|written|wrote|authors?|add(?:s|ed)?|introduc\w+|creat\w+|implement\w*|invent\w*|built"
    r"|made|contribut\w+|c[ao]me|brought|com(?:es|ing) from)\b",
    re.I,
)
"""Words of who asks for the one that it is by, and not for whoever knows it."""
_LEADS: Final = 0.05
"""Share of the commits from which who is still here is told before who wrote more and left."""

_TOUCHED: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Meant:
    """What somebody is to be named for. ``guessed``: the question names neither file nor definition."""

    files: tuple[tuple[int, str], ...]
    symbols: tuple[FoundSymbol, ...]
    guessed: bool


def say_authors(inquiry: Inquiry, most: int = PEOPLE) -> None:
    """Tell who wrote what the question is about (``most`` people), and who is named as owner."""
    meant = _meant(inquiry)
    page = inquiry.page
    for owner, place in code_owners(page.sources, [path for _, path in meant.files]):
        path, _, line = place.rpartition(":")
        page.tell(
            Section.WHAT,
            f"{owner} is named as owner in {path}.",
            [page.sources.span(path, int(line), int(line))],
        )
    asked = " ".join(part.text for part in inquiry.asked.parts)
    if most >= PEOPLE and WROTE.search(asked):
        if meant.guessed:
            say_beginning(inquiry, [], asked_for=True)
        elif meant.symbols:
            say_coming(inquiry, meant.symbols[0])
    if meant.guessed:
        _say_taken(inquiry, meant)
    if meant.symbols and most >= PEOPLE:
        if meant.guessed:
            _say_spoken(inquiry, meant)
        say_lines_of(inquiry, meant.symbols)
    # Of those who wrote what is only near, few are enough.
    _say_counts(inquiry, meant, most if inquiry.page.carried.get(Need.AUTHOR, True) else _NEAR)


def say_lines_of(inquiry: Inquiry, symbols: Sequence[FoundSymbol]) -> None:
    """Tell from blame whose the lines of definitions of one file are, the oldest and the newest of them."""
    path = symbols[0].path
    spans = [(each.name_line, each.end_line) for each in symbols if each.path == path]
    runs = [
        (run, lines)
        for run in inquiry.blame(path)
        if (
            lines := sum(
                max(0, min(run.last_line, end) - max(run.first_line, start) + 1) for start, end in spans
            )
        )
    ]
    people = [(run, lines) for run, lines in runs if not is_robot(run.author, run.email)]
    if not people:
        return
    shares = merged(
        [AuthorShare(run.author, run.email, lines, run.authored, run.authored) for run, lines in people]
    )
    total = sum(lines for _, lines in runs)
    oldest = min((run for run, _ in runs), key=lambda run: (run.authored, run.first_line))
    newest = max((run for run, _ in runs), key=lambda run: (run.authored, -run.first_line))
    names = listed([f"`{each.qualified}`" for each in symbols if each.path == path])
    whose = (
        f"{f'All {total} lines of {names} are' if total > 1 else f'The one line of {names} is'} by"
        f" {shares[0].name}"
        if shares[0].commits == total
        else f"Of the {total} lines of {names} most are by"
        f" {listed([f'{each.name} ({each.commits})' for each in shares[:3]])}"
    )
    inquiry.page.fact(
        Section.WHAT,
        f"{whose}; {_span(oldest, newest)}.",
        f"git blame {' '.join(f'-L {start},{end}' for start, end in spans)} -- {path}",
        list(dict.fromkeys(run.commit_id for run, _ in sorted(runs, key=lambda each: -each[0].authored))),
    )


# ------------------------------------------------------------------------------------ private


def _meant(inquiry: Inquiry) -> _Meant:
    named = named_symbols(inquiry)
    if named:
        files = dict.fromkeys((each.path_id, each.path) for each in named)
        return _Meant(tuple(files), named, guessed=False)
    files_ = tuple(inquiry.files())
    if any(each.paths for each in inquiry.namings):
        return _Meant(files_, (), guessed=False)
    return _Meant(files_, _spoken_of(inquiry, files_[:1]), guessed=bool(files_))


def _spoken_of(inquiry: Inquiry, files: Sequence[tuple[int, str]]) -> tuple[FoundSymbol, ...]:
    """Return the definitions of a file whose names the question says in plain words."""
    weights = inquiry.evidence.weights
    worth: dict[str, tuple[float, FoundSymbol]] = {}
    for path_id, _ in files:
        for each in definitions_in(inquiry.reader, path_id):
            words = set(stems(each.name))
            if each.kind in _NO_CODE or each.marks & MINOR or not words or not words <= weights.keys():
                continue
            value = sum(weights[word] for word in words)
            if value > worth.get(each.name.lower(), (0.0, each))[0]:
                worth[each.name.lower()] = (value, each)
    best = max((value for value, _ in worth.values()), default=0.0)
    ranked = sorted(worth.values(), key=lambda each: (-each[0], each[1].name_line))
    return tuple(each for value, each in ranked if value >= _NEARLY * best)[:_DEFINED]


def _say_taken(inquiry: Inquiry, meant: _Meant) -> None:
    """Say what the words were taken to mean: who is named for the wrong file is asked in vain."""
    where = listed([path for _, path in meant.files])
    places = [(each.path, each.name_line) for each in meant.symbols] or [(path, 1) for _, path in meant.files]
    names = listed(
        [f"`{each.qualified}` ({shown_place(each.path, each.name_line)})" for each in meant.symbols]
    )
    told = f"No file is named; taken to be about {where}"
    if not meant.symbols and not any(inquiry.evidence.terms_in(path) for _, path in meant.files):
        # Who wrote what is only near in some text is no answer about a thing that may not be here at all.
        told = f"No file is named, and the name of none has these words; the nearest is {where}"
        inquiry.page.carried[Need.AUTHOR] = False
    if meant.symbols:
        are = "is" if len(meant.symbols) == 1 else "are"
        told += f", where {names} {are} what the words come closest to"
    spans = [inquiry.page.sources.span(path, line, line) for path, line in places]
    inquiry.page.tell(Section.WHAT, f"{told}.", spans)


def _say_spoken(inquiry: Inquiry, meant: _Meant) -> None:
    """Tell who wrote the commits to the file that speak of its definition: they changed those very lines."""
    words = {word for each in meant.symbols for word in stems(each.name)}
    path_id, path = meant.files[0]
    ids = with_former_paths(inquiry.reader, [path_id])
    speaking = [
        each
        for each in commits_touching(inquiry.reader, ids, _TOUCHED)
        if words & set(stems(each.subject)) and not is_robot(each.author, each.email)
    ]
    if not speaking:
        return
    shares = merged(
        [AuthorShare(each.author, each.email, 1, each.authored, each.authored) for each in speaking]
    )
    active = activity(inquiry.reader)
    # Who is still here can be asked.
    shares.sort(key=lambda each: (active.has_left(each.email, each.last), -each.commits, -each.last))
    told = [_with_leaving(inquiry, each) for each in shares[:3]]
    inquiry.page.people = True
    spoken = " or ".join(f"“{each}”" for each in dict.fromkeys(each.name for each in meant.symbols))
    inquiry.page.fact(
        Section.WHAT,
        f"{len(speaking)} {'commit' if len(speaking) == 1 else 'commits'} to {path}"
        f" {'speaks' if len(speaking) == 1 else 'speak'} of {spoken}"
        f" in the subject line: by {listed(told)}{_more(len(shares) - 3)}.",
        f"commits of {path} (and of where it stood before) whose subject line has a form of {spoken}",
        [each.oid for each in speaking],
    )


def _with_leaving(inquiry: Inquiry, share: AuthorShare) -> str:
    active = activity(inquiry.reader)
    gone = active.has_left(share.email, share.last)
    left = f", no commit here at all since {day(active.last(share.email, share.last))}" if gone else ""
    return f"{share.name} ({share.commits}, the last on {day(share.last)}{left})"


def _of(count: int, total: int) -> str:
    if count < total:
        return f"{count} of the {total} commits"
    return f"all {total} commits" if total > 1 else "the one commit"


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _say_counts(inquiry: Inquiry, meant: _Meant, most: int) -> None:
    ids = with_former_paths(inquiry.reader, [path_id for path_id, _ in meant.files])
    if not ids:
        return
    page = inquiry.page
    counted = authorship(inquiry.reader, ids)
    shares, total = counted.shares, counted.total
    active = activity(inquiry.reader)
    where = listed([path for _, path in meant.files])
    here = [each for each in shares if not active.has_left(each.email, each.last)]
    nearest = here[0] if here and here[0] is not shares[0] and here[0].commits > 1 else None
    # Who is here and made two of a hundred commits is worth telling, and no answer to begin with.
    leads = nearest is not None and nearest.commits >= _LEADS * total
    if nearest is not None and leads:
        _say_nearest(inquiry, counted, nearest, where)
    for number, share in enumerate(shares[:most]):
        also = counted.written_as(share.name)[1:]
        name = f"{share.name} (also as {listed(also)})" if also else share.name
        told = (
            f"{name} wrote {_of(share.commits, total)} that touched {where}"
            if number == 0
            else f"{name} wrote {share.commits} of them"
        )
        page.people = True
        last = active.last(share.email, share.last)
        left = active.has_left(share.email, share.last)
        gone = f"; no commit here at all since {day(last)}" if left else ""
        page.fact(
            Section.WHAT,
            f"{told}, the last on {day(share.last)}{gone}.",
            counted.command,
            [each.oid for each in commits_by(inquiry.reader, counted, share.name)],
        )
    if nearest is not None and not leads:
        _say_nearest(inquiry, counted, nearest, where)


def _say_nearest(inquiry: Inquiry, counted: Authorship, share: AuthorShare, where: str) -> None:
    """Tell who of those who are still here wrote most."""
    inquiry.page.fact(
        Section.WHAT,
        f"Of those who are still active {share.name} changed {where} most often:"
        f" {share.commits} of its {counted.total} commits, the last on {day(share.last)}.",
        counted.command,
        [each.oid for each in commits_by(inquiry.reader, counted, share.name)],
    )


def _within(run: BlameRun, spans: Sequence[tuple[int, int]]) -> int:
    """Return how many lines of a run lie within spans."""
    return sum(max(0, min(run.last_line, end) - max(run.first_line, start) + 1) for start, end in spans)


def _span(oldest: BlameRun, newest: BlameRun) -> str:
    if oldest.commit_id == newest.commit_id:
        return f"they came on {day(oldest.authored)} ({oldest.commit_id[:9]})"
    return (
        f"the oldest that is left is of {day(oldest.authored)} ({oldest.commit_id[:9]}),"
        f" the newest of {day(newest.authored)} ({newest.commit_id[:9]})"
    )
