"""When a value was set that code gives a name: the commit that put it in, what stood there before, and the
release that it came with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.answer.about import named_symbols
from indexer.answer.beginnings import changed_with, raw_paths
from indexer.answer.came_with import say_release_of
from indexer.answer.inquiry import MINOR, VALUES, Inquiry, shown_place
from indexer.answer.lineage import with_former_paths
from indexer.answer.turning_points import dated
from indexer.index.mentions import mentions
from indexer.types import Citation, FileMark, Section

_ASKED: Final = re.compile(
    r"\bdefaults?\b|\bset to\b"
    r"|\b(?:chang|rais|lower|increas|decreas|reduc|bump|switch|turn|go|went)\w*\b[^?,;]{0,60}?\b(?:to|from)\b",
    re.I,
)
"""That the value is asked about, and not whatever else changed about the name."""
_LITERAL: Final = r"(?:[-+]?\d[\w.]*|[\"'][^\"']*[\"']|(?:True|False|None|true|false|null|nil|undefined)\b)"
_TO: Final = re.compile(r"\bto [`\"']?([-+]?\d[\w.]*|true|false|none|null|nil)\b", re.I)
_LINE: Final = 140
"""Characters of a line that is quoted."""
_LOOKED_AT: Final = 3
_MOVES: Final = 3
"""Lines that set it whose history is looked through, and files from one to the next of which it is."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """A line that sets what a question names, and the value that it sets it to, both as written."""

    name: str
    path: str
    line: int
    text: str
    value: str
    named: bool
    """The line defines what the question names; another may set something else of its name."""


def asks_of_value(text: str) -> bool:
    """Return whether a text asks of a value, or what it became, and not whatever was done to the thing."""
    return _ASKED.search(text) is not None and (_TO.search(text) is not None or "default" in text.lower())


def say_value_written(inquiry: Inquiry) -> str:
    """Lead with the commit that set what is named to the value which stands here, by the lines that it took
    out and put in: whoever moved or reformatted the line set nothing. Return its id, or nothing where no such
    line stands here, or not with the value that is asked about.
    """
    if _ASKED.search(inquiry.asked.text) is None:
        return ""
    found = [(_set_by(inquiry, each), each) for each in _settings(inquiry)[:_LOOKED_AT]]
    known = [(commit, before, each) for (commit, before), each in found if commit is not None]
    if not known:
        return ""
    # What had another value before was changed; of what is new nobody asks from what it came.
    commit, before, setting = max(
        known, key=lambda each: (each[2].named, bool(each[1]), each[0].authored or 0)
    )
    place = inquiry.page.sources.span(setting.path, setting.line, setting.line)
    stood = f", where `{before}` stood before" if before else ""
    oid = commit.commit_id or ""
    told = inquiry.page.fact(
        Section.WHAT,
        f"{dated(commit)} set `{setting.text}` ({shown_place(setting.path, setting.line)}){stood}.",
        f"git log -p -G {setting.name} -- {setting.path}, and where it stood before",
        [oid],
        [commit, place] if place is not None else [commit],
    )
    if not told:
        return ""
    say_release_of(inquiry, oid)
    return oid


def _set_by(inquiry: Inquiry, setting: _Setting) -> tuple[Citation | None, str]:
    """Return the commit that put in the value of a line, and the line that stood there before, if any."""
    pattern = _given(setting.name)
    paths = raw_paths(inquiry, with_former_paths(inquiry.reader, [inquiry.path_id(setting.path)]))
    seen = {shown for _, _, shown in paths}
    looked = [raw for _, raw, _ in paths]
    for _ in range(_MOVES):
        oid, before = _turn(inquiry, setting, pattern, looked)
        commit = inquiry.page.sources.message(oid, 1, 1) if oid else None
        if commit is None or before:
            return commit, before
        # It was new in this file: perhaps it came from another one that the same commit touched.
        beside = [each for each in changed_with(inquiry, oid, setting.path) if each[1] not in seen]
        if not beside:
            return commit, ""
        seen |= {shown for _, shown in beside}
        looked += [raw for raw, _ in beside]
    return commit, before


def _turn(inquiry: Inquiry, setting: _Setting, pattern: re.Pattern[str], paths: list[str]) -> tuple[str, str]:
    """Return the newest commit that put a line with the value in and took none with it out, with the line
    that it took out for it.
    """
    for oid, out, put in inquiry.page.sources.changed_lines(setting.name, paths):
        had = [match for line in out if (match := pattern.search(line)) is not None]
        has = [match for line in put if (match := pattern.search(line)) is not None]
        if any(_value(each) == setting.value for each in has) and not any(
            _value(each) == setting.value for each in had
        ):
            return oid, had[0].string.strip().rstrip(",") if had else ""
    return "", ""


def _given(name: str) -> re.Pattern[str]:
    """Return what matches a line that sets a name: `get("tries", 3)`, `tries: int = 3,`, `TRIES = 3`."""
    return re.compile(
        rf"\(\s*(?:[\w.]+\s*,\s*)?[\"']{re.escape(name)}[\"']\s*,\s*(?:default\s*=\s*)?(?P<told>{_LITERAL})"
        rf"|(?<![\w]){re.escape(name)}[\"']?\s*(?::[^=]+)?(?::|:?=|=>)\s*(?P<set>{_LITERAL})"
    )


def _value(match: re.Match[str]) -> str:
    return match["told"] or match["set"]


def _settings(inquiry: Inquiry) -> list[_Setting]:
    """Return the lines that set what the question names to a value which stands there."""
    places: dict[tuple[str, int], tuple[str, str]] = {}
    defined: set[tuple[str, int]] = set()
    for symbol in named_symbols(inquiry):
        source = inquiry.page.sources.file(symbol.path)
        if symbol.kind in VALUES and source is not None and symbol.name_line <= len(source.lines):
            places[symbol.path, symbol.name_line] = symbol.name, source.lines[symbol.name_line - 1]
            defined.add((symbol.path, symbol.name_line))
    for naming in inquiry.namings:
        name = naming.name.rpartition(".")[2]
        for each in mentions(inquiry.reader, name).found if name.isidentifier() else ():
            # `keepalive = False` within some function is no default of anything.
            handed = re.search(rf"[\"']{re.escape(name)}[\"']\s*,|[,)]\s*(?:->[^:{{]*)?[:{{]?\s*$", each.text)
            if handed and not each.is_test and not each.marks & (MINOR | FileMark.CONFIGURATION):
                places.setdefault((each.path, each.line), (name, each.text))
    wanted = _TO.search(inquiry.asked.text)
    out = []
    for (path, line), (name, text) in places.items():
        match = _given(name).search(text)
        if match is None or len(text.strip()) > _LINE:
            continue
        if wanted is None or _value(match).strip("\"'").lower() == wanted[1].lower():
            own = (path, line) in defined
            out.append(_Setting(name, path, line, text.strip().rstrip(","), _value(match), own))
    return out
