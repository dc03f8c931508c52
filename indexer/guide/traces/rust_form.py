"""Rust's panics, with or without a backtrace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.shapes.traces import Relation, TraceForm

_OLD: Final = re.compile(
    r"thread '(?P<thread>[^']*)'(?: \(\d+\))? panicked at '(?P<message>.*)'[,:] (?P<path>[^\s']+?\.rs):"
    r"(?P<line>\d{1,7})(?::(?P<column>\d{1,6}))?"
)
_NEW: Final = re.compile(
    r"(?:thread '(?P<thread>[^']*)'(?: \(\d+\))? |^\W*|.{1,200} - )panicked at (?P<path>[^\s']+?\.rs)"
    r":(?P<line>\d{1,7})(?::(?P<column>\d{1,6}))?:?\s*$"
)
_INFO: Final = re.compile(
    r"Panic(?:Hook)?Info \{.*?(?:message: (?:Some\()?(?P<message>.*?)\)?, )?location: Location \{ "
    r"file: \"(?P<path>[^\"]{1,400}\.rs)\", line: (?P<line>\d{1,7})(?:, col(?:umn)?: (?P<column>\d{1,6}))?"
)
"""As programs with a hook of their own print what panicked: with the words of its ``Debug``."""
_WHERE: Final = re.compile(
    r"^\s*(?P<said>Location: +)?(?P<path>(?:[A-Za-z]:)?[^\s:'\"]{1,400}\.rs)"
    r":(?P<line>\d{1,7})(?::(?P<column>\d{1,6}))?\s*$"
)
"""Where an error was made, as those tell it that carry a place (eyre): behind ``Location:``, or below it."""
_MESSAGE: Final = re.compile(r"^\s*(?:Message: +|0: |(?:Error|error): +)(?P<message>\S.*)$")
_BROKEN: Final = re.compile(r"thread '(?P<thread>[^']*)'(?: \(\d+\))? panicked at '(?P<message>[^\n]*)$")
_BROKEN_END: Final = re.compile(
    r"^(?P<message>.*)'[,:] (?P<path>[^\s']+?\.rs):(?P<line>\d{1,7})(?::(?P<column>\d{1,6}))?"
)
_FRAME: Final = re.compile(
    r"^\s*(?P<number>\d{1,5}):\s+(?:0x[0-9a-f]+ - )?(?P<name>[<A-Za-z_][^\s].*|[A-Za-z_]\w*)$"
)
_INLINED: Final = re.compile(r"^\s{3,}[<A-Za-z_][^\s].*$")
_AT: Final = re.compile(
    r"^\s*at (?P<path>(?:[A-Za-z]:)?[^\s:]+?\.(?:rs|c|s|S)):(?P<line>\d{1,7})(?::(?P<column>\d{1,6}))?\s*$"
)
_RUNTIME: Final = re.compile(
    r"^(?:<?(?:std|core|alloc|test|backtrace|rust_panic|_?rust_begin_unwind|__rust\w*|__libc\w*"
    r"|_start|main$|start_thread|clone|__pthread\w*)\b|rust_begin_unwind|_main$|BaseThreadInitThunk"
    r"|RtlUserThreadStart)"
)


LEAST: Final = 3
"""Frames with the names of modules, from which on a list without any place is taken for a backtrace."""
_STARTED: Final = re.compile(
    r"(?:std::rt::lang_start|(?:core|std)::panicking::|rust_begin_unwind|__rust_(?:begin|end)_short_backtrace"
    r"|std::sys_common::backtrace::)"
)
_RETURNED: Final = "Stack backtrace:"
"""What stands above the backtrace that an error carries which was returned (anyhow, eyre)."""
_MAIN: Final = re.compile(r"^\s*(?:Error|error|ERROR): (?P<message>.+)$")
_PANICKING: Final = re.compile(r"\b(?:std|core)::panicking::|rust_begin_unwind|rust_panic_with_hook")


def is_frame(line: str) -> bool:
    """Return whether a line names a place of Rust's."""
    if ".rs:" not in line:
        return '.rs"' in line and _INFO.search(line) is not None
    if _WHERE.match(line):
        return True
    return _AT.match(line) is not None or "panicked at " in line or _BROKEN_END.match(line) is not None


def speaks(lines: Sequence[str]) -> bool:
    """Return whether a text has the backtrace of a build without places: the runtime's own frames in it."""
    numbered = [match["name"].strip() for line in lines if (match := _FRAME.match(line))]
    return sum("::" in name for name in numbered) >= LEAST and any(map(_STARTED.match, numbered))


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    found: list[tuple[int, RawTrace]] = []
    panic: tuple[int, str, str, RawFrame] | None = None
    frames: list[RawFrame] = []
    name = ""
    reported: tuple[int, str] | None = None
    placeless = not any(map(is_frame, lines)) and speaks(lines)

    def close() -> None:
        nonlocal panic, frames, name, reported
        if name and (frames or panic):
            frames.append(_frame(name, "", 0))
        if panic is not None or any(frame.path or placeless for frame in frames):
            found.append(_trace(panic, frames, reported))
        panic, frames, name, reported = None, [], "", None

    for at, line in enumerate(lines):
        if line.strip() == _RETURNED and panic is None:
            close()
            reported = _reported(lines, at)
        said = _panic(lines, at)
        if said is not None:
            close()
            panic = (at, *said)
            continue
        place = _AT.match(line)
        if place:
            own = _frame(name, place["path"], int(place["line"]))
            frames.append(replace(own, column=int(place["column"] or 0)))
            name = ""
            continue
        frame = _FRAME.match(line)
        if frame and (panic is not None or frames or "::" in frame["name"]):
            if frame["number"] == "0" and (frames or name) and panic is None:
                close()
            if name:
                frames.append(_frame(name, "", 0))
            name = frame["name"].strip()
        elif frames and not name and _inlined(lines, at):
            name = line.strip()
    close()
    return found


def _trace(
    panic: tuple[int, str, str, RawFrame] | None, frames: list[RawFrame], reported: tuple[int, str] | None
) -> tuple[int, RawTrace]:
    """Return the trace of a panic, or of an error that was returned, with the line at which it begins."""
    at, thread, message, place = panic or (0, "", "", None)
    if panic is None and reported is not None:
        at, message = reported
    if place is not None:
        place = replace(place, callee=_panicking(message))
    told = _with_place(_hooks_told(frames), place)
    kind = "panic" if panic else "error" if message else ""
    error = RawError(kind, message, Relation.REPORTED, tuple(told), thread)
    cut = "" if kind else "What panicked is not in the text."
    return at, RawTrace(TraceForm.RUST, (error,), cut)


_SAID: Final = tuple(
    (re.compile(said), name)
    for said, name in (
        (r"called `(?:Option|Result)::(\w+)\(\)`", r"\1"),
        (r"already (?:mutably )?borrowed|RefCell already", "borrow"),
        (r"assertion `left (?:==|!=) right` failed|assertion failed: `\(left", "assert"),
        (r"assertion failed", "assert"),
        (r"not implemented", "unimplemented"),
        (r"not yet implemented", "todo"),
        (r"internal error: entered unreachable code", "unreachable"),
        (r"explicit panic$", "panic"),
    )
)
"""What panics with such words: the beginning of its name, which stands where the column says."""


def _panicking(message: str) -> str:
    for said, name in _SAID:
        match = said.match(message)
        if match:
            return match.expand(name)
    return ""


def _reported(lines: Sequence[str], at: int) -> tuple[int, str] | None:
    """Return the message of the error whose backtrace begins here, above what it was caused by."""
    for back in range(at - 1, max(at - 20, -1), -1):
        match = _MAIN.match(lines[back])
        if match:
            return back, match["message"].strip()
    return None


def _inlined(lines: Sequence[str], at: int) -> bool:
    """Return whether a line names what was inlined into the frame above: it has no number, but a place."""
    return (
        at + 1 < len(lines)
        and at > 0
        and _AT.match(lines[at - 1]) is not None
        and _AT.match(lines[at + 1]) is not None
        and _INLINED.match(lines[at]) is not None
    )


def _panic(lines: Sequence[str], at: int) -> tuple[str, str, RawFrame] | None:
    line = lines[at]
    told = _INFO.search(line) if "Location {" in line else None
    if told:
        return "", told["message"] or "", _place(told, line)
    if "panicked at " not in line:
        return _located(lines, at)
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
        for further in range(at + 1, min(at + _LONGEST, len(lines))):
            ended = _BROKEN_END.match(lines[further])
            if ended is None and "panicked at " in lines[further]:
                break
            if ended:
                between = [begun["message"], *lines[at + 1 : further], ended["message"]]
                return (
                    begun["thread"],
                    " ".join(each.strip() for each in between)[:_SAID_AT_MOST],
                    _place(ended, lines[further]),
                )
    return None


def _located(lines: Sequence[str], at: int) -> tuple[str, str, RawFrame] | None:
    """Return what an error says that tells behind a word of its own where it was made."""
    match = _WHERE.match(lines[at]) if ".rs:" in lines[at] else None
    if match is None or not (match["said"] or (at and lines[at - 1].strip() == "Location:")):
        return None
    above = (_MESSAGE.match(line) for line in reversed(lines[max(at - 12, 0) : at]))
    message = next((each["message"].strip() for each in above if each), "")
    return "", message, _place(match, lines[at])


_LONGEST: Final = 400
"""Lines over which a message may go: a program shows whole trees of its data with what failed."""
_SAID_AT_MOST: Final = 2_000


def _place(match: re.Match[str], line: str) -> RawFrame:
    place = (match["path"], int(match["line"]))
    return RawFrame(TraceForm.RUST, *place, column=int(match["column"] or 0), written=line.strip())


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
    # A trait of one's own may stand on a type of the language: the place says whose it is.
    outside = _LIBRARY.search(path) is not None if path else bool(_RUNTIME.match(name))
    written = f"{name} at {path}:{line}" if path else name
    return RawFrame(TraceForm.RUST, path, line, own, owner, module, written=written.strip(), outside=outside)


_LIBRARY: Final = re.compile(
    r"(?:^|/)(?:rustc[-/]|rustlib/|lib(?:std|core|alloc|test|panic_unwind)/|library/(?:std|core|alloc|test)/)"
)
_LANGUAGE: Final = frozenset(("core", "std", "alloc"))
_HASH: Final = re.compile(r"::h(?:[0-9a-f]{16}|\d{17,20})$|::h(?=[a-f]*\d)[0-9a-f]{5,15}$|\[[0-9a-f]{16}\]")


_MSVC: Final = re.compile(
    r"^(?:impl|closure(?:_env)?|(?:async|gen|coroutine|generator)(?:_\w+)?)\$\d+$|^\{|^\w*\$$"
)
"""What stands in a name for something that has none: ``impl$0``, ``closure$1``, ``{{closure}}``."""
_WRAPPED: Final = re.compile(
    r"\b(?:enum2|ref|ref_mut|dyn|ptr_const|ptr_mut|slice2)\$<([^<>]*(?:<[^<>]*>[^<>]*)*)>"
)
_POINTER: Final = re.compile(r"^(?:&(?:'\w+ )?(?:mut )?|\*(?:const|mut) |dyn |\()+")
_MANGLED: Final = re.compile(r"^_?_ZN(?P<parts>.+)E$")
_SIGNS: Final = (
    ("$LT$", "<"), ("$GT$", ">"), ("$RF$", "&"), ("$BP$", "*"), ("$C$", ","), ("$LP$", "("), ("$RP$", ")"),
    ("..", "::"),
)  # fmt: skip


def parts_of(name: str) -> tuple[str, str, str]:
    """Return module, type and function of ``<crate::a::T as x::Y>::f::{{closure}}``."""
    name = _HASH.sub("", _demangled(name))
    if "$<" in name:
        name = _WRAPPED.sub(r"\1", name)
    implemented = re.match(r"^<(?P<type>.+?)(?: as (?P<trait>.+?))?>::(?P<rest>[\w:{}#<>$]+)$", name)
    if implemented:
        type_name = implemented["type"]
        if type_name.startswith("impl "):
            type_name = type_name.partition(" for ")[2]
        parts = _parts(_POINTER.sub("", type_name))
        trait = _parts(implemented["trait"] or "")
        any_type = len(parts) == 1 and len(parts[0]) == 1
        if trait and parts and trait[0] not in _LANGUAGE and (any_type or parts[0] in _LANGUAGE):
            # Of a type of the language, or of any type at all: it is the trait that is written here.
            parts = trait
        rest = _parts(implemented["rest"])
        return "::".join(parts[:-1]), parts[-1] if parts else "", rest[0] if rest else ""
    parts = _parts(name)
    if len(parts) > 1 and parts[-2][:1].isupper():
        return "::".join(parts[:-2]), parts[-2], parts[-1]
    return "::".join(parts[:-1]), "", parts[-1] if parts else ""


def _demangled(name: str) -> str:
    """Return a name that the linker was given as it is written, where it is of the older kind."""
    match = _MANGLED.match(name)
    rest = match["parts"] if match else ""
    parts: list[str] = []
    while number := re.match(r"\d{1,3}", rest):
        size = number.end() + int(number[0])
        parts.append(rest[number.end() : size])
        rest = rest[size:]
    if not parts or rest:
        return name
    flat = "::".join(part.removeprefix("_") if part.startswith("_$") else part for part in parts)
    for sign, written in _SIGNS:
        flat = flat.replace(sign, written)
    return re.sub(r"\$u([0-9a-f]{2})\$", lambda found: chr(int(found[1], 16)), flat)


def _parts(name: str) -> list[str]:
    flat = name
    for _ in range(8):
        flat, changed = re.subn(r"(?:::)?<[^<>]*>", "", flat)
        if not changed:
            break
    return [part for part in flat.split("::") if part and not _MSVC.match(part)]
