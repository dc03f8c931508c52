"""What history tells: when and how something changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.about import named_symbols
from indexer.answer.authors import say_lines_of
from indexer.answer.authorship import EVERYBODY, is_robot, log_command
from indexer.answer.beginnings import say_beginning, say_older
from indexer.answer.blocks import Role
from indexer.answer.commit_reasons import say_why_of
from indexer.answer.contacts import day
from indexer.answer.evidence import Found
from indexer.answer.extract import say_sentences
from indexer.answer.initials import say_by_initials
from indexer.answer.inquiry import Inquiry
from indexer.answer.lineage import with_former_paths
from indexer.answer.needs import Need
from indexer.answer.turning_points import (
    ADDS,
    RELEASE,
    REMOVES,
    VERSION,
    by_robot,
    holds_versions,
    say_plainest,
    say_removal,
    say_versioned,
    sequences,
    tell_commit,
)
from indexer.answer.value_written import asks_of_value, say_value_written
from indexer.index.history import CommitFacts, commits_touching
from indexer.repo.words import stems
from indexer.types import Section

TIMELINE: Final = 5

_A_LINE: Final = 3
"""Commits from which a sentence that sums them up says more than they do."""

_TAKEN_OUT: Final = re.compile(r"\b(?:when|since when|who|which (?:release|version|commit))\b", re.I)


def say_changes(inquiry: Inquiry) -> None:
    """Tell when and how something changed: a short timeline, oldest first."""
    chosen = _timeline(inquiry)
    page = inquiry.page
    if REMOVES.search(inquiry.asked.text) and say_versioned(inquiry):
        page.settled[Need.CHANGE] = True
        return
    removal = say_removal(inquiry)
    if REMOVES.search(inquiry.asked.text) and _TAKEN_OUT.search(inquiry.asked.text):
        # That it was added once tells nothing of when it went.
        page.carried[Need.CHANGE] = bool(removal)
    written = "" if removal else _value_written(inquiry)
    begun = "" if removal or written else say_beginning(inquiry, [oid for oid, _ in chosen])
    leading = removal or written or begun or say_plainest(inquiry) or say_by_initials(inquiry)
    if not leading:
        _say_span(inquiry, chosen)
        # What else was done to a thing tells nothing of its value.
        other = bool(inquiry.namings) and asks_of_value(inquiry.asked.text)
        page.carried[Need.CHANGE] = page.carried.get(Need.CHANGE, True) and not other
    for oid, found in chosen:
        citation = page.sources.message(oid, found.start, found.end)
        # What leads is not told again among the others.
        if citation is None or oid == leading or (begun and say_older(inquiry, begun, citation)):
            continue
        tell_commit(inquiry, citation)
    named = next(iter(named_symbols(inquiry)), None)
    if not chosen and not leading and named is None:
        # Of a version that went, what is near in words tells of another.
        if not (VERSION.search(inquiry.asked.text) and REMOVES.search(inquiry.asked.text)):
            say_sentences(inquiry, 3)
            # Nor does what speaks of another version tell what this one changed.
            told = page.of(Section.WHAT)
            page.carried[Need.CHANGE] = any(holds_versions(inquiry, each.text) for each in told)
        return
    if leading:
        say_why_of(inquiry, leading)
        return
    if named is not None and not page.people:
        say_lines_of(inquiry, [named])
        ids = with_former_paths(inquiry.reader, [named.path_id])
        touching = commits_touching(inquiry.reader, ids, EVERYBODY)
        if touching:
            page.fact(
                Section.WHAT,
                f"{len(touching)} commits touched {named.path} since {day(touching[-1].authored)},"
                f" the last on {day(touching[0].authored)} by {touching[0].author}.",
                log_command(inquiry.reader, ids),
                [each.oid for each in touching[:19]] + [touching[-1].oid],
            )


def _value_written(inquiry: Inquiry) -> str:
    """Tell which commit set the value that is asked about. Return its id, or nothing."""
    written = say_value_written(inquiry)
    if written:
        inquiry.page.settled[Need.CHANGE] = True
    return written


def _say_span(inquiry: Inquiry, chosen: Sequence[tuple[str, _Lines]]) -> None:
    """Lead with one sentence: when and by whom it began, how often it is spoken of since, the last time."""
    if len(chosen) < _A_LINE:
        return
    first, last = (
        inquiry.page.sources.message(oid, lines.start, lines.end) for oid, lines in (chosen[0], chosen[-1])
    )
    if first is None or last is None:
        return
    if ADDS.match(first.quote.strip()):
        told = (
            f"Added on {day(first.authored)} by {first.author}; {len(chosen)} commits that plainly speak of"
            f" it are shown, the last of {day(last.authored)} by {last.author}."
        )
    else:
        told = (
            f"{len(chosen)} commits that plainly speak of it are shown, the first of {day(first.authored)} by"
            f" {first.author}, the last of {day(last.authored)} by {last.author}."
        )
    inquiry.page.fact(
        Section.WHAT,
        told,
        "commits whose message speaks of it",
        [oid for oid, _ in chosen],
    )


class _Lines:
    """Which lines of a message are quoted."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


def _timeline(inquiry: Inquiry) -> list[tuple[str, _Lines]]:
    """Return commits that plainly speak of the subject, oldest first: its beginning, then the rest."""
    evidence = inquiry.evidence
    best: dict[str, tuple[float, Found]] = {}
    symbol = next(iter(named_symbols(inquiry)), None)
    named = symbol.name.lower() if symbol is not None else ""
    for found in evidence.found:
        if found.hit.commit_id is None or found.sentence.role is not Role.SUBJECT:
            continue
        if RELEASE.match(found.sentence.text) or not holds_versions(inquiry, found.hit.text):
            continue
        if named and named not in found.hit.text.lower():
            continue
        if by_robot(inquiry, found.hit.commit_id):
            continue
        value = found.coverage + 0.1 * bool(ADDS.search(found.sentence.text))
        best[found.hit.commit_id] = (value, found)
    ranked = sorted(best.items(), key=lambda each: -each[1][0])
    floor = max(0.5, ranked[0][1][0] * 0.75) if ranked else 1.0
    chosen = {
        oid: _Lines(found.sentence.start_line, found.sentence.end_line)
        for oid, (value, found) in ranked
        if value >= floor
    }
    for commit in _of_subject(inquiry):
        if len(chosen) >= 40:
            break
        chosen.setdefault(commit.oid, _Lines(1, 1))
    if not chosen:
        return []
    order = sequences(inquiry, list(chosen))
    listed_ = sorted(chosen, key=lambda oid: order.get(oid, 0))
    if len(listed_) > TIMELINE:
        # The beginning and the newest say most; the best of the rest fill up.
        strength = {oid: value for oid, (value, _) in best.items()}
        middle = sorted(listed_[1:-1], key=lambda oid: -strength.get(oid, 0.0))[: TIMELINE - 2]
        listed_ = [oid for oid in listed_ if oid in {listed_[0], listed_[-1], *middle}]
    return [(oid, chosen[oid]) for oid in listed_]


def _of_subject(inquiry: Inquiry) -> list[CommitFacts]:
    """Return commits on the subject's file whose subject line names it, when the question names it."""
    symbol = next(iter(named_symbols(inquiry)), None)
    if symbol is None:
        return []
    name = set(stems(symbol.name))
    whole = symbol.name.lower()
    paths = with_former_paths(inquiry.reader, [symbol.path_id])
    touching = commits_touching(inquiry.reader, paths, 10_000)
    # Of a name of several words a message must have all, or the name itself.
    return [
        each
        for each in touching
        if not RELEASE.match(each.subject)
        and not is_robot(each.author, each.email)
        and (whole in each.message.lower() or (len(name) == 1 and name <= set(stems(each.subject))))
    ]
