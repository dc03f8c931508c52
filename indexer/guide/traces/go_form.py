"""Go's panics and goroutine dumps, and the traces of errors that carry one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.shapes.traces import Relation, TraceForm

_PLACE: Final = re.compile(
    r"^\s*(?:-> +|at )?(?P<path>(?:[A-Za-z]:)?[^\s:]{1,400}\.(?:go|s|y)):(?P<line>\d{1,7})"
    r"(?: \+0x[0-9a-f]*| fp=.*|\s*\+)?(?: .*)?$"
)
_FUNCTION: Final = re.compile(
    r"^\s*(?:-> )?(?:created by )?(?P<name>[^\s()]+?(?:\.\(\*?[^\s()]+\)[^\s()]*)?)(?:\(.*|(?: in goroutine "
    r"\d+)?)?\s*$"
)
_DELVE: Final = re.compile(r"^\s*(?:\* *)?\d{1,5} +0x[0-9a-f]{6,16} in (?P<name>\S+)\s*$")
"""As the debugger names a frame, above the line ``at`` which it stands."""
_GOROUTINE: Final = re.compile(
    r"goroutine (?P<number>\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[(?P<state>[^\]]+)\]:"
)
_PANIC: Final = re.compile(
    r"(?:^|\s)(?P<type>panic|fatal error|fatal|http: panic serving (?:\[[^\]]+\]|[^:]+):\d+): "
    r"(?P<message>.+)$"
)
_RECOVERED: Final = re.compile(
    r"(?i:recover\w*[^:]{0,40} panic|panic[^:]{0,40} recover\w*).*?(?P<message>runtime error: .+|: [^:]+)$"
)
"""How a server tells of a panic that it went on from: the trace below it names none."""
_NO_WORDS: Final = re.compile(r"\W*$")
_AGAIN: Final = re.compile(r"\s*\[recovered.*\]$")


def is_frame(line: str) -> bool:
    """Return whether a line names the place of a frame."""
    return (".go:" in line or (".s:" in line and "at " in line)) and _PLACE.match(line) is not None


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    found: list[tuple[int, list[RawError]]] = []
    frames: list[RawFrame] = []
    panic: tuple[int, str, str] | None = None
    thread, state, begun = "", "", -1
    last_frame = -9

    def close() -> None:
        nonlocal frames, panic, begun
        if frames:
            frames = _deferred_told(frames)
            first = panic is not None or not found
            told = f"goroutine {thread} [{state}]" if state else thread
            if first:
                at, kind, message = panic or (begun, "", "")
                found.append((at, [RawError(kind, message, Relation.REPORTED, tuple(frames), told)]))
            else:
                found[-1][1].append(RawError("", "", Relation.THREAD, tuple(frames), told))
            panic = None
        frames, begun = [], -1

    for at, line in enumerate(lines):
        goroutine = _GOROUTINE.search(line) if "goroutine " in line else None
        if goroutine:
            close()
            thread, state, begun = goroutine["number"], goroutine["state"], at
            continue
        said = _said(line, known=panic is not None)
        if said and not is_frame(line):
            if frames:
                close()
            panic = (panic[0] if panic else at, *said)
            continue
        if not is_frame(line):
            continue
        frame = _frame(lines, at)
        if frame is None:
            continue
        if frames and at - last_frame > 4 and not state:
            close()
        begun = at if begun < 0 else begun
        if not frames and panic is None and not thread:
            panic = _error_before(lines, at)
        frames.append(frame)
        last_frame = at
    close()
    return [(max(at, 0), _trace(errors)) for at, errors in found]


def _said(line: str, *, known: bool) -> tuple[str, str] | None:
    """Return the panic that a line tells of; one that was recovered from only where none is known."""
    said = _PANIC.search(line)
    if said:
        return said["type"].partition(" serving")[0], _AGAIN.sub("", said["message"])
    recovered = _RECOVERED.search(line) if "ecover" in line and not known else None
    return ("panic", recovered["message"].lstrip(": ")) if recovered else None


def _deferred_told(frames: list[RawFrame]) -> list[RawFrame]:
    """Return the frames, those marked that were deferred: deeper than the runtime's panic."""
    panics = next((at for at, frame in enumerate(frames) if frame.path.endswith("runtime/panic.go")), 0)
    return [replace(frame, after=True) for frame in frames[:panics]] + frames[panics:]


def _error_before(lines: Sequence[str], at: int) -> tuple[int, str, str] | None:
    """Return what stands before the trace that an error carries: its message."""
    for back in range(at - 2, max(at - 5, -1), -1):
        plain = lines[back].strip()
        if ".go:" not in plain and _NO_WORDS.match(plain) is None:
            return back, "error", plain[:500]
    return None


def _trace(errors: list[RawError]) -> RawTrace:
    cut = "" if errors[0].type else "What panicked is not in the text."
    kept = [errors[0], *errors[1:]]
    return RawTrace(TraceForm.GO, tuple(kept), cut)


def _frame(lines: Sequence[str], at: int) -> RawFrame | None:
    place = _PLACE.match(lines[at])
    if place is None:
        return None
    name = ""
    if at > 0:
        before = _joined(lines, at - 1)
        match = _DELVE.match(before) or _FUNCTION.match(before)
        if match and "." in match["name"] and ".go:" not in before:
            name = match["name"]
    module, owner, function = parts_of(name)
    frame = RawFrame(
        TraceForm.GO, place["path"], int(place["line"]), function, owner, module,
        written=f"{name} {place['path']}:{place['line']}".strip(),
    )  # fmt: skip
    return replace(frame, outside=module.split("/")[0] in _RUNTIME)


_RUNTIME: Final = frozenset(
    (
        "runtime", "reflect", "sync", "testing", "syscall", "os", "net", "io", "fmt", "sort", "strings",
        "bytes", "text", "html", "encoding", "context", "log", "time", "bufio", "regexp", "strconv",
        "unicode", "crypto", "database", "errors", "math", "path", "flag", "slices", "maps", "iter",
    )
)  # fmt: skip
"""The standard library: no package of a module begins with one of these words alone."""


def _joined(lines: Sequence[str], at: int) -> str:
    """Return the line of a function, put together where a terminal had wrapped it."""
    line = lines[at]
    if line.count("(") >= line.count(")") or at == 0:
        return line
    return (
        lines[at - 1].rstrip() + line.strip() if lines[at - 1].count("(") > lines[at - 1].count(")") else line
    )


_GCCGO: Final = re.compile(
    r"^(?:github|gitlab|bitbucket)\.(?:com|org)_\w+\.(?P<name>\w+)(?:\.pN\d+_[\w.]+\.(?P<type>\w+))?$"
)
"""What gccgo calls a function: its package with neither slashes nor dashes, and its receiver last."""


def parts_of(name: str) -> tuple[str, str, str]:
    """Return the package path, the receiver and the function of ``a/b/pkg.(*T).Method.func1``."""
    mangled = _GCCGO.match(name)
    if mangled:
        return "", mangled["type"] or "", mangled["name"]
    name = re.sub(r"\[(?:[^\[\]]|\[[^\]]*\])*\]", "", name.replace("·", "."))
    head, _, last = name.rpartition("/")
    pieces = [piece for piece in last.split(".") if piece]
    if not pieces:
        return "", "", ""
    module = "/".join(part for part in (head.replace("%2e", "."), pieces[0].replace("%2e", ".")) if part)
    rest = [
        piece
        for piece in pieces[1:]
        if not re.fullmatch(r"(?:func|gowrap|deferwrap)?\d+|func|-fm|glob", piece)
    ]
    rest = [re.sub(r"-(?:fm|range\d+)$", "", piece) for piece in rest]
    if rest == ["init"] and re.match(r"func\d+$", pieces[2] if len(pieces) > 2 else ""):
        return module, "", ""  # of a variable of the package, and no function init
    if rest and rest[0].startswith("(*"):
        return module, rest[0].strip("(*)"), rest[1] if len(rest) > 1 else ""
    if rest and rest[0].startswith("("):
        return module, rest[0].strip("()"), rest[1] if len(rest) > 1 else ""
    if len(rest) > 1:
        return module, rest[0], rest[1]
    return module, "", rest[0] if rest else ""
