"""Ruby's backtraces: of the interpreter, of Rails' log and of test runners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.shapes.traces import Relation, TraceForm

_FRAME: Final = re.compile(
    r"(?:^|[\s\"'(#\[])(?P<path>(?:[A-Za-z]:)?[^\s:'\"`()\[\]]{0,400}?\.(?:rb|rake|erb|haml|slim|ru|gemspec)|"
    r"(?:/|[A-Za-z]:/)[^\s:'\"`]{0,300}/(?:bin|exe)/[\w.-]+|<internal:[\w/-]+>|\(irb\)"
    r"|\(eval[^)]{0,200}\)|-e)"
    r":(?P<line>\d{1,7})"
    r"(?:(?::in ?| in (?=[`'‘]))(?:[`'‘](?P<name>[^'’]{1,200})['’]?|(?P<bare>[a-z_][\w ?!()]{0,120}$)))?"
    r"(?P<rest>:? .*)?$"
)
_NUMBERED: Final = re.compile(r"^\s*\d{1,6}: from ")
_HEAD: Final = re.compile(r"^:? ?(?P<message>.*?) ?\((?P<type>(?:[A-Z]\w*::)*[A-Z]\w*)\)$")
_BEFORE: Final = re.compile(
    r"(?:^|[\s:])(?P<type>(?:[A-Z]\w*::)*[A-Z]\w*(?:Error|Exception|Invalid|NotFound|Failure|Timeout"
    r"|Refused|Interrupt|Exit)\w*)(?:(?:: | - )(?P<message>.*)| \((?P<inside>.*)\):?|:?)$"
)
_SAID: Final = re.compile(
    r"(?:undefined (?:local variable or )?method|uninitialized constant|wrong number of arguments|no implicit"
    r" conversion|private method|protected method|comparison of|can't (?:convert|modify|be coerced)|execution"
    r" expired|stack level too deep|key not found|divided by 0|bad value for range)\b"
)
"""How messages of the language begin that a tool prints without their type."""
_UNREAD: Final = re.compile(
    r"syntax error\b|unterminated |unknown regexp option|invalid multibyte char|can't find string "
)
"""How the reader of the language tells of a file that it cannot read, at a place without a method."""
_BACK: Final = 8
_BUILT_IN: Final = frozenset(
    (
        "each", "map", "each_with_index", "each_pair", "each_with_object", "each_slice", "times", "select",
        "reject", "inject", "collect", "loop", "flat_map", "sort_by", "tap", "then", "instance_eval",
        "instance_exec", "class_eval", "each_key", "each_value", "reduce", "any?", "all?", "require",
        "require_relative", "load", "synchronize", "catch", "fork", "open", "upto", "step", "public_send",
        "send", "eval",
    )
)  # fmt: skip
"""Methods of the language itself: a frame of theirs has the place of who called them."""
_LOCK: Final = "synchronize"
"""The one of them to which a block is mostly handed on that another method was given."""
_LANGUAGE: Final = frozenset(
    (
        "Array", "BasicObject", "Class", "Comparable", "Dir", "Enumerable", "Enumerator", "Enumerator.Lazy",
        "Enumerator.Yielder",
        "Fiber", "File", "Float", "Hash", "IO", "Integer", "Kernel", "Marshal", "Method", "Module",
        "Monitor", "Mutex",
        "ObjectSpace", "Proc", "Process", "Range", "Rational", "Regexp", "String", "Struct", "Symbol",
        "Thread", "Thread.Mutex", "Thread.Queue", "Time", "UnboundMethod",
    )
)  # fmt: skip
"""Classes of the language, as traces tell them since 3.4: a method of one has the place of who called it."""
_STUB: Final = re.compile(r"/bin/[\w-]+$")
"""Where RubyGems writes the little program that loads a gem's own of the same name."""
_BLOCKS: Final = re.compile(r"^(?:(?:block(?: \(\d+ levels\))?|rescue|ensure) in )+")


def is_frame(line: str) -> bool:
    """Return whether a line names a frame."""
    if ":" not in line:
        return False
    match = _FRAME.search(line)
    return match is not None and (
        match["name"] is not None
        or match["bare"] is not None
        or "from " in line
        or line.lstrip().startswith(("# ", "/", "./"))
        or line.strip() == f"{match['path']}:{match['line']}"
    )


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    found: list[tuple[int, list[RawError]]] = []
    frames: list[RawFrame] = []
    kind, message, begun, last, turned = "", "", -1, -9, False

    def close() -> None:
        nonlocal frames, kind, message, begun, turned
        if frames:
            ordered = _named(list(reversed(frames)) if turned else frames)
            error = RawError(kind, message, Relation.REPORTED, ordered)
            found.append((max(begun, 0), [error]))
        frames, kind, message, begun, turned = [], "", "", -1, False

    for at, line in enumerate(lines):
        if not is_frame(line):
            continue
        match = _FRAME.search(line)
        assert match is not None  # is_frame says so
        head = _HEAD.match(match["rest"] or "") if "from " not in line[: match.start("path")] else None
        numbered = _NUMBERED.match(line) is not None
        if frames and (at - last > 6 or (head and not turned) or (numbered and not turned)):
            close()
        if not frames:
            begun, (kind, message) = _head_before(lines, at)
            turned = numbered
        frame = _frame(match, line)
        # Blocks are of methods that are written in Ruby.
        block = _BLOCKS.match(match["name"] or match["bare"] or "") is not None
        built_in = not block and frame.name in _BUILT_IN and frame.owner in ("", *_LANGUAGE)
        if built_in and frame.name != _LOCK and frames and frames[-1].path == frame.path:
            # The place is its caller's, which a block of the same method was called from.
            frame = replace(frame, name=frames[-1].name, owner=frames[-1].owner)
        elif built_in:
            frame = replace(frame, name="", owner="")
        frames.append(frame)
        last = at
        if head:
            kind, message = head["type"], head["message"]
            if turned:
                close()
        elif not kind and len(frames) == 1 and "from " not in line[: match.start("path")]:
            kind, message = _told_at(match) or (kind, message)
    close()
    return [(start, _trace(errors)) for start, errors in found]


def _told_at(match: re.Match[str]) -> tuple[str, str] | None:
    """Return the error that is told behind the first place, without its type; None for none."""
    said = (match["rest"] or "").strip(": ")
    if _UNREAD.match(said):
        return "SyntaxError", said
    return ("", said) if said and match["name"] else None


def _named(frames: list[RawFrame]) -> tuple[RawFrame, ...]:
    """Return the frames; one of a method of the language has the name of who called it at its line."""
    told: list[RawFrame] = []
    for frame, outer in zip(frames, [*frames[1:], None], strict=True):
        same = outer is not None and (outer.path, outer.line) == (frame.path, frame.line)
        native = not frame.name or frame.name in ("call", "new") or frame.owner in _LANGUAGE
        if same and native and outer is not None:
            frame = replace(frame, name=outer.name, owner=outer.owner)  # noqa: PLW2901
        told.append(frame)
    return tuple(told)


def _trace(errors: list[RawError]) -> RawTrace:
    cut = "" if errors[0].type or errors[0].message else "The error itself is not in the text."
    return RawTrace(TraceForm.RUBY, tuple(errors), cut)


def _head_before(lines: Sequence[str], at: int) -> tuple[int, tuple[str, str]]:
    for back in range(at - 1, max(at - _BACK, 0) - 1, -1):
        if is_frame(lines[back]):
            break
        match = _BEFORE.search(lines[back].strip())
        if match:
            message = match["message"] or match["inside"] or ""
            if not message:
                message = " ".join(each.strip() for each in lines[back + 1 : at])
            return back, (match["type"], message)
    said = lines[at - 1].strip() if at else ""
    return (at - 1, ("", said)) if _SAID.match(said) else (at, ("", ""))


def _frame(match: re.Match[str], line: str) -> RawFrame:
    name = _BLOCKS.sub("", match["name"] or match["bare"] or "")
    owner = ""
    if name == "singleton class":
        name = ""
    for sign in ("#", "."):
        if sign in name and not name.startswith("<"):
            owner, _, name = name.rpartition(sign)
    if name.startswith("<"):
        name = ""
    if owner == "Object" or owner.startswith("#<"):
        owner = ""  # of no class that is written
    shown = f"{match['path']}:{match['line']}" + (f":in '{match['name']}'" if match["name"] else "")
    return RawFrame(
        TraceForm.RUBY, match["path"], int(match["line"]), name, owner.replace("::", "."), written=shown,
        outside=match["path"].startswith(("<internal", "(irb", "(eval", "-e"))
        or (name == "load" and _STUB.search(match["path"]) is not None),
    )  # fmt: skip
