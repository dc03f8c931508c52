"""What history tells: who wrote it, when and how it changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.commit_reasons import say_why_of
from indexer.answer.contacts import code_owners, day, merged
from indexer.answer.evidence import Found
from indexer.answer.extract import say_sentences
from indexer.answer.inquiry import Inquiry, listed
from indexer.answer.lineage import with_former_paths
from indexer.answer.needs import Need
from indexer.answer.turning_points import (
    ADDS,
    RELEASE,
    REMOVES,
    VERSION,
    dated,
    holds_versions,
    say_beginning,
    say_plainest,
    say_removal,
    say_versioned,
    sequences,
)
from indexer.index.activity import activity
from indexer.index.history import CommitFacts, authors, commits_touching
from indexer.repo.words import stems
from indexer.types import Section

TIMELINE: Final = 5
PEOPLE: Final = 4

_A_LINE: Final = 3
"""Commits from which a sentence that sums them up says more than they do."""

_TAKEN_OUT: Final = re.compile(r"\b(?:when|since when|who|which (?:release|version|commit))\b", re.I)


def say_authors(inquiry: Inquiry, most: int = PEOPLE) -> None:
    """Tell who wrote the files that the question is about (``most`` people), and who is named as owner."""
    files = inquiry.files()
    page = inquiry.page
    for owner, place in code_owners(page.sources, [path for _, path in files]):
        path, _, line = place.rpartition(":")
        page.tell(
            Section.WHAT,
            f"{owner} is named as owner in {path}.",
            [page.sources.span(path, int(line), int(line))],
        )
    ids = with_former_paths(inquiry.reader, [path_id for path_id, _ in files])
    shares = merged(authors(inquiry.reader, ids, 60)) if ids else []
    total = sum(each.commits for each in shares)
    active = activity(inquiry.reader)
    where = listed([path for _, path in files])
    here = [each for each in shares if not active.has_left(each.email, each.last)]
    if here and shares and here[0] is not shares[0] and here[0].commits > 1:
        page.fact(
            Section.WHAT,
            f"Of those who are still active {here[0].name} changed {where} most often:"
            f" {here[0].commits} of its {total} commits, the last on {day(here[0].last)}.",
            f"git log --format=%an -- {' '.join(path for _, path in files)}",
            _commits_of(inquiry, ids, here[0].name),
        )
    query = f"git log --format=%an -- {' '.join(path for _, path in files)}"
    for number, share in enumerate(shares[:most]):
        told = (
            f"{share.name} wrote {share.commits} of the {total} commits that touched {where}"
            if number == 0
            else f"{share.name} wrote {share.commits} of them"
        )
        page.people = True
        last = active.last(share.email, share.last)
        left = active.has_left(share.email, share.last)
        gone = f"; no commit here at all since {day(last)}" if left else ""
        page.fact(
            Section.WHAT,
            f"{told}, the last on {day(share.last)}{gone}.",
            query,
            _commits_of(inquiry, ids, share.name),
        )
    if most >= PEOPLE:
        _say_lines_of(inquiry)


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
    leading = removal or say_beginning(inquiry, [oid for oid, _ in chosen]) or say_plainest(inquiry)
    if not leading:
        _say_span(inquiry, chosen)
    for oid, found in chosen:
        citation = page.sources.message(oid, found.start, found.end)
        # What leads is not told again among the others.
        if citation is not None and oid != leading:
            page.tell(Section.WHAT, dated(citation), [citation])
    if not chosen and not (inquiry.subject and inquiry.subject.named):
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
    _say_lines_of(inquiry)
    files = inquiry.files(1)
    subject = inquiry.subject
    if files and subject is not None and subject.named:
        touching = commits_touching(inquiry.reader, with_former_paths(inquiry.reader, [files[0][0]]), 10_000)
        if touching:
            page.fact(
                Section.WHAT,
                f"{len(touching)} commits touched {files[0][1]} since {day(touching[-1].authored)},"
                f" the last on {day(touching[0].authored)} by {touching[0].author}.",
                f"git log -- {files[0][1]}",
                [each.oid for each in touching[:19]] + [touching[-1].oid],
            )


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


def _say_lines_of(inquiry: Inquiry) -> None:
    """Tell from blame whose the lines of a named definition are, the oldest and the newest of them."""
    subject = inquiry.subject
    if subject is None or not subject.named:
        return
    symbol = subject.symbol
    runs = [
        run
        for run in inquiry.blame(symbol.path)
        if run.first_line <= symbol.end_line and run.last_line >= symbol.name_line
    ]
    if not runs:
        return
    lines: Counter[str] = Counter()
    for run in runs:
        lines[run.author] += min(run.last_line, symbol.end_line) - max(run.first_line, symbol.name_line) + 1
    total = sum(lines.values())
    oldest = min(runs, key=lambda run: (run.authored, run.first_line))
    newest = max(runs, key=lambda run: (run.authored, -run.first_line))
    shares = listed([f"{name} ({count})" for name, count in lines.most_common(3)])
    inquiry.page.fact(
        Section.WHAT,
        f"Of the {total} lines of `{symbol.qualified}` most are by {shares}; the oldest that is left is of"
        f" {day(oldest.authored)} ({oldest.commit_id[:9]}), the newest of {day(newest.authored)}"
        f" ({newest.commit_id[:9]}).",
        f"git blame -L {symbol.name_line},{symbol.end_line} -- {symbol.path}",
        list(dict.fromkeys(run.commit_id for run in sorted(runs, key=lambda run: -run.authored))),
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
    subject = inquiry.subject
    named = subject.symbol.name.lower() if subject is not None and subject.named else ""
    for found in evidence.found:
        if found.hit.commit_id is None or found.sentence.role is not Role.SUBJECT:
            continue
        if RELEASE.match(found.sentence.text) or not holds_versions(inquiry, found.hit.text):
            continue
        if named and named not in found.hit.text.lower():
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
    subject = inquiry.subject
    if subject is None or not subject.named:
        return []
    name = set(stems(subject.symbol.name))
    whole = subject.symbol.name.lower()
    paths = with_former_paths(inquiry.reader, [subject.symbol.path_id])
    touching = commits_touching(inquiry.reader, paths, 10_000)
    # Of a name of several words a message must have all, or the name itself.
    return [
        each
        for each in touching
        if not RELEASE.match(each.subject)
        and (whole in each.message.lower() or (len(name) == 1 and name <= set(stems(each.subject))))
    ]


def _commits_of(inquiry: Inquiry, path_ids: Sequence[int], name: str) -> list[str]:
    return [each.oid for each in commits_touching(inquiry.reader, path_ids, 2_000) if each.author == name][
        :20
    ]
