"""The version of a repository, and the last commit that made a release of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.contacts import day
from indexer.answer.inquiry import Inquiry, listed, shown_place
from indexer.answer.readable import CHANGE_LOG
from indexer.types import Section

_NUMBER: Final = r"v?\d+\.\d+(?:\.\d+)*(?:[-.]?(?:rc|beta|alpha|b|a)[.\d]*)?"
_VERSIONED: Final = re.compile(
    r"^(?:\w+(?:\([^)]*\))?!?:\s*|\[[\w-]*release[\w-]*\]\s*)?"
    r"(?:prepare\s+(?:for\s+)?(?=version|v?\d)|(?:prepare |cut )?releas(?:e|ing)\b[\s:-]*"
    r"|(?:bump|set|update)\s+(?:the\s+)?version\b[\s:]*"
    r"|(?:bump|cut|tag)\s+(?=v?\d+\.\d+\.\d))?"
    rf"(?:to\s+|version\s+|of\s+)*(?:[\w.-]*-)?{_NUMBER}(?:\s*(?:→|->|to)\s*{_NUMBER})?"
    r"(?:\s+version|\s+release|\s+stable|\s+final)?(?:\s*\(#\d+\))?\.?$",
    re.I,
)
"""Subjects of commits that make a release: "5.2.1", "release version 3.1.0"; no bump of what is needed."""
_RECENT: Final = 3_000
_TOUCHED: Final = 5
"""Commits, the newest first, among which the last release is looked for, and files of it that are named."""
_VERSIONS: Final = (
    (re.compile(r"(?:^|/)version\.rb$"), re.compile(r"\bVERSION\s*=\s*[\"']\d")),
    (
        re.compile(r"(?:^|/)(?:__init__|_?version|__about__|__version__)\.py$"),
        re.compile(r"^(?:__version__|VERSION|version)\b[^=]*=\s*[\"'(]\W*\d"),
    ),
    (re.compile(r"(?:^|/)(?:pyproject|cargo)\.toml$", re.I), re.compile(r"^version\s*=\s*[\"']\d")),
    (re.compile(r"(?:^|/)package\.json$"), re.compile(r"^\s*\"version\"\s*:\s*\"\d")),
    (re.compile(r"(?:^|/)setup\.(?:py|cfg)$"), re.compile(r"^\s*version\s*=\s*[\"']?\d")),
    (re.compile(r"(?:^|/)gradle\.properties$"), re.compile(r"^version(?:Name)?\s*=\s*\d")),
    (re.compile(r"(?:^|/)version\.go$"), re.compile(r"\bVersion\s*(?:string\s*)?=\s*\"v?\d")),
    (re.compile(r"(?:^|/)version\.h(?:pp)?$"), re.compile(r"^\s*#\s*define\s+\w*VERSION\w*\s+\"\d")),
    (re.compile(r"(?:^|/)[^/]+\.gemspec$"), re.compile(r"\.version\s*=\s*[\"']\d")),
    (re.compile(r"(?:^|/)mix\.exs$"), re.compile(r"^\s*(?:@version|version:)\s*\"\d")),
    (re.compile(r"^VERSION(?:\.txt)?$"), re.compile(r"^v?\d+\.\d+")),
)
"""Files that hold the version, and the line of it."""


def say_version_and_last(inquiry: Inquiry, paths: Sequence[str]) -> None:
    """Tell where the version stands, and what the last release touched. ``paths`` are the current files."""
    last = _last_release(inquiry)
    if not (last is not None and _say_version_of(inquiry, last)):
        _say_version(inquiry, paths)
    if last is not None:
        _say_last(inquiry, last)


def _say_version(inquiry: Inquiry, paths: Sequence[str]) -> None:
    """Show the line that holds the version."""
    # The package of a part has a version of its own: what stands further down counts where nothing else does.
    for path in sorted(paths, key=lambda each: each.count("/") > 1 and "package" in each.rpartition("/")[2]):
        form = next((line for files, line in _VERSIONS if files.search(path)), None)
        source = inquiry.page.sources.file(path) if form is not None else None
        if form is None or source is None:
            continue
        at = next((number for number, line in enumerate(source.lines, 1) if form.search(line)), 0)
        span = inquiry.page.sources.span(path, at, at) if at else None
        if span is not None:
            line = source.lines[at - 1].strip()
            inquiry.page.tell(
                Section.WHAT, f"The version stands in {shown_place(path, at)}: `{line}`", [span]
            )
            return


@dataclass(frozen=True, slots=True)
class _Made:
    """The commit that made a release: its subject, when it was written, and the paths that it touched."""

    oid: str
    subject: str
    authored: int
    touched: tuple[str, ...]


def _last_release(inquiry: Inquiry) -> _Made | None:
    """Return the last commit that made a release, or None."""
    rows = inquiry.reader.execute(
        "SELECT id, oid, subject, authored FROM commits WHERE reachable = 1 ORDER BY sequence DESC LIMIT ?",
        (_RECENT,),
    ).fetchall()
    for commit_id, oid, subject, authored in rows:
        if not _VERSIONED.match(subject.strip()):
            continue
        touched = inquiry.reader.execute(
            "SELECT p.shown FROM change h JOIN path p ON p.id = h.path_id WHERE h.commit_id = ? ORDER BY"
            " p.shown LIMIT ?",
            (commit_id, _TOUCHED + 1),
        ).fetchall()
        if touched:
            return _Made(oid, subject.strip(), authored, tuple(path for (path,) in touched))
    return None


def _say_version_of(inquiry: Inquiry, last: _Made) -> bool:
    """Show the line in which the last release wrote its version, which the next one will write too. Return
    whether it stands in code, and not only among the changes.
    """
    number = re.search(r"\d+(?:\.\d+)+", last.subject)
    for path in last.touched if number is not None else ():
        source = (
            None
            if CHANGE_LOG.search(path) or path.endswith((".md", ".rst", ".lock"))
            else inquiry.page.sources.file(path)
        )
        at = (
            next((at for at, line in enumerate(source.lines, 1) if number and number[0] in line), 0)
            if source
            else 0
        )
        span = inquiry.page.sources.span(path, at, at) if at else None
        if source is not None and span is not None:
            told = f"The version stands in {shown_place(path, at)}: `{source.lines[at - 1].strip()}`"
            return inquiry.page.tell(Section.WHAT, told, [span])
    return False


def _say_last(inquiry: Inquiry, last: _Made) -> None:
    """Tell what the last release touched: the next one will touch the same."""
    more = " and more" if len(last.touched) > _TOUCHED else ""
    named = ", ".join(last.touched[:_TOUCHED]) if more else listed(last.touched)
    inquiry.page.tell(
        Section.WHAT,
        f"The last commit that names a release, “{last.subject}” ({day(last.authored)}), touched"
        f" {named}{more}.",
        [inquiry.page.sources.message(last.oid, 1, 1)],
    )
