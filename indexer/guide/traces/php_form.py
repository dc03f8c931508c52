"""PHP's traces. A frame of PHP names the function that is called at its place, not the one around it;
here each frame is given the name of what stands around its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.shapes.traces import Relation, TraceForm

_FRAME: Final = re.compile(
    r"^\W{0,3}#(?P<number>\d{1,6}):? +(?P<path>[^\s(][^()]{0,400}?)[(:](?P<line>\d{1,7})\)?: ?(?P<call>.*)$"
)
_TURNED: Final = re.compile(
    r"^\W{0,3}#?(?P<number>\d{1,6})[).]? +(?P<call>[\w\\]+(?:->|::)?[\w{}\\]*\(.*\)) (?:called at "
    r"|at )\[?(?P<path>[^\[\]\s:]+):(?P<line>\d{1,7})\]?$"
)
_INSIDE: Final = re.compile(
    r"^\W{0,3}#(?P<number>\d{1,6}) +(?:\[internal function\]: (?P<call>.*)|\{main\})\s*$"
)
_HEAD: Final = re.compile(
    r"(?P<again>Next )?(?P<type>\\?(?:[A-Za-z_]\w*\\)*[A-Z]\w*)(?:\(code: \d+\))?: (?P<message>.*?) "
    r"(?:in|at) (?P<path>(?:[A-Za-z]:)?[^\s:()]+\.\w+)(?::(?P<line>\d{1,7})| on line "
    r"(?P<other>\d{1,7}))"
)
_LARAVEL: Final = re.compile(
    r"\[object\] \((?P<type>[\w\\]+)\(code: [^)]*\): (?P<message>.*) at (?P<path>[^\s()]+):"
    r"(?P<line>\d{1,7})\)"
)
_THROWN: Final = re.compile(r"thrown in (?P<path>\S+) on line (?P<line>\d{1,7})")
_SIMPLE: Final = re.compile(
    r"(?:PHP )?(?:Fatal error|Warning|Notice|Deprecated|Parse error|Recoverable fatal error): +"
    r"(?P<message>.*) in (?P<path>(?:[A-Za-z]:)?[^\s:]+\.\w+)(?: on line |:)(?P<line>\d{1,7})"
)


def is_frame(line: str) -> bool:
    """Return whether a line names a frame of PHP's."""
    if "#" in line and (".php" in line or "{main}" in line or "[internal function]" in line):
        return (
            _FRAME.match(line) is not None
            or _INSIDE.match(line) is not None
            or _TURNED.match(line) is not None
        )
    return ".php" in line and (_SIMPLE.search(line) is not None or _LARAVEL.search(line) is not None)


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    found: list[tuple[int, list[RawError]]] = []
    head: re.Match[str] | None = None
    begun = -1
    rows: list[tuple[str, int, str, str]] = []

    def close() -> None:
        nonlocal head, rows, begun
        if rows or head is not None:
            error = _error(head, rows)
            again = head is not None and "again" in head.re.groupindex and head["again"]
            if again and found:
                # What comes "Next" wraps what stands before it.
                earlier = [replace(each, relation=Relation.CAUSE) for each in found[-1][1]]
                found[-1] = (found[-1][0], [error, *earlier])
            elif error.frames:
                found.append((max(begun, 0), [error]))
        head, rows, begun = None, [], -1

    for at, line in enumerate(lines):
        row = _row(line)
        if row is not None:
            if row[3] == "0" and rows:
                close()
            begun = at if begun < 0 else begun
            rows.append(row)
            continue
        named = _named(lines, at)
        if named is not None:
            close()
            head, begun = named, at
    close()
    return [(at, RawTrace(TraceForm.PHP, tuple(errors), _cut(errors))) for at, errors in found]


def _cut(errors: list[RawError]) -> str:
    return "" if errors[0].type or errors[0].message else "The error itself is not in the text."


def _named(lines: Sequence[str], at: int) -> re.Match[str] | None:
    line = lines[at]
    if ".php" not in line and " in " not in line and " at " not in line:
        return None
    match = _LARAVEL.search(line) or _HEAD.search(line)
    if match and (
        match["path"].endswith((".php", ".phtml", ".inc", ".module", ".phar", ".twig")) or "Uncaught" in line
    ):
        return match
    return _SIMPLE.search(line) if "thrown" not in line[:12] else None


def _row(line: str) -> tuple[str, int, str, str] | None:
    if "#" not in line and "called at" not in line:
        return None
    inside = _INSIDE.match(line)
    if inside:
        return ("", 0, inside["call"] or "", inside["number"])
    match = _FRAME.match(line)
    if match and (
        ".php" in line
        or match["path"].endswith((".phar", ".phtml", ".inc", ".module"))
        or "->" in match["call"]
        or "::" in match["call"]
    ):
        return (match["path"], int(match["line"]), match["call"], match["number"])
    match = _TURNED.match(line)
    if match and ".php" in match["path"]:
        return (match["path"], int(match["line"]), match["call"], match["number"])
    return None


def _error(head: re.Match[str] | None, rows: list[tuple[str, int, str, str]]) -> RawError:
    kind = message = ""
    places: list[tuple[str, int]] = []
    if head is not None:
        groups = head.re.groupindex
        kind = (head["type"] or "").lstrip("\\") if "type" in groups else "Error"
        message = head["message"] or ""
        number = head["line"] or (head["other"] if "other" in groups else "0")
        places.append((head["path"], int(number)))
    places += [(path, line) for path, line, _, _ in rows]
    calls = [call for _, _, call, _ in rows]
    if head is None:
        # Without the place that threw, the first frame's call has none.
        calls = calls[1:]
    frames: list[RawFrame] = []
    for at, (path, line) in enumerate(places):
        module, owner, name = parts_of(calls[at]) if at < len(calls) else ("", "", "")
        around = calls[at].partition("(")[0] if at < len(calls) else "{main}"
        written = f"{path}({line}): in {around or '{main}'}" if path else f"[internal function]: in {around}"
        frames.append(
            RawFrame(TraceForm.PHP, path, line, name, owner, module, written=written, outside=not path)
        )
    return RawError(kind, message, Relation.REPORTED, tuple(frames))


def parts_of(call: str) -> tuple[str, str, str]:
    r"""Return namespace, class and function of ``Ns\\Class->method(...)``."""
    name = call.strip()
    closure = re.search(r"\{closure:(?P<inner>[^{}]+?)(?:\(\))?:\d+\}", name)
    if closure:
        name = closure["inner"]
    name = name.partition("(")[0]
    owner, function = "", name
    for sign in ("->", "::"):
        if sign in name:
            owner, _, function = name.rpartition(sign)
            break
    module, _, owner = owner.rpartition("\\")
    if not owner:
        module, _, function = function.rpartition("\\")
    return module.lstrip("\\"), owner, "" if "{closure" in function or function == "{main}" else function
