"""The traces of C and C++: gdb, lldb, valgrind, the sanitizers, a failed assertion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.shapes.traces import Relation, TraceForm

_FILE: Final = (
    r"(?P<path>(?:[A-Za-z]:[\\/])?[^\s():]{1,400}?\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|ipp|m|mm|y|l"
    r"|re|S|s|asm|inc|def|C|H))"
)
_FRAMES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # The sanitizers: "#1 0x55 in func /src/a.c:12:3", "#1 func a.c:12 (bin+0x1)".
        (
            rf"#(?P<number>\d{{1,5}}) +(?:0x[0-9a-fA-F]+ +)?in (?P<name>.+?) {_FILE}:(?P<line>\d{{1,7}})"
            r"(?::\d+)?(?: \(.*)?\s*$"
        ),
        (
            rf"^\s*#(?P<number>\d{{1,5}}) (?P<name>[^\s(].*?) {_FILE}:(?P<line>\d{{1,7}})(?::\d+)?(?: "
            r"\(.*\))?\s*$"
        ),
        # gdb: "#1  0x55 in func (a=1) at a.c:12".
        (
            rf"#(?P<number>\d{{1,5}}) +(?:0x[0-9a-fA-F]+ +in +)?(?P<name>[^\s(].*?) ?\(.*\)? at {_FILE}:"
            rf"(?P<line>\d{{1,7}})\s*$"
        ),
        # lldb: "frame #1: 0x1 prog`func(a=1) at a.c:12:3".
        (
            rf"frame #(?P<number>\d{{1,5}}): 0x[0-9a-fA-F]+ [^`]+`(?P<name>.+?)(?:\(.*\))?(?: \+ \d+)? "
            rf"at {_FILE}:(?P<line>\d{{1,7}})(?::\d+)?"
        ),
        # valgrind: "at 0x1: func (a.c:12)".
        rf"^\s*(?:at|by) 0x[0-9A-F]+: (?P<name>.+?) \({_FILE}:(?P<line>\d{{1,7}})\)\s*$",
    )
)
_IN_PROGRAM: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # systemd: "#0  0x55 func (/usr/bin/prog + 0x12)".
        (
            r"#(?P<number>\d{1,5}) +0x[0-9a-f]+ (?P<name>[A-Za-z_]\w*) \((?P<binary>[^()]{1,300})"
            r" \+ 0x[0-9a-f]+\)\s*$"
        ),
        # lldb, of a program without places: "frame #1: 0x1 prog`func + 12".
        (
            r"frame #(?P<number>\d{1,5}): 0x[0-9a-fA-F]+ (?P<binary>[^`]{1,200})`(?P<name>[A-Za-z_]\w*)"
            r"(?:\(.*\))?(?: \+ \d+)?\s*$"
        ),
    )
)
"""Frames of a program that was built without places."""
_PLACELESS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"#(?P<number>\d{1,5}) +0x[0-9a-fA-F]+ +(?:in (?P<name>.+?) )?\((?P<library>[^()]*\+0x[0-9a-f]+)\)",
        (
            r"^\s*#(?P<number>\d{1,5}) +(?:0x[0-9a-fA-F]+ +in +)?(?P<name>[^\s(].*?) ?\(.*\)(?: from "
            r"(?P<library>\S+))?\s*$"
        ),
        r"^\s*(?:at|by) 0x[0-9A-F]+: (?P<name>.+?) \(in (?P<library>[^()]+)\)\s*$",
        r"^\s*(?:at|by) 0x[0-9A-F]+: (?P<name>\w\S*) \((?P<library>[\w.-]+\.(?:c|cc|cpp|S)):\d+\)",
        r"#(?P<number>\d{1,5}) +(?:0x[0-9a-fA-F]+ +in +)?(?P<name>\?\?) \(\)(?: from (?P<library>\S+))?",
    )
)
_HEADS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<type>\w*(?:Sanitizer)): (?P<message>.+?)(?: \(pc 0x.*)?$",
        rf"{_FILE}:(?P<line>\d+):(?:\d+:)? (?P<type>runtime error): (?P<message>.+)$",
        r"(?:Program|Thread \d+.*?) received signal (?P<type>SIG\w+), (?P<message>.+?)\.?$",
        r"^\s*Signal: \d+ \((?P<type>[A-Z]{3,10})\)$",  # systemd
        r"Program terminated with signal (?P<type>SIG\w+|\d+), (?P<message>.+?)\.?$",
        (
            rf"(?:^|[\s:]){_FILE}:(?P<line>\d+): (?P<function>[^:].*?): (?P<type>Assertion) [`']"
            r"(?P<message>.+?)' failed"
        ),
        (
            r"^\s*(?P<message>Invalid (?:read|write|free).*|Conditional jump or move depends on uninit.*"
            r"|Use of uninitialised.*|Mismatched free.*|[\d,]+ (?:\([^)]*\) )?bytes in [\d,]+ blocks are "
            r"(?:definitely|indirectly|possibly) lost.*|Process terminating with default action of "
            r"signal .*)$"
        ),
        (
            r"(?P<type>Assertion) failed: (?P<message>.+), function (?P<function>[^,]+),"
            rf" file {_FILE}, line (?P<line>\d+)"
        ),
        (
            rf"(?P<type>assertion) \"(?P<message>.+)\" failed: file \"{_FILE}\", line (?P<line>\d+)"
            r"(?:, function: (?P<function>\S+))?"
        ),
        r"(?P<type>(?:Direct|Indirect) leak) of (?P<message>.+?) allocated from:",
        r"terminate called after throwing an instance of '(?P<type>[^']+)'",
    )
)
_ELSEWHERE: Final = re.compile(
    r"(?P<what>(?:freed|previously allocated|allocated|previously freed) by thread \S+.*here|Address "
    r"0x\S+ is .*|Block was alloc'd at|Previous (?:write|read).*|Uninitialized value was (?:created"
    r"|stored).*|located in stack of .*|is located .*):?$"
)
_THREAD: Final = re.compile(r"^\s*Thread (?P<number>\d+)(?: \(.*\))?.*:$")


def is_frame(line: str) -> bool:
    """Return whether a line names a frame with a place."""
    if _placed(line) is not None or _in_program(line) is not None:
        return True
    named = _head(line) if ("ssertion" in line or "runtime error" in line) else None
    return named is not None and named[2] is not None


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    found: list[tuple[int, list[RawError]]] = []
    frames: list[RawFrame] = []
    head: tuple[str, str] | None = None
    relation, thread, begun = Relation.REPORTED, "", -1
    placed = False

    def close() -> None:
        nonlocal frames, head, relation, thread, begun, placed
        if frames and placed:
            kind, message = head or ("", "")
            error = RawError(kind, message, relation, tuple(frames), thread)
            if relation is not Relation.REPORTED and found:
                found[-1][1].append(error)
            else:
                found.append((max(begun, 0), [error]))
        frames, placed = [], False

    for at, line in enumerate(lines):
        match = _placed(line) or _in_program(line)
        if match is not None or (match := _bare(line)) is not None:
            number = match["number"] if "number" in match.re.groupindex else None
            if number == "0" and frames:
                close()
                head, relation, thread, begun = None, Relation.REPORTED, "", at
            begun = at if begun < 0 else begun
            frames.append(_frame(match, line))
            placed = placed or match.re in _FRAMES or match.re in _IN_PROGRAM
            continue
        elsewhere = _ELSEWHERE.search(line)
        if elsewhere and (frames or found):
            close()
            head, relation, thread = ("", elsewhere["what"]), Relation.ELSEWHERE, ""
            continue
        inside = _THREAD.match(line)
        if inside and (frames or found):
            close()
            head, relation, thread = ("", ""), Relation.THREAD, f"thread {inside['number']}"
            continue
        named = _head(line)
        if named is not None and "SUMMARY:" not in line:
            close()
            head, relation, thread, begun = named[:2], Relation.REPORTED, "", at
            if named[2] is not None:
                frames, placed = [named[2]], True
    close()
    return [(at, _trace(errors)) for at, errors in found]


def _trace(errors: list[RawError]) -> RawTrace:
    first = errors[0]
    if len(first.frames) > 1 and not first.frames[0].name and first.frames[0].line == first.frames[1].line:
        # The line that names the error has the same place as the first frame.
        errors[0] = RawError(first.type, first.message, first.relation, first.frames[1:], first.thread)
    cut = "" if first.type or first.message else "What went wrong is not in the text."
    return RawTrace(TraceForm.NATIVE, tuple(errors), cut)


def _placed(line: str) -> re.Match[str] | None:
    if "#" not in line and " 0x" not in line:
        return None
    return next((match for form in _FRAMES if (match := form.search(line))), None)


def _in_program(line: str) -> re.Match[str] | None:
    if "#" not in line or " 0x" not in line:
        return None
    return next((match for form in _IN_PROGRAM if (match := form.search(line))), None)


def _bare(line: str) -> re.Match[str] | None:
    if "0x" not in line and not line.lstrip().startswith("#"):
        return None
    if ".php" in line or "{main}" in line:
        return None
    return next((match for form in _PLACELESS if (match := form.search(line))), None)


def _head(line: str) -> tuple[str, str, RawFrame | None] | None:
    for form in _HEADS:
        match = form.search(line)
        if match:
            groups = match.re.groupindex
            kind = (match["type"] or "") if "type" in groups else ""
            message = (match["message"] or "") if "message" in groups else ""
            frame = None
            if "path" in groups:
                named = match["function"] if "function" in groups else ""
                module, owner, name = parts_of(named or "")
                frame = RawFrame(
                    TraceForm.NATIVE,
                    match["path"],
                    int(match["line"]),
                    name,
                    owner,
                    module,
                    written=line.strip(),
                )
            return kind, message, frame
    return None


def _frame(match: re.Match[str], line: str) -> RawFrame:
    module, owner, name = parts_of(match["name"] or "")
    groups = match.re.groupindex
    placed = "path" in groups
    binary = match["binary"] if "binary" in groups else ""
    return RawFrame(
        TraceForm.NATIVE,
        match["path"] if placed else "",
        int(match["line"]) if placed else 0,
        name, owner, module, written=line.strip(), binary=binary,
        outside=not placed and (not binary or _LIBRARY.search(binary) is not None),
    )  # fmt: skip


_LIBRARY: Final = re.compile(r"\.(?:so|dylib|dll)\b", re.IGNORECASE)


def parts_of(written: str) -> tuple[str, str, str]:
    """Return namespace, class and function of ``ns::Class<T>::method(int) const``."""
    name = written.replace("(anonymous namespace)::", "")
    if "operator" not in name:
        for _ in range(8):
            name, changed = re.subn(r"<[^<>]*>", "", name)
            if not changed:
                break
    name = name.partition("(")[0].strip()
    name = name.split(" ")[-1] if "operator" not in name else name[name.index("operator") :]
    parts = [part for part in name.lstrip("*&").split("::") if part]
    if not parts:
        return "", "", ""
    own = parts[-1].partition("[")[0].partition(".")[0]
    return "::".join(parts[:-2]), parts[-2] if len(parts) > 1 else "", own
