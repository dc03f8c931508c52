"""The traces of JavaScript: V8 (Node, Chrome), Firefox, Safari; compiled and minified ones too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.shapes.traces import Relation, TraceForm

_FRAME: Final = re.compile(
    r"\bat (?:async )?(?:(?P<name>(?:new )?[^()\s:][^():]{0,250}?(?: \[as [^\]]{1,100}\])?) )?"
    r"\(?(?P<path>[^()\s:][^()]{0,500}?|[A-Za-z]:[^()]{1,500}?):(?P<line>\d{1,7}):"
    r"(?P<column>\d{1,9})\)?[\s,{]*$"
)
_ENDING: Final = re.compile(r":\d{1,7}:\d{1,9}\)?[\s,{]*$")
"""How every frame ends: a line without it is not looked through for the beginnings of one."""
_LONGEST_FRAME: Final = 1_000
"""Characters that `_FRAME` can take before the end, and some: no frame begins before them."""
_ONE_NUMBER: Final = re.compile(
    r"\bat (?:async )?(?P<name>[\w$.<>\[\] ]{1,200}) \((?P<path>[^()\s]{1,400}\.(?:[cm]?[jt]sx?|vue"
    r"|svelte)):(?P<line>\d{1,7})\)\s*$"
)
_SENTRY: Final = re.compile(
    r"^\s*(?:File \"(?P<path>[^\"]{1,500})\", line (?P<line>\d{1,7}), col (?P<column>\d{1,9})"
    r"(?:, in (?P<name>.+))?"
    r"|(?P<shown>[^\s\"]{1,400}\.(?:[cm]?[jt]sx?|vue|svelte)) in (?P<inside>\S.{0,200}?) at line "
    r"(?P<number>\d{1,7})(?::\d{1,9})?)\s*$"
)
"""As Sentry writes a frame, raw and on its page: the deepest first."""
_ROOTED: Final = re.compile(r"/|[A-Za-z]:[\\/]|[\w-]+:/|\.{1,2}/")
"""How a place begins that has no name before it; blanks may stand in it."""
_PLACELESS: Final = re.compile(
    r"^\s*at (?:async )?(?P<name>[\w$.<>\[\] ]{1,200}) \((?P<where>native|<anonymous>|index \d+)\)\s*$"
)
_OTHER: Final = re.compile(
    r"^\s*(?P<name>(?:promise callback\*|[\w.]{1,60} handler\*)?[^@\s]{0,200})@"
    r"(?P<path>(?:https?|file|webpack[\w-]*|resource|chrome|moz-extension"
    r"|app)://\S{1,500}?|/\S{1,400}?)"
    r":(?P<line>\d{1,7}):(?P<column>\d{1,9})\s*$"
)
_HEAD: Final = re.compile(
    r"(?:^|[\s:>\]])(?P<cause>\[cause\]: |caused by: )?(?:Uncaught )?(?:\(in promise\):? )?"
    r"(?P<type>[A-Z][\w$]*(?:Error|Exception|Warning|Rejection)|Error|[A-Z]\w*Error \[\w+\])"
    r"(?: \[(?P<code>[\w.]+)\])?(?:: (?P<message>.*)|:?)$"
)
_ANY_HEAD: Final = re.compile(r"^(?P<type>[A-Z][\w$]{2,60}): (?P<message>.+)$")
_BACK: Final = 12


def is_frame(line: str) -> bool:
    """Return whether a line names a frame."""
    return _frame(line) is not None


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    found: list[tuple[int, list[RawError]]] = []
    frames: list[RawFrame] = []
    head: tuple[str, str, Relation] = ("", "", Relation.REPORTED)
    begun = before = 0

    def close() -> None:
        nonlocal frames
        if not frames:
            return
        error = RawError(head[0], head[1], head[2], tuple(frames))
        if head[2] is Relation.CAUSE and found:
            found[-1][1].append(error)
        else:
            found.append((begun, [replace(error, relation=Relation.REPORTED)]))
        frames = []

    for at, line in enumerate(lines):
        frame = _frame(line)
        if frame is None:
            continue
        named = _head_before(lines, at, before) if at > before or not frames else None
        if named is not None or not frames:
            close()
            begun, head = named if named is not None else (at, ("", "", Relation.REPORTED))
        frames.append(frame)
        before = at + 1
    close()
    return [
        (
            start,
            RawTrace(
                TraceForm.SCRIPT,
                tuple(errors),
                "" if errors[0].type else "The error itself is not in the text.",
            ),
        )
        for start, errors in found
    ]


def _head_before(lines: Sequence[str], at: int, before: int) -> tuple[int, tuple[str, str, Relation]] | None:
    for back in range(at - 1, max(before, at - _BACK) - 1, -1):
        match = _HEAD.search(lines[back])
        if match:
            message = " ".join([match["message"] or "", *(each.strip() for each in lines[back + 1 : at])])
            relation = Relation.CAUSE if match["cause"] else Relation.REPORTED
            return back, (match["type"], message.strip(), relation)
    if at > before:
        match = _ANY_HEAD.match(lines[at - 1].strip())
        if match:
            return at - 1, (match["type"], match["message"], Relation.REPORTED)
    return None


_ALIAS: Final = re.compile(r" \[as (?P<alias>[^\]]+)\]")
_NOBODY: Final = frozenset(
    ("Object", "Function", "Module", "exports", "module", "Array", "global", "window", "Immediate", "Timeout")
)


def _frame(line: str) -> RawFrame | None:
    if "at " in line:
        # As V8 once wrote what is called by a name that was worked out.
        line = line.replace(".(anonymous function)", ".<computed>")
        ending = _ENDING.search(line)
        match = _FRAME.search(line, max(ending.start() - _LONGEST_FRAME, 0)) if ending else None
        match = match or _ONE_NUMBER.search(line)
        if match and not match["path"].startswith("0x") and not match["path"].endswith(_OTHERS):
            name, path = match["name"] or "", match["path"]
            if _ROOTED.match(name) and not match.group().rstrip(" ,{").endswith(")"):
                name, path = "", f"{name} {path}"
            column = int(match["column"]) if "column" in match.re.groupindex else 0
            return _made(name, path, int(match["line"]), match.group(), column)
        match = _PLACELESS.match(line)
        if match:
            return RawFrame(TraceForm.SCRIPT, "", 0, match["name"], written=line.strip(), outside=True)
    if "line " in line:
        match = _SENTRY.match(line)
        if match and match["path"] and not match["path"].endswith(_OTHERS):
            return _made(_known(match["name"]), match["path"], int(match["line"]), line)
        if match and match["shown"]:
            return _made(_known(match["inside"]), match["shown"], int(match["number"]), line)
    if "@" in line:
        match = _OTHER.match(line)
        if match:
            # A function without a name is told by that which it stands in: ``take/<``.
            pieces = [each for each in _STARTED.sub("", match["name"]).split("/") if each.strip("<")]
            name = pieces[-1].rstrip("<") if pieces else ""
            return _made(name, match["path"], int(match["line"]), line)
    return None


def _known(name: str | None) -> str:
    """Return a name of Sentry's without what stands for none."""
    return (name or "").removeprefix("null.") if name not in ("?", "null", "<unknown>") else ""


def _made(name: str, path: str, line: int, written: str, column: int = 0) -> RawFrame:
    alias = _ALIAS.search(name)
    name = _ALIAS.sub("", name).strip().removeprefix("async ").removeprefix("new ").removeprefix("static ")
    if name.endswith(".<computed>") and alias is not None:
        name = f"{name.removesuffix('<computed>')}{alias['alias']}"  # what was called has no other name
    if _BUNDLED.search(name):
        name = ""  # the body of a module, named by its path
    parts = [part for part in name.split(".") if part not in ("<computed>", "prototype", "this", "self")]
    own = _ACCESS.sub("", parts[-1]) if parts else ""
    owner = parts[-2] if len(parts) > 1 and parts[-2] not in _NOBODY else ""
    if own in ("<anonymous>", "anonymous", "") and alias is not None:
        own = alias["alias"]
    if own in ("<anonymous>", "anonymous", "eval", "<static_initializer>", "<instance_members_initializer>"):
        own = ""
    outside = (
        path.startswith(("node:", "internal/", "<anonymous>", "native")) or _BUILT_IN.match(path) is not None
    )
    return RawFrame(
        TraceForm.SCRIPT, path, line, own, owner, written=written.strip().rstrip("{ "), column=column,
        outside=outside,
    )  # fmt: skip


_ACCESS: Final = re.compile(r"^(?:get|set) (?=\S)")
_BUNDLED: Final = re.compile(r"\.{1,2}/.*\.\w+$|^(?:Object|Module)?\.?\d+$")
_STARTED: Final = re.compile(r"^(?:async|promise callback|[\w.]+ handler|[\w.]+)\*")
"""What Firefox puts before a name: how its running was brought about."""

_OTHERS: Final = (".rs", ".go", ".java", ".py", ".rb", ".php", ".cs", ".kt", ".c", ".cc", ".cpp", ".h")
"""Endings of what is no script, though its frames look alike."""

_BUILT_IN: Final = re.compile(
    r"^(?:module|events|util|fs|net|http|stream|timers|_\w+|bootstrap_node|vm|domain|buffer"
    r"|child_process|assert|tls|"
    r"zlib|dns|url|path|crypto|console|node|cluster|repl|readline|async_hooks|next_tick)\.js$"
)
"""The modules of old Nodes, which stand in a trace without a folder."""
