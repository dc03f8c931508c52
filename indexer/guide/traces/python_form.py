"""Python's tracebacks: chained, in groups, of pytest, IPython and Rich."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.shapes.traces import Relation, TraceForm

_FRAMES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r'File "(?P<path>[^"\n]{1,500})", line (?P<line>\d{1,9})(?:, in (?P<name>.+))?$',
        r"\bFile (?P<path>[^\s\",][^\",]{0,400}?\.pyx?), line (?P<line>\d{1,9})(?:, in (?P<name>.+))?$",
        r"^\s*File (?P<path>\S.{0,400}?\.pyx?):(?P<line>\d{1,9})(?:, in (?P<name>[\w<>.]+)\(.*)?$",
        r"^\s*(?P<path>[\w./\\~:+@-]{1,400}\.py):(?P<line>\d{1,9}): in (?P<name>[\w<>]+)\s*$",
        r"^\s*(?P<path>[\w./\\~:+@-]{1,400}\.py):(?P<line>\d{1,9}):(?P<name>)\s*$",
        # Twisted, in brief.
        r"^\s*(?P<path>[\w./\\~:+@-]{1,400}\.py):(?P<line>\d{1,9}):(?P<name><?[A-Za-z_]\w*>?)\s*$",
        r"^[│|]\s*(?P<path>\S{1,400}\.py):(?P<line>\d{1,9}) in (?P<name>[\w<>]+)\b.*$",
    )
)
_SENTRY: Final = re.compile(
    r"^\s*(?P<path>[^\s\"]{1,400}\.pyx?) in (?P<name>[\w<>.]+) at line (?P<line>\d{1,9})(?::\d{1,9})?\s*$"
)
"""As a page of Sentry shows a frame: the deepest first."""
_CLASS: Final = re.compile(r"^<(?:type|class) '(?:exceptions\.|builtins\.)?(?P<name>[\w.]+)'>(?=:|$)")
"""How an error is named that was printed by hand, or while the interpreter shut down."""
_LABELLED: Final = re.compile(r"^(?:Exception|Error)(?: \w{1,20})?: (?=`?[\w.]+(?:Error|Exception)\b)")
_NOTEBOOK: Final = re.compile(r"^\s*(?P<path>[^\s()]{1,400}\.pyc?) in (?P<name>[\w<>]+)\(.*\)\s*$")
_ARROW: Final = re.compile(r"^\s*-+> (?P<line>\d{1,9}) (?P<code>.*)$")
_SHOWN: Final = re.compile(r"^\s*(?:-+> ?)?\d{1,9}(?: |$)")
"""A line of source as IPython shows it below a frame, with its number."""
_BRIEF: Final = re.compile(r"\bTraceback: (?P<error><(?:type|class) '[\w.]+'>: .*)$")
"""How Twisted begins a trace in brief: with the error."""
_PYTEST_END: Final = re.compile(
    r"^\s*(?P<path>[\w./\\~:+@-]{1,400}\.py):(?P<line>\d{1,9}): (?P<type>[A-Za-z_][\w.]*)\s*$"
)
_BEGIN: Final = "Traceback (most recent call last)"
_REPEATED: Final = re.compile(r"\[Previous line repeated (\d{1,12}) more times?\]")
_CHAINS: Final = (
    ("The above exception was the direct cause of the following exception", Relation.CAUSE),
    ("During handling of the above exception, another exception occurred", Relation.CONTEXT),
)
_ERROR: Final = re.compile(r"^(?P<type>(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?:: (?P<message>.*)|:?)$")
_SURE_ERROR: Final = re.compile(
    r"^(?:E\s+)?(?P<type>(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit"
    r"|Iteration|Timeout|"
    r"Failure|Refused|NotFound|DoesNotExist|Configured|Failed|Group)\w*)(?:: (?P<message>.*)|:?)$"
)
_MEMBER: Final = re.compile(r"^\s*\+[-+]*-{3,} (?:\d+|\.\.\.) -{3,}")
_MARGIN: Final = re.compile(r"^(?P<indent>\s*)[|+] ?(?P<rest>.*)$")
_POINTED: Final = re.compile(r"^│ *❱ *\d+ │(?P<code>.*?)│?\s*$")
_CARETS: Final = re.compile(r"^[\s~^]+$")
_AFTER: Final = 3
"""Lines of a message that are read behind its first one, where that says nothing."""


def is_frame(line: str) -> bool:
    """Return whether a line names a frame."""
    return (
        ".py" in line
        and (
            _PYTEST_END.match(line) is not None
            or _SENTRY.match(line) is not None
            or _NOTEBOOK.match(line) is not None
            or _frame(line) is not None
        )
    ) or ('File "' in line and _frame(line) is not None)


@dataclass
class _Reading:
    """What is known so far: finished errors with how each leads to the next, and the open one."""

    frames: list[RawFrame] = field(default_factory=list)
    finished: list[tuple[RawError, Relation | None]] = field(default_factory=list)
    members: list[RawError] = field(default_factory=list)
    traces: list[tuple[int, RawTrace]] = field(default_factory=list)
    begun: int = -1
    headed: bool = False
    ended: bool = True
    turned: bool = False
    """Whether the deepest frame is the first."""
    before: tuple[str, str] | None = None
    """An error that was named before its frames, as some reporters do."""
    depth: int = 0
    in_member: bool = False


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    state = _Reading()
    at = 0
    while at < len(lines):
        at = _step(state, lines, at)
    _close(state, complete=False)
    _finish(state)
    return state.traces


def _step(state: _Reading, lines: Sequence[str], at: int) -> int:
    line = lines[at]
    if _MEMBER.match(line):
        _close(state, complete=False)
        state.in_member, state.depth = True, max(line.rindex("+") // 2 - 1, 1)
        return at + 1
    grouped = (
        state.in_member or "Group Traceback" in line or (state.frames and _MARGIN.match(line) is not None)
    )
    if grouped:
        match = _MARGIN.match(line)
        if match:
            line = match["rest"]
        elif state.in_member and line.strip():
            state.in_member, state.depth = False, 0
    if _BEGIN in line or "Traceback (innermost last)" in line:
        if state.frames or (state.finished and not _is_chained(state)):
            _close(state, complete=False)
            if not state.in_member and not _is_chained(state):
                _finish(state)
        state.begun = at if state.begun < 0 else state.begun
        state.headed, state.ended = True, False
        return at + 1
    brief = _BRIEF.search(line) if "Traceback: " in line else None
    if brief:
        _close(state, complete=False)
        state.before = _named(brief["error"])
        state.begun = at if state.begun < 0 else state.begun
        state.headed = True
        return at + 1
    for sentence, relation in _CHAINS:
        if sentence in line:
            _close(state, complete=False)
            if state.finished:
                state.finished[-1] = (state.finished[-1][0], relation)
            return at + 1
    return _inside(state, lines, at, line)


def _inside(state: _Reading, lines: Sequence[str], at: int, line: str) -> int:
    frame = _frame(line)
    if frame is not None:
        if state.ended and state.finished and not _is_chained(state) and not state.in_member:
            _finish(state)
        state.begun = at if state.begun < 0 else state.begun
        state.ended = False
        code, after = (
            _code_behind(lines, at, line)
            if frame.name or "File" in line
            else (_code_above(lines, at), at + 1)
        )
        state.frames.append(replace(frame, code=code))
        return after
    shown = _SENTRY.match(line) if " at line " in line else None
    if shown:
        place = (shown["path"], int(shown["line"]), shown["name"])
        state.begun = at if state.begun < 0 else state.begun
        state.ended, state.turned = False, True
        state.frames.append(RawFrame(TraceForm.PYTHON, *place, written=line.strip()))
        return at + 1
    notebook = _NOTEBOOK.match(line)
    if notebook:
        for further in range(at + 1, min(at + 12, len(lines))):
            arrow = _ARROW.match(lines[further])
            if arrow:
                state.begun = at if state.begun < 0 else state.begun
                state.ended = False
                state.frames.append(
                    RawFrame(
                        TraceForm.PYTHON,
                        notebook["path"].removesuffix("c"),
                        int(arrow["line"]),
                        notebook["name"],
                        code=arrow["code"].strip(),
                        written=line.strip(),
                    )
                )
                return further + 1
    repeated = _REPEATED.search(line)
    if repeated and state.frames:
        last = state.frames[-1]
        state.frames[-1] = replace(last, repeated=min(last.repeated + int(repeated[1]), 10**12))
        return at + 1
    return _error_line(state, lines, at, line)


def _error_line(state: _Reading, lines: Sequence[str], at: int, line: str) -> int:
    plain = _LABELLED.sub("", _CLASS.sub(lambda match: match["name"], line.strip())).strip("`")
    end = _PYTEST_END.match(line)
    if end and end["path"].endswith(".py"):
        frame = RawFrame(TraceForm.PYTHON, end["path"], int(end["line"]), written=plain)
        state.begun = at if state.begun < 0 else state.begun
        state.frames.append(frame)
        known = state.before or (end["type"], "")
        _end(state, known[0], known[1])
        return at + 1
    sure = _SURE_ERROR.match(plain)
    if state.frames and plain and not _CARETS.match(line):
        match = sure or (_ERROR.match(plain) if not line.startswith("    ") else None)
        if match and (sure or match["message"] is not None or plain[:1].isupper() or "." in plain):
            message = match["message"] or ""
            after = at + 1
            if not message or message.endswith(":"):
                more = [each.strip() for each in lines[after : after + _AFTER]]
                message = " ".join([message, *_until_blank(more)]).strip()
            if plain.startswith("E ") and not state.headed:
                state.before = (match["type"], message)  # pytest names the place after it
                return after
            _end(state, match["type"], message)
            return after
    elif state.in_member and sure:
        _end(state, sure["type"], sure["message"] or "")
    elif sure and not state.frames:
        type_name, message = sure["type"], sure["message"] or ""
        if state.before and type_name.rpartition(".")[2] == state.before[0].rpartition(".")[2]:
            message = message or state.before[1]  # named once more, in full
        state.before = (type_name, message)
    return at + 1


def _named(error: str) -> tuple[str, str]:
    """Return type and message of an error whose class is written as Python prints one."""
    plain = _CLASS.sub(lambda match: match["name"], error)
    kind, _, message = plain.partition(": ")
    return kind, message.strip()


def _end(state: _Reading, type_name: str, message: str) -> None:
    state.before = None
    frames = tuple(state.frames if state.turned else reversed(state.frames))
    error = RawError(type_name, message, Relation.REPORTED, frames, depth=state.depth)
    if state.in_member:
        state.members.append(replace(error, relation=Relation.MEMBER))
    else:
        state.finished.append((error, None))
    state.frames = []
    state.ended, state.turned = True, False


def _close(state: _Reading, *, complete: bool) -> None:
    """End an error whose own line never came."""
    if state.frames:
        known = state.before or ("", "")
        _end(state, *known)
    del complete


def _finish(state: _Reading) -> None:
    """Make a trace of what was read: the last error is the reported one."""
    if not state.finished and not state.members:
        state.frames = []
        return
    errors: list[RawError] = []
    chain = list(reversed(state.finished))
    for number, (error, _) in enumerate(chain):
        relation = Relation.REPORTED if number == 0 else chain[number][1] or Relation.CONTEXT
        errors.append(replace(error, relation=relation))
    errors += state.members
    cut = ""
    if errors and errors[0].frames and not errors[0].type:
        cut = "The trace ends before the error is named."
    elif not state.headed and errors[0].frames:
        cut = "The beginning of the trace is missing: outer frames may be."
    begun = max(state.begun, 0)
    traces = state.traces
    if any(error.frames for error in errors):
        traces.append((begun, RawTrace(TraceForm.PYTHON, tuple(errors), cut)))
    state.__dict__.update(_Reading(traces=traces).__dict__)


def _is_chained(state: _Reading) -> bool:
    return bool(state.finished) and state.finished[-1][1] is not None


def _frame(line: str) -> RawFrame | None:
    if ".py" not in line and 'File "' not in line:
        return None
    for form in _FRAMES:
        match = form.search(line)
        if match:
            name = (match["name"] or "").strip()
            name = name.split("(")[0] if "(" in name else name
            owner, _, name = name.replace(".<locals>", "").rpartition(".")
            return RawFrame(
                TraceForm.PYTHON,
                match["path"],
                int(match["line"]),
                name,
                owner,
                written=match.group().strip(" │|"),
            )
    return None


def _code_behind(lines: Sequence[str], at: int, shown: str) -> tuple[str, int]:
    """Return the line of code under a frame, and the index of the line after it and its carets."""
    if at + 1 >= len(lines):
        return "", at + 1
    if lines[at].startswith("│"):
        return _pointed_at(lines, at), at + 1
    following = lines[at + 1]
    shown_code, behind = _arrowed(lines, at)
    if shown_code:
        return shown_code, behind
    margin = _MARGIN.match(following)
    if margin and _MARGIN.match(lines[at]):
        following = margin["rest"]
    plain = following.strip()
    indent = len(shown) - len(shown.lstrip())
    deeper = len(following) - len(following.lstrip()) > indent
    if not plain or _frame(following) is not None or _BEGIN in following or _REPEATED.search(following):
        return "", at + 1
    if not deeper and (_SURE_ERROR.match(plain) or indent > 0):
        return "", at + 1
    after = at + 2
    while after < len(lines) and lines[after].strip(" |") and _CARETS.match(lines[after].strip("| ") or "x"):
        after += 1
    return plain, after


def _arrowed(lines: Sequence[str], at: int) -> tuple[str, int]:
    """Return the line of code that IPython's arrow points at, and the index behind what it shows."""
    after, code = at + 1, ""
    while after < len(lines) and _SHOWN.match(lines[after]):
        arrow = _ARROW.match(lines[after])
        code = arrow["code"].strip() if arrow else code
        after += 1
    return code, after


def _code_above(lines: Sequence[str], at: int) -> str:
    """Return the line that pytest marks in the code that it shows above a place."""
    for line in reversed(lines[max(at - 12, 0) : at]):
        if line.startswith(">"):
            return line[1:].strip()
        if _frame(line) is not None:
            break
    return ""


def _pointed_at(lines: Sequence[str], at: int) -> str:
    """Return the line of code that Rich points at below a frame."""
    for line in lines[at + 1 : at + 12]:
        match = _POINTED.match(line)
        if match:
            return match["code"].replace("│", " ").strip()
        if _frame(line) is not None:
            break
    return ""


def _until_blank(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for each in lines:
        if not each or _BEGIN in each or 'File "' in each:
            break
        kept.append(each)
    return kept
