"""The traces of C and C++: gdb, lldb, valgrind, the sanitizers, a failed assertion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces import rust_form
from indexer.guide.traces.model import RawError, RawFrame, RawTrace, last_line
from indexer.guide.traces.overloads import parameters
from indexer.guide.traces.programs import has_frames, program_of
from indexer.shapes.traces import Relation, TraceForm

_FILE: Final = (
    r"(?P<path>(?:[A-Za-z]:[\\/][^():\n]{1,400}?|/[^\s():]{1,200}(?: [^\s():]{1,100}){0,6}?"
    r"|[^\s():]{1,400}?)\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|ipp|m|mm|y|l|re|rs|go|swift|zig|cu|cuh|S|s|asm|inc|def|C|H"
    r"|tcc|tpp|ixx|cppm|cl|ino|rl|ll|yy|ypp|lex|gperf|spec))"
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
        # The same in a folder whose name has brackets.
        (
            r"#(?P<number>\d{1,5}) +0x[0-9a-fA-F]+ +in (?P<name>\S+) "
            r"(?P<path>/[^\s:]{1,400}\.(?:c|cc|cpp|cxx|h|hpp|m|mm)):(?P<line>\d{1,7})(?::\d+)?\s*$"
        ),
        # gdb: "#1  0x55 in func (a=1) at a.c:12".
        (
            rf"#(?P<number>\d{{1,5}}) +(?:0x[0-9a-fA-F]+ +in +)?(?P<name>[^\s(].*?) ?\(.*\)? at {_FILE}:"
            rf"(?P<line>\d{{1,7}})\s*$"
        ),
        # A sanitizer that knew the file and not the line.
        rf"#(?P<number>\d{{1,5}}) +0x[0-9a-fA-F]+ +in (?P<name>.+?) {_FILE}(?P<line>(?!))?\s*$",
        # lldb: "frame #1: 0x1 prog`func(a=1) at a.c:12:3".
        (
            rf"frame #(?P<number>\d{{1,5}}): 0x[0-9a-fA-F]+ [^`]+`(?P<name>.+?)(?:\(.*\))?(?: \+ \d+)? "
            rf"at {_FILE}:(?P<line>\d{{1,7}})(?::\d+)?"
        ),
        # backward-cpp: "Source "/a.c", line 12, in func(int) [0x1]", the outermost first.
        (
            r"^[|\s]*(?:#\d{1,5} +)?[|\s]*Source \"(?P<path>[^\"\n]{1,400})\", line (?P<line>\d{1,7}), "
            r"in (?P<name>.+?)(?: \[0x[0-9a-f]+\])?\s*$"
        ),
        # WinDbg: "00 0009`1c 0007`b0 prog!func+0x57 [C:\a.c @ 12]".
        (
            r"[\w.-]{1,100}!(?P<name>[^\s!+\[\]]{1,300})(?:\+0x[0-9a-f]+)? "
            rf"\[{_FILE} @ (?P<line>\d{{1,7}})\]"
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
        # The sanitizers, of a program or a library without places: "#1 0x55 in func(int) (/a/prog+0x12)".
        (
            r"#(?P<number>\d{1,5}) +0x[0-9a-fA-F]+ +in (?P<name>\S.*?) \((?P<binary>[^()]{1,300})"
            r"\+0x[0-9a-f]+\)(?: \(BuildId: \w+\))?\s*$"
        ),
        # glibc: "/a/prog(func+0x12) [0x55]".
        (
            r"^(?:\W{0,3}(?P<number>\d{1,5})[:.)]? +)?(?P<binary>[\w./+-]{1,300})"
            r"\((?P<name>[A-Za-z_]\w*)\+0x[0-9a-f]+\) ?"
            r"\[0x[0-9a-f]+\]\s*$"
        ),
        # Android: "#00 pc 0001  /a/libprog.so (func(int)+12)".
        (
            r"#(?P<number>\d{1,5}) +pc [0-9a-f]+ +(?P<binary>\S{1,300})(?: \(offset 0x[0-9a-f]+\))? "
            r"\((?P<name>\S.*?)\+\d+\)(?: \(BuildId: \w+\))?\s*$"
        ),
        # Visual Studio: "prog.exe!func(int x) Line 12  C++".
        (
            r"^\W{0,3}(?P<binary>[\w.-]{1,100}\.(?:exe|dll))!(?P<name>[A-Za-z_~][^\s(]*)(?:\(.*\))?"
            r"(?:\s+Line \d+.*)?\s*$"
        ),
        # macOS: "1   prog   0x0000000102 func(int) + 57".
        (
            r"^(?P<number>\d{1,5}) {2,}(?P<binary>\S.{0,100}?) +\t? *0x[0-9a-f]{8,16} "
            r"(?P<name>[A-Za-z_~].*?) \+ \d+(?: \(.*\))?\s*$"
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
            r"^\s*#(?P<number>\d{1,5}) +(?:0x[0-9a-fA-F]+ +in +)?(?P<name>[^\s(].*?) ?\(.*\)(?: "
            r"(?:from|at(?= \S+\.so\b)) (?P<library>\S+))?\s*$"
        ),
        r"^\s*(?:at|by) 0x[0-9A-F]+: (?P<name>.+?) \(in (?P<library>[^()]+)\)\s*$",
        r"^\s*(?:at|by) 0x[0-9A-F]+: (?P<name>\w\S*) \((?P<library>[\w.-]+\.(?:c|cc|cpp|S)):\d+\)",
        r"#(?P<number>\d{1,5}) +(?:0x[0-9a-fA-F]+ +in +)?(?P<name>\?\?) \(\)(?: from (?P<library>\S+))?",
    )
)
_CUT: Final = re.compile(
    r"^#(?P<number>\d{1,5}) +(?:0x[0-9a-fA-F]+ +in +)?(?P<name>[A-Za-z_(][^\s(]*(?:\([^()]*\)[^\s(]*)?) \("
)
"""The last frame of a text that was cut off within its arguments."""
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
_ALONE: Final = re.compile(r"^\s*(?:0x[0-9a-f]+ is located |(?:previously )?(?:allocated|freed) by thread )")
"""How a report goes on whose own error was cut off above it."""
_SUMMARY: Final = re.compile(
    rf"SUMMARY: (?P<type>\w+Sanitizer): (?P<message>[\w-]+(?: [\w-]+){{0,5}}?)"
    rf"(?: {_FILE}:(?P<line>\d{{1,7}})(?::\d+)?(?: in (?P<name>.+?))?| \(.*| in .*)?\s*$"
)
_HANDLER: Final = re.compile(r"^\s*#\d{1,5} +<signal handler called>")
"""What a program does about a signal runs deeper than what it was sent for."""
_TURNED: Final = "Stack trace (most recent call last)"
_THREAD: Final = re.compile(r"^\s*Thread (?P<number>\d+)(?: \(.*\))?.*:$")


def is_frame(line: str) -> bool:
    """Return whether a line names a frame with a place."""
    if _placed(line) is not None or _in_program(line) is not None:
        return True
    if "SUMMARY: " in line:
        summary = _SUMMARY.search(line)
        return summary is not None and bool(summary["path"])
    named = _head(line) if ("ssertion" in line or "runtime error" in line) else None
    return named is not None and named[2] is not None


def speaks(lines: Sequence[str]) -> bool:
    """Return whether a text is a debugger's, though none of its frames has a place."""
    return has_frames(lines)


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    found: list[tuple[int, list[RawError]]] = []
    frames: list[RawFrame] = []
    head: tuple[str, str] | None = None
    relation, thread, begun = Relation.REPORTED, "", -1
    bare = placed = has_frames(lines) and not any(map(is_frame, lines))
    step, program = _step(lines), program_of(lines)

    def close() -> None:
        nonlocal frames, head, relation, thread, begun, placed
        if frames and placed:
            kind, message = head or ("", "")
            error = RawError(kind, message, relation, tuple(frames[::step]), thread)
            if relation is not Relation.REPORTED and found:
                found[-1][1].append(error)
            else:
                found.append((max(begun, 0), [error]))
        frames, placed = [], bare

    for at, line in enumerate(lines):
        match = _matched(lines, at, begun=bool(frames))
        if match is not None:
            number = match["number"] if "number" in match.re.groupindex else None
            if number == "0" and [frame.written for frame in frames] == [line.strip()]:
                frames = []  # gdb shows where it stopped, and once more when it is asked for the rest
            elif number == "0" and frames:
                close()
                head, relation, thread, begun = None, Relation.REPORTED, "", at
            begun = at if begun < 0 else begun
            frames.append(_within(_frame(match, line), program))
            placed = placed or match.re in _FRAMES or match.re in _IN_PROGRAM
            continue
        if frames and _HANDLER.match(line):
            frames = [replace(frame, after=True) for frame in frames]
            continue
        other = _elsewhere(line, begun=bool(frames or found))
        if other is not None:
            close()
            thread = f"thread {other['number']}" if other.re is _THREAD else ""
            head = ("", "" if thread else other["what"])
            relation = Relation.THREAD if thread else Relation.ELSEWHERE
            continue
        if "SUMMARY:" in line:
            close()
            _sum_up(line, at, found)
            head, relation, thread, begun = None, Relation.REPORTED, "", -1
            continue
        named = _head(line)
        if named is not None:
            close()
            head, relation, thread, begun = named[:2], Relation.REPORTED, "", at
            frames = [named[2]] if named[2] is not None else []
            placed = bare or bool(frames)
    close()
    return [(at, _trace(errors)) for at, errors in found]


def _within(frame: RawFrame, program: str) -> RawFrame:
    """Return a frame of no file and no library as one of the program that a debugger looks into."""
    known = not program or frame.path or frame.library or not frame.name.strip("?")
    return frame if known else replace(frame, binary=program, outside=False)


def _step(lines: Sequence[str]) -> int:
    """Return -1 where the frames of a text stand with the outermost first, else 1."""
    return -1 if any(line.startswith(_TURNED) for line in lines) else 1


def _matched(lines: Sequence[str], at: int, *, begun: bool) -> re.Match[str] | None:
    match = _placed(lines[at]) or _in_program(lines[at])
    if match is None and begun and last_line(lines, at):
        match = _CUT.match(lines[at])
    return match or _bare(lines[at])


def _elsewhere(line: str, *, begun: bool) -> re.Match[str] | None:
    """Return what names another place than the error's, or another thread."""
    found = _ELSEWHERE.search(line)
    if found and (begun or _ALONE.match(line)):
        return found
    return _THREAD.match(line) if begun else None


def _sum_up(line: str, at: int, found: list[tuple[int, list[RawError]]]) -> None:
    """Take from the last line of a sanitizer's report what the text does not have above it."""
    summary = _SUMMARY.search(line)
    if summary is None:
        return
    frames: tuple[RawFrame, ...] = ()
    if summary["path"]:
        module, owner, name = parts_of(summary["name"] or "")
        place = (summary["path"], int(summary["line"]), name, owner, module)
        frames = (RawFrame(TraceForm.NATIVE, *place, written=line.strip()),)
    error = RawError(summary["type"], summary["message"], Relation.REPORTED, frames)
    first = found[-1][1][0] if found else None
    if first is None and frames:
        found.append((at, [error]))
    elif first is not None and first.relation is Relation.ELSEWHERE and frames:
        found[-1][1].insert(0, error)
    elif first is not None and first.relation is Relation.REPORTED and not first.type:
        found[-1][1][0] = replace(first, type=error.type, message=error.message)


def _trace(errors: list[RawError]) -> RawTrace:
    first = errors[0]
    if len(first.frames) > 1 and not first.frames[0].name and first.frames[0].line == first.frames[1].line:
        # The line that names the error has the same place as the first frame.
        errors[0] = RawError(first.type, first.message, first.relation, first.frames[1:], first.thread)
    named = (first.type or first.message) and first.relation is not Relation.ELSEWHERE
    cut = "" if named else "What went wrong is not in the text."
    return RawTrace(TraceForm.NATIVE, tuple(errors), cut)


def _placed(line: str) -> re.Match[str] | None:
    if "#" not in line and " 0x" not in line and "!" not in line and "Source " not in line:
        return None
    return next((match for form in _FRAMES if (match := form.search(line))), None)


def _in_program(line: str) -> re.Match[str] | None:
    if "0x" not in line and "!" not in line and " pc " not in line:
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
                place = (match["path"], int(match["line"]), name, owner, module)
                frame = RawFrame(TraceForm.NATIVE, *place, written=line.strip())
            return kind, message, frame
    return None


def _frame(match: re.Match[str], line: str) -> RawFrame:
    module, owner, name = parts_of(match["name"] or "")
    groups = match.re.groupindex
    placed = "path" in groups
    if placed and match["path"].endswith(".rs"):
        module, owner, name = rust_form.parts_of(match["name"].partition(" (")[0])
    library = (match["library"] or "").partition("+0x")[0] if "library" in groups else ""
    binary = match["binary"] if "binary" in groups else library
    return RawFrame(
        TraceForm.NATIVE,
        match["path"] if placed else "",
        int(match["line"] or 0) if placed else 0,
        name, owner, module, written=line.strip(), binary=binary, library=library or binary,
        parameters=_parameters(match["name"] or "", line[match.end("name") :].lstrip()),
        outside=not placed
        and match.re is not _CUT
        and (not binary or _LIBRARY.search(binary) is not None),
    )  # fmt: skip


_LIBRARY: Final = re.compile(
    r"^/System/|^linux-vdso|(?:^|[/\\])(?:lib(?:c|m|dl|rt|gcc_s|[almtu]+san|pthread|stdc\+\+"
    r"|c\+\+|c\+\+abi|system\w*|dyld|objc\S*|gomp|unwind|dispatch)[.\d-]|ld-|dyld\b|ntdll|kernel\w*\.dll|ucrt\w*\.dll)",
    re.IGNORECASE,
)
"""A library of the system; any other may be what this repository builds."""


def _parameters(name: str, rest: str) -> tuple[str, ...] | None:
    """Return what a function is given: the types that stand in its name, or what a debugger names behind it.

    None for a function that was taken apart, or of which nothing is told.
    """
    if re.search(r"\.(?:part|isra|constprop)\b|operator|\{|\$_", name):
        return None
    given = _GIVEN.match(f"{name} {rest}")
    if given is not None:
        names = dict.fromkeys(_NAMED.findall(given["args"]))
        return tuple(each for each in names if each != "this")
    typed = parameters(name.replace("(anonymous namespace)", ""))
    return None if typed is None else tuple(re.sub(r"\w+::", "", each) for each in typed)


_GIVEN: Final = re.compile(r"[^(]* ?\((?P<args>(?:[A-Za-z_]\w*(?:@entry)?=.*)?)\) at ")
_NAMED: Final = re.compile(r"(?:^|, )([A-Za-z_]\w*)(?:@entry)?=")


def parts_of(written: str) -> tuple[str, str, str]:
    """Return namespace, class and function of ``ns::Class<T>::method(int) const``."""
    name = re.sub(r"(?:\(anonymous namespace\)|\{anonymous\})::", "", written)
    name = re.sub(r"\bdecltype ?\((?:[^()]|\([^()]*\))*\) ?", "", name)
    operator = re.search(r"\boperator\b", name)
    name, sign = (name[: operator.start()], name[operator.start() :]) if operator else (name, "")
    for _ in range(8):
        name, changed = re.subn(r"<[^<>]*>", "", name)
        if not changed:
            break
    if "(" not in name and sign:
        name = name.split(" ")[-1] + sign  # else it is the operator of what is made within a function
    name = name.partition("(")[0].strip()
    name = name if sign else name.split(" ")[-1]
    parts = [part for part in name.lstrip("*&").split("::") if part]
    if not parts or (sign and len(parts) == 1):
        return "", "", ""  # of a lambda, and of what was inlined, the debugger tells the operator alone
    own = parts[-1].partition("[")[0].partition(".")[0]
    return "::".join(parts[:-2]), parts[-2] if len(parts) > 1 else "", own
