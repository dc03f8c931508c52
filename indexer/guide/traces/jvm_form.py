"""The traces of the JVM: Java, Kotlin, Scala, Groovy; with causes, suppressed ones and thread dumps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace, last_line
from indexer.shapes.traces import Relation, TraceForm

_FRAME: Final = re.compile(
    r"\bat (?:[\w.@-]*/{1,2})*(?P<qualified>[\w$<>\-\u00a1-\uffff]+(?:\.[\w$<>\-\u00a1-\uffff]+)+"
    r"(?:(?: [\w,'\-]+)+(?=\([\w$\-]+\.(?:kts?|groovy|scala):))?)"
    r"(?P<made>\.)? ?\((?P<where>(?P<file>[\w$\-]+\.(?:java|kt|kts|scala|groovy|gvy|clj|cljc|jsp))"
    r"(?::(?P<line>-?\d{1,7}))?"
    r"|Native Method|Unknown Source(?::\d+)?|<generated>|<unknown>|SourceFile(?::\d+)?"
    r"|[A-Z]\w{0,2}:\d+|:-?\d+)"
    r"(?:\)|$)"
)
_BARE: Final = re.compile(
    r"^\W{0,3}(?:[\w.@-]*/{1,2})*(?P<qualified>[\w$<>\-\u00a1-\uffff]+(?:\.[\w$<>\-\u00a1-\uffff]+)+)"
    r" ?\((?P<where>(?P<file>[\w$\-]+\.(?:java|kt|kts|scala|groovy|gvy|clj|cljc|jsp)):(?P<line>-?\d{1,7})"
    r"|Native Method|Unknown Source)\)(?: ~?\[[^\]]*\])?\W{0,3}$"
)
"""As ``StackTraceElement`` is printed on its own: without the word before it."""
_CUT: Final = re.compile(
    r"^\W{0,3}at (?:[\w.@-]*/{1,2})*(?P<qualified>[\w$<>]+(?:\.[\w$<>]+){2,})"
    r" ?\((?P<where>(?P<file>(?!))?(?P<line>(?!))?)[^()]{0,200}$"
)
"""The last frame of a text that was cut off within its place."""
_STATE: Final = re.compile(r"^\s*java\.lang\.Thread\.State: \w+")
_OPENED: Final = re.compile(r'^"?(?P<thread>[^"]{1,200})" .*(?:prio=|tid=|nid=|Id=)')
_MORE: Final = re.compile(r"\.\.\. (\d{1,7}) (?:more|common frames omitted)")
_TYPE: Final = r"(?P<type>(?:[a-zA-Z_][\w$]*\.)+[A-Z][\w$]*)"
_RELATED: Final = re.compile(
    rf"(?P<relation>Caused by|Suppressed|Wrapped by):? (?:\[CIRCULAR REFERENCE: ?)?{_TYPE}(?:: ?"
    r"(?P<message>.*)|:?)$"
)
_HEAD: Final = re.compile(rf"(?:^|[\s\"\]:;=]){_TYPE}(?:: (?P<message>.*)|:?)$")
_THREAD_HEAD: Final = re.compile(r'Exception in thread "(?P<thread>[^"]*)"')
_DUMP: Final = re.compile(r'^"(?P<thread>[^"]+)".*(?:prio=|tid=|nid=|Id=)')
_BACK: Final = 12
"""Lines before the first frame that may be the message."""
_FAILING: Final = re.compile(r"(?:Exception|Error|Throwable|Failure|Fault|Violation|Timeout)\w*$")

_RELATIONS: Final = {
    "Caused by": Relation.CAUSE,
    "Suppressed": Relation.SUPPRESSED,
    "Wrapped by": Relation.CAUSE,
}


def is_frame(line: str) -> bool:
    """Return whether a line names a frame."""
    return _matched(line) is not None


def _matched(line: str) -> re.Match[str] | None:
    if "(" not in line:
        return None
    found = _FRAME.search(line) if "at " in line else None
    return found or _BARE.match(line)


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    traces: list[tuple[int, list[RawError], bool]] = []
    frames: list[RawFrame] = []
    head: tuple[str, str, Relation, str] | None = None
    begun, before = 0, 0
    left_out = 0
    wrapped = False

    def close() -> None:
        nonlocal frames, head, left_out, wrapped
        if frames or (head is not None and head[2] is not Relation.REPORTED):
            kind, message, relation, thread = head or ("", "", Relation.REPORTED, "")
            error = RawError(kind, message, relation, tuple(frames), thread, left_out)
            if relation in (Relation.REPORTED, Relation.THREAD) or not traces:
                traces.append((begun, [error], wrapped))
            else:
                traces[-1][1].append(error)
                traces[-1] = (*traces[-1][:2], traces[-1][2] or wrapped)
        frames, head, left_out, wrapped = [], None, 0, False

    for at, line in enumerate(lines):
        related = _RELATED.search(line) if ": " in line or line.startswith("Caused by ") else None
        if related:
            close()
            head = (related["type"], related["message"] or "", _RELATIONS[related["relation"]], "")
            wrapped = related["relation"] == "Wrapped by"
            before = at + 1
            continue
        match = _matched(line)
        if match is None and frames and at == before and last_line(lines, at):
            match = _CUT.match(line)
        if match:
            if head is None and not frames:
                begun, head = _head_before(lines, at, before)
            elif frames and at - before > 0 and _stands_between(lines, before, at):
                close()
                begun, head = _head_before(lines, at, before)
            frames.append(_frame(match))
            before = at + 1
            continue
        more = _MORE.search(line)
        if more and (frames or head is not None):
            left_out += int(more[1])
            before = at + 1
        elif line.lstrip().startswith("- ") and frames:
            before = at + 1  # a thread dump's locks
    close()
    return [(start, _trace(errors, turned)) for start, errors, turned in traces]


def _trace(errors: list[RawError], turned: bool) -> RawTrace:
    if turned:
        # "Wrapped by" prints the root first: what was reported stands last.
        errors = [
            RawError(
                each.type,
                each.message,
                Relation.REPORTED if number == 0 else Relation.CAUSE,
                each.frames,
                each.thread,
                each.left_out,
            )
            for number, each in enumerate(reversed(errors))
        ]
    cut = (
        ""
        if errors[0].type or errors[0].relation is Relation.THREAD
        else "The error itself is not in the text."
    )
    return RawTrace(TraceForm.JVM, tuple(errors), cut)


def _stands_between(lines: Sequence[str], before: int, at: int) -> bool:
    """Return whether an error or a thread is named between two frames."""
    return any(_DUMP.match(line) or _failing(line) for line in lines[max(before, at - _BACK) : at])


def _failing(line: str) -> re.Match[str] | None:
    match = _HEAD.search(line)
    if match is None:
        # The message may hold anything; the type is what stands before its first colon.
        match = re.search(rf"(?:^|[\s\"\]]){_TYPE}: (?P<message>.*)$", line)
    return match if match and _FAILING.search(match["type"]) else None


def _head_before(
    lines: Sequence[str], at: int, before: int
) -> tuple[int, tuple[str, str, Relation, str] | None]:
    for back in range(at - 1, max(before, at - _BACK) - 1, -1):
        dump = _DUMP.match(lines[back])
        if dump:
            return back, ("", "", Relation.THREAD, dump["thread"])
        if _STATE.match(lines[back]):
            opened = _OPENED.match(lines[back - 1]) if back else None
            return back, ("", "", Relation.THREAD, opened["thread"] if opened else "")
        match = _failing(lines[back])
        if match:
            thread = _THREAD_HEAD.search(lines[back])
            message = " ".join([match["message"] or "", *(each.strip() for each in lines[back + 1 : at])])
            return back, (
                match["type"], message.strip(), Relation.REPORTED, thread["thread"] if thread else "",
            )  # fmt: skip
    if at > before:
        match = _HEAD.search(lines[at - 1])
        if match:
            return at - 1, (match["type"], match["message"] or "", Relation.REPORTED, "")
    return at, None


def _frame(match: re.Match[str]) -> RawFrame:
    # A page that took ``<init>`` for a tag left its point.
    qualified = match["qualified"] + (".<init>" if match.groupdict().get("made") else "")
    type_name, _, method = qualified.rpartition(".")
    parts = type_name.split(".")
    split = next((at for at, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    module = ".".join(parts[:split])
    owner, name = plain_names(".".join(parts[split:]), method)
    file = match["file"] or ""
    line = int(match["line"] or 0)
    last = parts[-1].rpartition("$")[2]
    path = "/".join([*parts[:split], file]) if file else ""
    return RawFrame(
        TraceForm.JVM, path, max(line, 0), name, owner, module, written=match.group(),
        nameless=last.isdigit() and "$" in parts[-1] and name == method,
        outside=match["where"].startswith(("Native", "<gen")),
    )  # fmt: skip


_LAMBDA: Final = re.compile(
    r"^(?:lambda\$|\$anonfun\$|\$deserializeLambda\$)?(?P<name>[A-Za-z_]\w*?)(?:\$(?:lambda\$)?\d+"
    r"|\$default|\$\w+)*$"
)
_SCALA: Final = {
    "$plus": "+", "$minus": "-", "$times": "*", "$div": "/", "$eq": "=", "$less": "<", "$greater": ">",
    "$bang": "!", "$colon": ":", "$qmark": "?", "$bar": "|", "$amp": "&", "$at": "@", "$hash": "#",
    "$percent": "%", "$up": "^", "$tilde": "~",
}  # fmt: skip
_GIVEN: Final = frozenset(
    ("invoke", "invokeSuspend", "apply", "call", "run", "accept", "get", "test", "create")
)
"""What a compiler names the body of a lambda."""


_CLOSURE: Final = re.compile(r"^_(?P<name>[A-Za-z]\w*?)_(?:closure|lambda)\d+$")
"""What Groovy calls the class of a block."""
_NAMELESS: Final = frozenset(("null", "static"))
"""What a lambda is said to be of that stands in another one, or in no method."""


def plain_names(owner: str, method: str) -> tuple[str, str]:
    """Return the class and the method as the source has them, of those that the compiler wrote."""
    made = method.startswith(("lambda$", "access$"))
    for sign, written in _SCALA.items() if not made else ():
        if sign in method:
            method = method.replace(sign, written)
    pieces = [piece for piece in owner.replace("$$", "$").split("$") if piece]
    named = [piece for piece in pieces if not piece.isdigit() and piece not in ("anonfun", "lambda")]
    classes = [piece for piece in named if piece[:1].isupper()]
    if len(classes) > 1 and classes[-1] == "Companion":
        classes = classes[:-1]  # what stands in it is of the class
    inner = [piece for piece in named if piece[:1].islower()]
    closure = _CLOSURE.match(named[-1]) if named else None
    if closure and method in ("doCall", "call"):
        return ".".join(classes), closure["name"]
    if method in _GIVEN and inner:
        return ".".join(classes), inner[-1]
    if method in ("<init>", "<clinit>") or method.startswith("lambda$new$"):
        return ".".join(classes), classes[-1] if classes else ""
    match = _LAMBDA.match(method)
    name = match["name"] if match and ("$" in method) else method
    if method.startswith("access$"):
        name = method.removeprefix("access$")
        name = "" if name.isdigit() else name
    if made and name in _NAMELESS:
        name = ""
    name = name.partition("-")[0] if "-" in name else name
    return ".".join(classes) or owner.rstrip("$"), name
