"""Versions that are out: their tags, and the log that tells users what changed in each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from indexer.answer.contacts import day
from indexer.answer.inquiry import shown_place
from indexer.guide.tours import counting
from indexer.guide.tours.ground import PROSE, AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.types import FileMark, Section

YEAR: Final = 31_557_600
POINTS: Final = 15
"""Lines below which a log without a version in it only points elsewhere."""
BEHIND: Final = 3
"""Versions that are tagged above a log's newest from which the log is behind."""
READ: Final = 600
"""Lines of a log in which its newest version stands."""

_LOG: Final = re.compile(
    r"(?:^|/)(?:\d+[-_]?)?(?:change|changelog|changes|history|news|releases?|whatsnew)[^/]*?(?:\.\w+)?$", re.I
)
_NO_LOG: Final = re.compile(r"(?:^|/)\.|process|procedure|check-?list|guide|deps/|third[-_]?party/", re.I)
_TAG: Final = re.compile(
    r"^(?:(?P<family>[A-Za-z][\w.-]*?)[-_/])?v?(?P<number>\d+(?:\.\d+)+)"
    r"(?P<rest>[-.]?(?:a|b|rc|alpha|beta|final|GA|RELEASE|M)\.?\d*)?$",
    re.I,
)
_PLAIN: Final = frozenset(("", "v", "release", "releases", "rel", "version"))
"""Words before a number that name no part of the repository."""
_EARLY: Final = re.compile(r"^[-.]?(?:a|b|rc|alpha|beta|M)\.?\d*$", re.I)
_HEADS: Final = re.compile(r"^[#=*\s\[]*(?:[A-Za-z][\w.-]*\s+){0,2}v?(\d+(?:\.\d+)+)(.*)$")
_UNDERLINED: Final = re.compile(r"^([=~^\-*+])\1{2,}\s*$")
_ADDRESS: Final = re.compile(r"https?://[^\s<>)\"'`]+")
_VERSIONED: Final = re.compile(r"^v?\d+(?:[._]\d+)+\.(?:md|rst|txt|adoc)$")


@dataclass(frozen=True, slots=True)
class _Version:
    name: str
    number: tuple[int, ...]
    early: bool
    oid: str
    when: int | None
    """When its commit was made; None where this branch does not have it."""


def say_versions(laid: Laid) -> None:
    """Tell the newest tagged version, and where users are told what changed."""
    versions = _versions(laid.ground)
    own = sorted(
        (each for each in versions if each.when is not None), key=lambda each: (each.when or 0, each.name)
    )
    if own:
        newest = own[-1]
        when = newest.when or 0
        year = sum((each.when or 0) > when - YEAR for each in own)
        highest = max(versions, key=lambda each: (not each.early, each.number))
        beyond = (
            f" Off this branch versions are tagged up to {highest.name}."
            if highest.when is None and highest.number > max(each.number for each in own)
            else ""
        )
        laid.fact(
            f"The newest version that this branch has is {newest.name}, tagged on a commit of {day(when)};"
            f" {counting.counted(len(own), 'version is', 'versions are')}"
            f" tagged in all, {year} of them within a year of it.{beyond}",
            "git tag",
            [each.oid for each in own[:-11:-1]],
        )
    logs = [
        each
        for each in laid.ground.everything
        if _LOG.search(each.path)
        and each.path.count("/") <= 2
        and not each.defines
        and not each.marks & FileMark.VENDORED
        and not _NO_LOG.search(each.path)
        and (each.language in PROSE or "." not in each.path.rpartition("/")[2])
    ]
    logs.sort(key=lambda each: (each.path.count("/"), -each.changes))
    if logs:
        _say_log(laid, logs[0], own)


# ------------------------------------------------------------------------------------ private


def _versions(ground: Ground) -> list[_Version]:
    """Return the versions that are tagged; of a repository of parts, those of what has the most."""
    rows = ground.reader.execute("SELECT oid, committed FROM commits WHERE reachable = 1").fetchall()
    times: dict[str, int] = dict(rows)
    families: dict[str, list[_Version]] = {}
    for name, oid in ground.desk.repository.tags().items():
        found = _TAG.match(name)
        if found is None:
            continue
        family = (found["family"] or "").lower()
        version = _Version(
            name, _number(found["number"]), bool(_EARLY.match(found["rest"] or "")), oid, times.get(oid)
        )
        families.setdefault("" if family in _PLAIN else family, []).append(version)
    sizes = Counter({family: len(each) for family, each in families.items()})
    return families[sizes.most_common(1)[0][0]] if sizes else []


def _number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _say_log(laid: Laid, log: AreaFile, versions: list[_Version]) -> None:
    source = laid.ground.sources.file(log.path)
    lines = source.lines if source is not None else ()
    told = _newest_told(lines)
    if told is None and sum(bool(each.strip()) for each in lines) < POINTS:
        _say_pointer(laid, log, lines)
        return
    above = [
        each
        for each in versions
        if told is not None and not each.early and each.number[:2] > told[0][:2] and len(told[0]) > 1
    ]
    if told is not None and len(above) >= BEHIND:
        laid.page.tell(
            Section.WHAT,
            f"{log.path} tells what changed for users only up to {'.'.join(map(str, told[0]))}"
            f" ({shown_place(log.path, told[1])}): {len(above)} versions above it are tagged, up to"
            f" {max(above, key=lambda each: each.number).name}.",
            [laid.ground.sources.span(log.path, told[1], told[1])],
        )
        return
    laid.fact(f"What changed for users is told in {log.path}.", "change logs", [shown_place(log.path, 1)])


def _newest_told(lines: tuple[str, ...]) -> tuple[tuple[int, ...], int] | None:
    """Return the highest version that has a heading in a log, and its line."""
    best: tuple[tuple[int, ...], int] | None = None
    for at, line in enumerate(lines[:READ]):
        found = _HEADS.match(line)
        if found is None:
            continue
        under = at + 1 < len(lines) and _UNDERLINED.match(lines[at + 1])
        alone = re.match(r"^[\])]*\s*(?:[-–—(:,/].*)?$", found[2])
        if not (line.startswith("#") or under or alone):
            continue
        number = _number(found[1])
        if best is None or number > best[0]:
            best = number, at + 1
    return best


def _say_pointer(laid: Laid, log: AreaFile, lines: tuple[str, ...]) -> None:
    """Say that a log only points elsewhere, and what of it is here."""
    ground = laid.ground
    at = next((number for number, line in enumerate(lines, 1) if _ADDRESS.search(line)), 0)
    named = next(
        (
            (word.strip("`<>:_.,()"), number)
            for number, line in enumerate(lines, 1)
            for word in line.split()
            if "/" in word or "." in word
            if ground.file(word.strip("`<>:_.,()")) is not None
        ),
        None,
    )
    if named is not None:
        laid.page.tell(
            Section.WHAT,
            f"What changed for users is told in {named[0]}, to which {log.path} points.",
            [ground.sources.span(log.path, named[1], named[1])],
        )
        return
    if not at:
        laid.fact(
            f"{log.path} tells no version: what changed for users is not told in it.",
            "change logs",
            [shown_place(log.path, 1)],
        )
        return
    address = _ADDRESS.search(lines[at - 1])
    ending = address[0].rstrip("/.,").rpartition("/")[2] if address else ""
    notes = sorted(
        (
            (_number(".".join(re.findall(r"\d+", name))), each.path)
            for each in ground.everything
            for folder, _, name in (each.path.rpartition("/"),)
            if ending and folder.rpartition("/")[2] == ending and _VERSIONED.match(name)
        ),
        reverse=True,
    )
    here = f"; here the notes of each version lie beside {notes[0][1]}" if notes else ""
    cited = [ground.sources.span(log.path, at, at)]
    if notes:
        cited.append(ground.sources.span(notes[0][1], 1, 1))
    laid.page.tell(
        Section.WHAT,
        f"{log.path} is no log of changes: it only points to {address[0] if address else ''}{here}.",
        cited,
    )
