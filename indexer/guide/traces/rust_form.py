"""Rust's panics, with or without a backtrace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.shapes.traces import Relation, TraceForm

_OLD: Final = re.compile(
    r"thread '(?P<thread>[^']*)'(?: \(\d+\))? panicked at '(?P<message>.*)', (?P<path>[^\s']+?\.rs):"
    r"(?P<line>\d{1,7})(?::\d+)?"
)
_NEW: Final = re.compile(
    r"(?:thread '(?P<thread>[^']*)'(?: \(\d+\))? |^\W*)panicked at (?P<path>[^\s']+?\.rs):(?P<line>\d{1,7})"
    r"(?::\d+)?:?\s*$"
)
_INFO: Final = re.compile(
    r"Panic(?:Hook)?Info \{.*?(?:message: (?:Some\()?(?P<message>.*?)\)?, )?location: Location \{ "
    r"file: \"(?P<path>[^\"]{1,400}\.rs)\", line: (?P<line>\d{1,7})"
)
"""As programs with a hook of their own print what panicked: with the words of its ``Debug``."""
_BROKEN: Final = re.compile(r"thread '(?P<thread>[^']*)'(?: \(\d+\))? panicked at '(?P<message>[^\n]*)$")
_BROKEN_END: Final = re.compile(r"^(?P<message>.*)', (?P<path>[^\s']+?\.rs):(?P<line>\d{1,7})(?::\d+)?")
_FRAME: Final = re.compile(
    r"^\s*(?P<number>\d{1,5}):\s+(?:0x[0-9a-f]+ - )?(?P<name>[<A-Za-z_][^\s].*|[A-Za-z_]\w*)$"
)
_AT: Final = re.compile(
    r"^\s*at (?P<path>(?:[A-Za-z]:)?[^\s:]+?\.(?:rs|c|s|S)):(?P<line>\d{1,7})(?::\d+)?\s*$"
)
_RUNTIME: Final = re.compile(
    r"^(?:<?(?:std|core|alloc|test|backtrace|rust_panic|_?rust_begin_unwind|__rust\w*|__libc\w*"
    r"|_start|main$|start_thread|clone|__pthread\w*)\b|rust_begin_unwind|_main$|BaseThreadInitThunk"
    r"|RtlUserThreadStart)"
)


_PANICKING: Final = re.compile(r"\b(?:std|core)::panicking::|rust_begin_unwind|rust_panic_with_hook")


def is_frame(line: str) -> bool:
    """Return whether a line names a place of Rust's."""
    if ".rs:" not in line:
        return '.rs"' in line and _INFO.search(line) is not None
    return _AT.match(line) is not None or "panicked at " in line or _BROKEN_END.match(line) is not None


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    found: list[tuple[int, RawTrace]] = []
    panic: tuple[int, str, str, RawFrame] | None = None
    frames: list[RawFrame] = []
    name = ""

    def close() -> None:
        nonlocal panic, frames, name
        if panic is not None or any(frame.path for frame in frames):
            at, thread, message, place = panic or (0, "", "", None)
            told = _with_place(_hooks_told(frames), place)
            error = RawError("panic" if panic else "", message, Relation.REPORTED, tuple(told), thread)
            cut = "" if panic else "What panicked is not in the text."
            found.append((at, RawTrace(TraceForm.RUST, (error,), cut)))
        panic, frames, name = None, [], ""

    for at, line in enumerate(lines):
        said = _panic(lines, at)
        if said is not None:
            close()
            panic = (at, *said)
            continue
        place = _AT.match(line)
        if place:
            frames.append(_frame(name, place["path"], int(place["line"])))
            name = ""
            continue
        frame = _FRAME.match(line)
        if frame and (panic is not None or frames or "::" in frame["name"]):
            if name:
                frames.append(_frame(name, "", 0))
            if frame["number"] == "0" and frames and panic is None:
                close()
            name = frame["name"].strip()
    if name and (frames or panic):
        frames.append(_frame(name, "", 0))
    close()
    return found


def _panic(lines: Sequence[str], at: int) -> tuple[str, str, RawFrame] | None:
    line = lines[at]
    told = _INFO.search(line) if "Location {" in line else None
    if told:
        return "", told["message"] or "", _place(told, line)
    if "panicked at " not in line:
        return None
    match = _OLD.search(line)
    if match:
        return match["thread"], match["message"], _place(match, line)
    match = _NEW.search(line)
    if match:
        message = next((each.strip() for each in lines[at + 1 : at + 2]), "")
        return (
            match["thread"] or "",
            "" if message.startswith(("note:", "stack backtrace")) else message,
            _place(match, line),
        )
    begun = _BROKEN.search(line)
    if begun:
        for further in range(at + 1, min(at + 12, len(lines))):
            ended = _BROKEN_END.match(lines[further])
            if ended:
                between = [begun["message"], *lines[at + 1 : further], ended["message"]]
                return (
                    begun["thread"],
                    " ".join(each.strip() for each in between),
                    _place(ended, lines[further]),
                )
    return None


def _place(match: re.Match[str], line: str) -> RawFrame:
    return RawFrame(TraceForm.RUST, match["path"], int(match["line"]), written=line.strip())


def _with_place(frames: list[RawFrame], place: RawFrame | None) -> list[RawFrame]:
    """Return the frames with the place that panicked among them, once: the backtrace may have it."""
    if place is None:
        return frames
    for frame in frames:
        if frame.line == place.line and frame.path and _same_end(frame.path, place.path):
            return frames
    hooks = sum(frame.after for frame in frames)
    if any(not frame.outside and frame.path for frame in frames[hooks:]):
        first = next(at for at, frame in enumerate(frames) if at >= hooks and not frame.outside)
        return [*frames[:first], place, *frames[first:]]
    return [*frames[:hooks], place, *frames[hooks:]]


def _hooks_told(frames: list[RawFrame]) -> list[RawFrame]:
    """Return the frames, those marked that a program's hook ran in: deeper than the runtime's panic."""
    panics = next((at for at, frame in enumerate(frames) if _PANICKING.search(frame.written)), 0)
    return [replace(frame, after=True) for frame in frames[:panics]] + frames[panics:]


def _same_end(one: str, other: str) -> bool:
    return one.replace("\\", "/").rpartition("/")[2] == other.replace("\\", "/").rpartition("/")[2]


def _frame(name: str, path: str, line: int) -> RawFrame:
    module, owner, own = parts_of(name)
    outside = bool(_RUNTIME.match(name)) or path.startswith("/rustc/")
    written = f"{name} at {path}:{line}" if path else name
    return RawFrame(TraceForm.RUST, path, line, own, owner, module, written=written.strip(), outside=outside)


_HASH: Final = re.compile(r"::h[0-9a-f]{16}$|\[[0-9a-f]{16}\]")


def parts_of(name: str) -> tuple[str, str, str]:
    """Return module, type and function of ``<crate::a::T as x::Y>::f::{{closure}}``."""
    name = _HASH.sub("", name)
    implemented = re.match(r"^<(?P<type>.+?)(?: as .+?)?>::(?P<rest>[\w:{}#<>]+)$", name)
    if implemented:
        parts = _parts(implemented["type"])
        rest = _parts(implemented["rest"])
        return "::".join(parts[:-1]), parts[-1] if parts else "", rest[0] if rest else ""
    parts = _parts(name)
    if len(parts) > 1 and parts[-2][:1].isupper():
        return "::".join(parts[:-2]), parts[-2], parts[-1]
    return "::".join(parts[:-1]), "", parts[-1] if parts else ""


def _parts(name: str) -> list[str]:
    flat = name
    for _ in range(8):
        flat, changed = re.subn(r"(?:::)?<[^<>]*>", "", flat)
        if not changed:
            break
    return [part for part in flat.split("::") if part and not part.startswith("{")]
