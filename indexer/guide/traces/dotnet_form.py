"""The traces of .NET: C#, F#, Visual Basic; with inner exceptions, and in the languages it speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace, last_line
from indexer.shapes.traces import Relation, TraceForm

_LINE: Final = r"(?:line|Zeile|ligne|línea|linha|riga|wiersz|строка|行号|行|줄)"
_AT: Final = r"(?:at|bei|à|en|em|в|в месте|w|in|在|場所|위치:)"
_FRAME: Final = re.compile(
    rf"^\W{{0,4}}\s*{_AT} "
    r"(?P<qualified>[A-Za-z_<][^()\n]{0,400}?) ?"
    r"\((?P<args>[^()]{0,1000}(?:\([^()]{0,300}\)[^()]{0,300}){0,20})\)(?:\+MoveNext\(\))?"
    r"(?: ?(?:\w+ )?(?:\[0x[0-9a-f]+\] )?(?:in|à|dans|en|em|в|位置|場所) (?P<path>.{1,500}?)"
    rf":(?:{_LINE}(?: number)? ?)?(?P<line>\d{{1,7}})\.?)?\s*$",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"^\s*(?:at )?(?P<qualified>(?:[A-Za-z_]\w*\.){2,}[\w.<>`|+\[\]]+) ?"
    r"\((?P<args>[^()]{0,1500})\)(?: \[0x[0-9a-f]+\] in <[^>]*>:0.*|\+[0-9a-f]{1,6})\s*$"
)
"""As Mono writes a frame of a build without places, and dumps of the runtime do."""
_PAGE: Final = re.compile(
    r"^\s*(?P<qualified>(?:[A-Za-z_]\w*\.)+[\w.<>`|+\[\]]+) ?\((?P<args>[^()]{0,1500})\) in "
    r"(?P<path>[\w.-]{1,200}\.(?:cs|fs|vb|cshtml|razor))(?:, line (?P<line>\d{1,7}))?\s*$"
)
"""As the page of ASP.NET Core for developers writes a frame: the file's name without its folder."""
_CUT: Final = re.compile(
    r"^\s*at (?P<qualified>(?:[A-Za-z_]\w*\.){2,}[\w.<>`|+\[\]]+) ?"
    r"\((?P<args>[^()]{0,1500})(?P<path>(?!))?(?P<line>(?!))?$"
)
"""The last frame of a text that was cut off within its parameters."""
_ARGUMENT: Final = r"[\w.`\[\]<>,&*?]+ \w+"
_TYPED: Final = re.compile(
    rf"^\s*{_AT} (?:[A-Za-z_]\w*\.)+[\w.<>`|+\[\],]+\({_ARGUMENT}(?:, {_ARGUMENT}){{0,40}}\)"
    r"(?:\+MoveNext\(\))?\s*$"
)
"""A frame without a place that tells types and names of its parameters, as no other form does."""
_TYPE: Final = r"(?P<type>(?:[A-Z]\w*\.)*[A-Z]\w*(?:Exception|Error|Failure)\w*|System\.Exception)"
_HEAD: Final = re.compile(rf"(?:^|[\s>:\]]){_TYPE}(?: \((?:0x)?[\w, :]+\))?(?:: (?P<message>.*)|:?)$")
_INNER: Final = re.compile(
    rf" ?---> (?:\(Inner Exception #\d+\) )?{_TYPE}(?: \((?:0x)?\w+\))?(?:: (?P<message>.*))?$"
)
_BRACKETED: Final = re.compile(rf"^\[{_TYPE}(?: \((?:0x)?\w+\))?: (?P<message>.*?)\]?$")
"""As the page of ASP.NET names an exception, above its frames; what it was wrapped in comes after it."""
_TOLD: Final = re.compile(
    rf"^\s*(?:\[?An? (?:unhandled |uncaught )?exception of type '?{_TYPE}'? (?:occurred|was)\b.*"
    rf"|{_TYPE.replace('<type>', '<other>')} was (?:un)?handled\b.*"
    rf"|(?:Exception (?:type|Info)|(?P<inner>InnerException)|ExceptionType|Type) ?: "
    rf"{_TYPE.replace('<type>', '<named>')}\b(?:, .*|:.*)?)$",
    re.IGNORECASE,
)
"""As a debugger, an event log and a logger name an exception: its message stands below, behind a name."""
_MESSAGE: Final = re.compile(
    r"^\s*(?:Message|Nachricht|Exception message|ExceptionMessage|Additional information) ?[=:] ?"
    r"(?P<message>.*?);?\s*$"
)
_ENDED: Final = re.compile(
    r"--- (?:End of inner exception|Ende der internen|Fin de la trace de la pile d'exception internes)"
)
_MARKS: Final = re.compile(
    rf":(?:{_LINE}) \d|End of (?:inner exception|stack trace)|\bSystem(?:\.\w+)*\.\w*Exception|\.cs:"
    r"|>[bdg]__\d+\w*`?\d*(?:\[|\.MoveNext\(|\()|\bPublicKeyToken=[0-9a-fn]"
)


def is_frame(line: str) -> bool:
    """Return whether a line names a frame with a place."""
    if _BARE.match(line) or _PAGE.match(line):
        return True
    match = _FRAME.match(line) if "(" in line else None
    return (
        match is not None
        and match["path"] is not None
        and (".cs" in line or ":line " in line or _MARKS.search(line) is not None)
    )


def speaks(lines: Sequence[str]) -> bool:
    """Return whether a text is .NET's: its frames without a place look like many others'."""
    return any(_MARKS.search(line) for line in lines) or sum(map(_is_typed, lines)) > 1


@dataclass
class _Reading:
    """What is known of the trace that is being read, and those that are finished."""

    found: list[tuple[int, RawTrace]] = field(default_factory=list)
    heads: list[tuple[str, str]] = field(default_factory=list)
    groups: list[list[RawFrame]] = field(default_factory=lambda: [[]])
    causes: list[RawError] = field(default_factory=list)
    outer: list[RawError] = field(default_factory=list)
    """What an exception was wrapped in, where that is told first."""
    begun: int = 0
    wanted: bool = False
    """Whether the message of the exception that was named stands below it."""

    def close(self) -> None:
        """Finish the trace that is being read."""
        if any(self.groups) or self.causes or self.outer:
            trace = _trace(self.heads, self.groups, self.causes)
            inner = [replace(each, relation=Relation.CAUSE) for each in trace.errors] if self.outer else []
            if self.outer:
                cut = "" if self.outer[0].type else trace.cut_off
                trace = replace(trace, errors=(*self.outer, *inner), cut_off=cut)
            self.found.append((self.begun, trace))
        self.heads, self.groups, self.causes, self.outer, self.wanted = [], [[]], [], [], False

    def wrap(self, at: int, head: tuple[str, str]) -> None:
        """Begin the exception that what was read so far was wrapped in, as a page of ASP.NET has it."""
        if any(self.groups):
            kind, message = (self.heads or [("", "")])[0]
            self.causes.insert(0, RawError(kind, message, Relation.CAUSE, tuple(self.groups[0])))
        elif not self.causes:
            self.begun = at
        self.heads, self.groups = [head], [[]]

    def tell(self, at: int, told: re.Match[str]) -> None:
        """Begin an exception that a debugger or a logger names, with its message below."""
        kind = told["type"] or told["other"] or told["named"]
        if told["inner"] and any(self.groups):
            relation = Relation.CAUSE if self.outer else Relation.REPORTED
            errors = _trace(self.heads, self.groups).errors
            self.outer += [replace(errors[0], relation=relation), *errors[1:]]
        elif any(self.groups):
            self.close()
        if not self.outer:
            self.begun = at
        self.heads, self.groups, self.wanted = [(kind, "")], [[]], True

    def name(self, at: int, line: str) -> None:
        """Take the exceptions that a line names."""
        message = _MESSAGE.match(line) if self.wanted and not any(self.groups) else None
        if message:
            self.heads[0] = (self.heads[0][0], self.heads[0][1] or message["message"])
            return
        named = _heads_in(line)
        if named and "--->" in line.lstrip()[:6] and self.heads and not any(self.groups):
            self.heads += named
        elif named:
            if any(self.groups):
                self.close()
            self.heads, self.begun = named, at


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    if not speaks(lines) and not any(_BARE.match(line) or _PAGE.match(line) for line in lines):
        return []
    state = _Reading()
    for at, line in enumerate(lines):
        bare = (_BARE.match(line) or _PAGE.match(line)) if "(" in line else None
        match = bare or (_FRAME.match(line) if "(" in line else None)
        if match is None and any(state.groups) and last_line(lines, at):
            match = bare = _CUT.match(line)
        if match and (bare is not None or not _is_other(match)):
            if not state.heads and not any(state.groups):
                state.begun = at
            state.groups[-1].append(_frame(match))
        elif _ENDED.search(line):
            state.groups.append([])
        elif bracketed := _BRACKETED.match(line):
            state.wrap(at, (bracketed["type"], bracketed["message"]))
        elif told := _TOLD.match(line):
            state.tell(at, told)
        else:
            state.name(at, line)
    state.close()
    return state.found


def _heads_in(line: str) -> list[tuple[str, str]]:
    """Return the exceptions that a line names, outermost first."""
    named: list[tuple[str, str]] = []
    rest = line
    while True:
        inner = _INNER.search(rest)
        if inner is None:
            break
        named.insert(0, (inner["type"], inner["message"] or ""))
        rest = rest[: inner.start()]
        if len(named) > 20:
            break
    head = _HEAD.search(rest)
    if head:
        named.insert(0, (head["type"], head["message"] or ""))
    return named


def _is_typed(line: str) -> bool:
    return "(" in line and _TYPED.match(line) is not None


def _trace(
    heads: list[tuple[str, str]], groups: list[list[RawFrame]], causes: Sequence[RawError] = ()
) -> RawTrace:
    """Lay exceptions and groups of frames together: the innermost's frames come first in the text."""
    frames = list(reversed(groups))
    errors: list[RawError] = []
    for number in range(max(len(heads), len(frames))):
        kind, message = heads[number] if number < len(heads) else ("", "")
        own = tuple(frames[number]) if number < len(frames) else ()
        relation = Relation.REPORTED if number == 0 else Relation.CAUSE
        errors.append(RawError(kind, message, relation, own))
    errors += causes
    cut = "" if heads else "The error itself is not in the text."
    return RawTrace(TraceForm.DOTNET, tuple(errors), cut)


def _is_other(match: re.Match[str]) -> bool:
    """Return whether what looks like a frame is one of another form, or prose."""
    args = match["args"]
    if match["path"] is None and (
        re.search(r":\d+(?::\d+)?$", args) or args in ("Native Method", "Unknown Source", "<anonymous>")
    ):
        return True
    return match["path"] is None and (
        "." not in match["qualified"] or " " in match["qualified"].strip().partition("[")[0]
    )


_BODY: Final = re.compile(
    r"<(?P<name>[\w.]+)>(?:\$|[bdg](?:__(?:(?P<local>\w+)\|)?[\w|]+)?)(?=[.(>]|$)(?:\.MoveNext)?"
)
"""What the compiler makes of a body: of a lambda, a local function, what waits or yields, a program."""
_ENTRY: Final = "<Main>$"
"""The method that statements stand in which are in none."""
_CLOSURE: Final = re.compile(r"\.(?P<name>[A-Za-z]\w*)(?:\$\w+)?@\d+(?:-\d+)?(?:\.Invoke)?$")
"""What the compiler of F# calls a function within one: by its line."""


def _frame(match: re.Match[str]) -> RawFrame:
    qualified = match["qualified"].strip()
    module, owner, name = parts_of(qualified)
    placed = "path" in match.re.groupindex and match["path"] and not match["path"].startswith("<")
    return RawFrame(
        TraceForm.DOTNET,
        match["path"] if placed else "",
        int(match["line"] or 0) if placed else 0,
        name,
        owner,
        module,
        written=match.group().strip(),
        parameters=_parameters(match["args"]) if _is_plain(qualified) else None,
    )


def _is_plain(qualified: str) -> bool:
    """Return whether a method is one of the source, so that it is given what the source says."""
    return "<" not in qualified and re.search(r"\.(?:[gs]et|add|remove)_\w+$|@", qualified) is None


def _parameters(args: str) -> tuple[str, ...]:
    """Return the names of parameters, each empty where only types are told."""
    flat = args
    for _ in range(8):
        flat, changed = re.subn(r"\[[^\[\]]*\]|<[^<>]*>", "", flat)
        if not changed:
            break
    pieces = [piece.split() for piece in flat.split(",") if piece.strip()]
    named = all(len(piece) > 1 for piece in pieces)
    return tuple(piece[-1] if named else "" for piece in pieces)


def parts_of(qualified: str) -> tuple[str, str, str]:
    """Return namespace, class and method as the source has them, of what the compiler named."""
    flat = qualified.replace("/", ".").replace("+", ".")
    for _ in range(8):
        flat, changed = re.subn(r"\[[^\[\]]*\]", "", flat)
        if not changed:
            break
    flat = re.sub(r"`\d+", "", flat)
    if _ENTRY in flat:
        # Statements of no method; of a function among them the name is told behind.
        local = re.search(r">g__(\w+)\|", flat)
        module, _, owner = flat.partition(".<")[0].rpartition(".")
        return module, owner, local[1] if local else ""
    flat = _CLOSURE.sub(r".\1", flat)
    for _ in range(3):
        # What waits within a lambda is made of what that was made of.
        flat, bodies = _BODY.subn(_body, flat)
        if not bodies:
            break
        flat = re.sub(r"<>c(?:__DisplayClass[\w]*)?", "", flat)
    flat = re.sub(r"<\w*>(?!\w)|<[^<>]*>$", "", flat)
    constructor = flat.endswith(("..ctor", "..cctor"))
    parts = [part for part in flat.removesuffix("..ctor").removesuffix("..cctor").split(".") if part]
    if not parts:
        return "", "", ""
    if constructor:
        return ".".join(parts[:-1]), parts[-1], parts[-1]
    name = parts[-1]
    for sign in ("get_", "set_", "add_", "remove_"):
        if name.startswith(sign):
            name = name.removeprefix(sign)
            name = "" if name == "Item" else name  # what stands in brackets has no name in the source
    return ".".join(parts[:-2]), parts[-2] if len(parts) > 1 else "", name


def _body(match: re.Match[str]) -> str:
    if match["local"]:
        return match["local"]
    return match["name"] if "ctor" in match["name"] else match["name"].rpartition(".")[2]
