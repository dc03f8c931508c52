"""Take the scopes out of a query: ``path: lang: kind: sym: who: since: when:``, the rest is text.

A value with blanks goes in quotes (``who:"Ann Lee"``). Several values of one scope widen it,
several scopes narrow each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from indexer.types import ChunkKind

_SCOPE = re.compile(r'(?<!\S)([A-Za-z]{2,12}):("[^"]*"|(?![:/\\])\S+)')

_KINDS = {
    "code": ChunkKind.CODE,
    "doc": ChunkKind.DOC,
    "docs": ChunkKind.DOC,
    "commit": ChunkKind.COMMIT,
    "commits": ChunkKind.COMMIT,
    "history": ChunkKind.COMMIT,
    "note": ChunkKind.NOTE,
    "notes": ChunkKind.NOTE,
}

# What people type, beside the names of languages as the index has them.
_LANGUAGES = {
    "py": "python",
    "js": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "c++": "cpp",
    "cc": "cpp",
    "c#": "csharp",
    "cs": "csharp",
    "golang": "go",
    "rs": "rust",
    "rb": "ruby",
    "kt": "kotlin",
    "sh": "bash",
    "shell": "bash",
    "yml": "yaml",
    "md": "markdown",
    "cbl": "cobol",
    "objective-c": "objc",
    "ps1": "powershell",
    "makefile": "make",
}

_AGO = re.compile(r"(\d{1,4})\s*(d|day|days|w|week|weeks|m|month|months|y|year|years)")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")

KNOWN = ("path", "lang", "kind", "sym", "who", "since", "when")


@dataclass(frozen=True, slots=True)
class Scopes:
    """A query taken apart. ``since`` is inclusive, ``before`` is not; both in seconds since 1970."""

    text: str
    paths: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[ChunkKind, ...] = ()
    symbols: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    since: int | None = None
    before: int | None = None

    @property
    def of_history(self) -> bool:
        """Whether commits decide what is in scope."""
        return bool(self.people) or self.since is not None or self.before is not None

    @property
    def narrow(self) -> bool:
        """Whether anything but the kind is in scope."""
        return self.of_history or bool(self.paths or self.languages or self.symbols)


def parse(text: str, now: datetime | None = None) -> tuple[Scopes, list[str]]:
    """Return the scopes of ``text`` with what is left of it, and notices on what was not understood.

    An unknown scope, or a value that cannot be read, stays in the text and is searched as words.
    """
    scopes = Scopes("")
    notices: list[str] = []
    left: list[str] = []
    end = 0
    for match in _SCOPE.finditer(text):
        word, value = match[1].lower(), match[2].strip('"').strip()
        taken = _taken(scopes, word, value, now or datetime.now(UTC))
        if isinstance(taken, Scopes):
            scopes = taken
            left.append(text[end : match.start()])
        else:
            left.append(text[end : match.end()])
            if taken:
                notices.append(taken)
        end = match.end()
    left.append(text[end:])
    return replace(scopes, text=" ".join("".join(left).split())), notices


def _taken(scopes: Scopes, word: str, value: str, now: datetime) -> Scopes | str:
    """Return the scopes with one more, or why there is not one more (empty: it is plain text)."""
    if word not in KNOWN:
        # "note: see x" or "localhost:8080" are no scopes that somebody mistyped.
        return (
            ""
            if value[:1].isdigit()
            else f"There is no scope {word!r}; it was searched as words. Scopes: {', '.join(KNOWN)}."
        )
    if not value:
        return f"The scope {word}: has no value; it was searched as words."
    if word in {"since", "when"}:
        return _in_time(scopes, word, value, now)
    if word == "kind":
        kind = _KINDS.get(value.lower())
        if kind is None:
            return f"There is no kind {value!r}; it was searched as words. Kinds: code, doc, commit, note."
        return replace(scopes, kinds=(*scopes.kinds, kind))
    if word == "lang":
        value = _LANGUAGES.get(value.lower(), value.lower())
    more = (value,)
    return replace(
        scopes,
        paths=scopes.paths + more * (word == "path"),
        languages=scopes.languages + more * (word == "lang"),
        symbols=scopes.symbols + more * (word == "sym"),
        people=scopes.people + more * (word == "who"),
    )


def _in_time(scopes: Scopes, word: str, value: str, now: datetime) -> Scopes | str:
    first, dots, last = value.partition("..")
    begin, end = _span(first, now), _span(last or first, now)
    if (first and begin is None) or (last and end is None) or (word == "since" and dots):
        return (
            f"{word}:{value} is no date; it was searched as words."
            " Dates: 2024, 2024-03, 2024-03-09, 30d, 2w, 6m, 1y; when: also takes 2023..2024-06."
        )
    if word == "since":
        return replace(scopes, since=begin[0] if begin else None)
    return replace(
        scopes,
        since=begin[0] if begin and first else scopes.since,
        before=end[1] if end and not (dots and not last) else scopes.before,
    )


def _span(value: str, now: datetime) -> tuple[int, int] | None:
    """Return the first second of a date and the first one after it, or None if it is no date."""
    ago = _AGO.fullmatch(value.lower())
    if ago:
        begin = now - timedelta(days=int(ago[1]) * _DAYS[ago[2][0]])
        return int(begin.timestamp()), int(now.timestamp()) + 1
    date = _DATE.fullmatch(value)
    if not date:
        return None
    year, month, day = (int(part) if part else 0 for part in date.groups())
    try:
        begin = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if day:
            end = begin + timedelta(days=1)
        elif month:
            end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        else:
            end = datetime(year + 1, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return int(begin.timestamp()), int(end.timestamp())
