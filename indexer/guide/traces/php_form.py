"""PHP's traces. A frame of PHP names the function that is called at its place, not the one around it;
here each frame is given the name of what stands around its line.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from indexer.guide.traces.model import RawError, RawFrame, RawTrace, last_line
from indexer.guide.traces.php_pages import (
    BELOW,
    DRUPAL,
    FIRST,
    IN_COLUMNS,
    LISTED,
    NUMBERED,
    THROWN_AT,
    place_of,
    row_below,
    said_above,
)
from indexer.shapes.traces import Relation, TraceForm

_FRAME: Final = re.compile(
    r"^\W{0,3}#(?P<number>\d{1,6}):? +(?P<path>[^\s(][^()]{0,400}?)[(:](?P<line>\d{1,7})\)?: ?(?P<call>.*)$"
)
_TURNED: Final = re.compile(
    r"^\W{0,3}#?(?P<number>\d{1,6})[).]? +(?P<call>[\w\\]+(?:->|::)?[\w{}\\]*\(.*\)) (?:called at "
    r"|at )\[?(?P<path>[^\[\]\s:]+):(?P<line>\d{1,7})\]?$"
)
_SYMFONY: Final = re.compile(
    r"^\s*(?P<call>[\w\\]*(?:->|::)?[\w{}\\]*\(\)) at (?P<path>\S{1,400}?\.php|n/a):(?P<line>\d{1,7}|n/a)\s*$"
)
"""As Symfony's console writes them, below "Exception trace:"."""
_INSIDE: Final = re.compile(
    r"^\W{0,3}#(?P<number>\d{1,6}) +(?:\[internal function\]: (?P<call>.*)|\{main\})\s*$"
)
_HEAD: Final = re.compile(
    r"(?P<again>Next )?(?P<type>\\?(?:[A-Za-z_]\w*\\)*[A-Z]\w*)(?:\(code: \d+\))?: (?P<message>.*?)"
    r"(?<! called) (?:in|at) (?P<path>(?:phar://)?(?:(?:[A-Za-z]:)?[^\s:()]+\.\w+"
    r"|(?:[A-Za-z]:\\|/)[^:()\n]{1,300}?\.(?:php|phtml|inc)))(?::(?P<line>\d{1,7})| on line "
    r"(?P<other>\d{1,7}))"
)
_OLD: Final = re.compile(
    r"(?:Uncaught e|^E)xception '(?P<type>[\w\\]+)' with message '(?P<message>.*?)(?:' in|'?$)"
)
_LARAVEL: Final = re.compile(
    r"\[object\] \((?P<type>[\w\\]+)\(code: [^)]*\): (?P<message>.*) at (?P<path>[^\s()]+):"
    r"(?P<line>\d{1,7})\)"
)
_THROWN: Final = re.compile(r"thrown in (?P<path>\S+) on line (?P<line>\d{1,7})")
_XDEBUG: Final = re.compile(
    r"^(?:PHP|\s*\d+\.\d{4}\s+\d+)? {1,4}(?P<number>\d{1,6})\. "
    r"(?P<call>[\w\\{}:@/.-]+(?:(?:->|::)[\w{}:/.\\-]+)?)\(.*\) "
    r"(?P<path>(?:[A-Za-z]:)?[^\s:()]{1,400}):(?P<line>\d{1,7})\s*$"
)
"""As Xdebug, and PHP's own log with it, list the calls: the outermost first, each with where it is called."""
_XDEBUG_CUT: Final = re.compile(
    r"^(?:PHP|\s*\d+\.\d{4}\s+\d+)? {1,4}(?P<number>\d{1,6})\. (?P<call>[\w\\]+(?:->|::)\w+)\([^\n]*$"
)
_FIELD: Final = re.compile(
    r"\"(?P<key>exception|class|type|message|file|line)\"\s*:\s*(?P<value>\"(?:[^\"\\]|\\.){0,2000}\"|\d{1,7})"
)
"""What a page of errors that is sent as JSON tells above the frames."""
_SIMPLE: Final = re.compile(
    r"(?:PHP )?(?:(?:Catchable |Recoverable )?[Ff]atal error|Warning|Notice|Deprecated|Parse error): +"
    r"(?P<message>.*) in (?P<path>(?:[A-Za-z]:)?[^\s:]+\.\w+)(?: on line |:)(?P<line>\d{1,7})"
)


_DUMPED: Final = re.compile(r"^\s*(?P<path>\S{1,400}\.php):(?P<line>\d{1,7}) \{\s*$")
_PLACE: Final = re.compile(r"^(?P<path>(?:[A-Za-z]:)?[^\s:]{1,400}\.php):(?P<line>\d{1,7})$")


def is_frame(line: str) -> bool:
    """Return whether a line names a frame of PHP's."""
    numbered = "#" in line and (".php" in line or "{main}" in line or "[internal function]" in line)
    if numbered and (_FRAME.match(line) or _INSIDE.match(line) or _TURNED.match(line)):
        return True
    if " of " in line and DRUPAL.search(line):
        return True
    return ".php" in line and (
        LISTED.match(line) is not None
        or NUMBERED.match(line) is not None
        or IN_COLUMNS.match(line) is not None
        or (BELOW.match(line) is not None and ("(" in line or " line " in line))
        or THROWN_AT.match(line) is not None
        or FIRST.match(line) is not None
        or _XDEBUG.match(line) is not None
        or _DUMPED.match(line) is not None
        or _SYMFONY.match(line) is not None
        or _SIMPLE.search(line) is not None
        or _LARAVEL.search(line) is not None
    )


@dataclass
class _Reading:
    """What is known of the trace that is being read, and those that are finished."""

    found: list[tuple[int, list[RawError]]] = field(default_factory=list)
    head: re.Match[str] | None = None
    begun: int = -1
    rows: list[tuple[str, int, str, str]] = field(default_factory=list)
    dumped: list[RawFrame] = field(default_factory=list)
    place: tuple[str, int] | None = None
    said: tuple[str, str] = ("", "")
    above: tuple[str, str] = ("", "")
    """What stands above the first frame."""
    listed: list[tuple[str, int, str, str]] = field(default_factory=list)
    """The calls of Xdebug, the outermost first."""
    fields: dict[str, str] = field(default_factory=dict)
    deepest_first: bool = False
    """Whether numbered calls are those of Whoops."""

    def begin(self, at: int) -> None:
        """Remember the first line of a trace."""
        self.begun = at if self.begun < 0 else self.begun

    def close(self) -> None:
        """Finish the trace that is being read."""
        begun = max(self.begun, 0)
        if _counts_down(self.rows):
            self.dumped = [_frame(path, line, call) for path, line, call, _ in self.rows]
            self.rows, self.head = [], None
            self.said = self.said if any(self.said) else self.above
        if self.dumped:
            self.found.append((begun, [RawError(*self.said, Relation.REPORTED, tuple(self.dumped))]))
        if self.listed:
            self._turn()
        if self.rows or self.head is not None:
            error = _error(self.head, self.rows, self.place)
            if any(self.said) and not error.type:
                error = replace(error, type=self.said[0], message=self.said[1])
            if self.listed:
                named = [replace(each, outside=each.outside and not each.name) for each in error.frames]
                error = replace(error, frames=tuple(named))
            again = self.head is not None and "again" in self.head.re.groupindex and self.head["again"]
            if again and self.found:
                # What comes "Next" wraps what stands before it.
                earlier = [replace(each, relation=Relation.CAUSE) for each in self.found[-1][1]]
                self.found[-1] = (self.found[-1][0], [error, *earlier])
            elif error.frames:
                self.found.append((begun, [error]))
        self.head, self.rows, self.begun, self.dumped = None, [], -1, []
        self.place, self.said, self.listed, self.fields = None, ("", ""), [], {}
        self.above, self.deepest_first = ("", ""), False

    def _turn(self) -> None:
        """Make the calls that Xdebug lists those of a trace, the deepest first."""
        self.rows = list(reversed(self.listed))
        if self.rows[-1][2].startswith("{main}") and not self.rows[-1][1]:
            self.rows[-1] = ("", 0, "{main}", "")
        if not self.rows[0][0]:
            # Cut off within the deepest that is left: what is deeper still is not known.
            self.rows.insert(0, ("", 0, "", ""))

    def known(self) -> None:
        """Take for the error of the frames that begin what fields of JSON above them tell."""
        fields = self.fields
        if self.head is None and self.place is None and fields.get("line", "").isdigit() and "file" in fields:
            self.place = (fields["file"], int(fields["line"]))
            kind = fields.get("exception") or fields.get("class") or fields.get("type", "")
            self.said = (kind, fields.get("message", ""))


def read(lines: Sequence[str]) -> list[tuple[int, RawTrace]]:
    """Return the traces, each with the index of the line at which it begins."""
    state = _Reading()
    for at, line in enumerate(lines):
        for told in _FIELD.finditer(line) if '"' in line and not state.rows else ():
            state.fields[told["key"]] = _value(told["value"])
        listed = _listed(line, begun=bool(state.listed))
        row = None if listed else _row(line) or row_below(lines, at)
        if listed is not None and state.deepest_first:
            path, number, call, at_call = listed
            listed, row = None, (path, number, f"{call}()", at_call)
        if listed is not None:
            if listed[3] == "1" and (state.listed or state.rows):
                state.close()
            state.begin(at)
            state.listed.append(listed)
        elif row is not None:
            if row[3] == "0" and state.rows:
                state.close()
            if not state.rows:
                state.known()
                state.above = said_above(lines, at)
            state.begin(at)
            state.rows.append(_whole(row, cut=last_line(lines, at)))
        elif not _placed(state, lines, at):
            named = _named(lines, at)
            if named is not None:
                state.close()
                state.head, state.begun = named, at
    state.close()
    return [(at, RawTrace(TraceForm.PHP, tuple(errors), _cut(errors))) for at, errors in state.found]


def _listed(line: str, *, begun: bool) -> tuple[str, int, str, str] | None:
    """Return a call of Xdebug's list; one that was cut off has no place."""
    if ". " not in line[:40]:
        return None
    match = _XDEBUG.match(line)
    if match and ".php" in line:
        return (match["path"], int(match["line"]), match["call"], match["number"])
    match = _XDEBUG_CUT.match(line) if begun and _XDEBUG.match(line) is None else None
    return ("", 0, match["call"], match["number"]) if match else None


def _whole(row: tuple[str, int, str, str], *, cut: bool) -> tuple[str, int, str, str]:
    """Return a row without a name that a text was cut off within."""
    path, line, call, number = row
    whole = not cut or "(" in call or call == "{main}" or not call
    return row if whole else (path, line, "", number)


def _value(written: str) -> str:
    try:
        return str(json.loads(written))
    except ValueError:
        return written.strip('"')


def _placed(state: _Reading, lines: Sequence[str], at: int) -> bool:
    """Take a line that is a frame of a dump, or gives the place of an error that old PHP wrote."""
    line = lines[at]
    thrown = (THROWN_AT.match(line) or FIRST.match(line)) if ".php:" in line else None
    if thrown is None and line.strip() == "at n/a" and at + 1 < len(lines):
        thrown = BELOW.match(lines[at + 1])
    if thrown:
        state.close()
        state.begin(at)
        state.place, state.said = place_of(thrown), said_above(lines, at)
        state.deepest_first = thrown.re is FIRST
        return True
    dumped = _DUMPED.match(line)
    if dumped:
        state.begin(at)
        call = lines[at + 1].strip() if at + 1 < len(lines) else ""
        state.dumped.append(_frame(dumped["path"], int(dumped["line"]), call))
        return True
    old = _OLD.search(line)
    if old:
        state.close()
        state.said, state.begun = (old["type"], old["message"]), at
    place = _PLACE.match(line.strip().removeprefix("in "))
    drupal = DRUPAL.search(line) if " of " in line else None
    if drupal:
        state.close()
        state.begin(at)
        state.said = (drupal["type"], drupal["message"])
        state.dumped.append(_frame(drupal["path"], int(drupal["line"]), drupal["call"]))
        return True
    if LISTED.match(line) and not any("Stack trace" in each for each in lines[at + 1 : at + 3]):
        if place and not state.dumped:
            state.close()
            state.said = said_above(lines, at)
        state.begin(at)
        path, _, number = line.rpartition(":")
        state.dumped.append(_frame(path, int(number), ""))
        return True
    if place and any("Stack trace" in each for each in lines[at + 1 : at + 3]):
        state.place = (place["path"], int(place["line"]))
        return True
    return False


def _counts_down(rows: Sequence[tuple[str, int, str, str]]) -> bool:
    """Return whether frames are numbered from the outermost, and list the deepest first: trackers of errors
    do so, and name with each line what it stands in, not what it calls.
    """
    numbers = [int(number) for _, _, _, number in rows if number]
    bare = all("(" not in call for _, _, call, _ in rows)
    down = all(one == other + 1 for one, other in itertools.pairwise(numbers))
    return len(numbers) == len(rows) > 1 and bare and down


def _cut(errors: list[RawError]) -> str:
    return "" if errors[0].type or errors[0].message else "The error itself is not in the text."


def _named(lines: Sequence[str], at: int) -> re.Match[str] | None:
    line = lines[at]
    if ".php" not in line and " in " not in line and " at " not in line:
        return None
    thrown = line.find("Uncaught ") + 1
    match = _LARAVEL.search(line) or _HEAD.search(line, thrown) or _HEAD.search(line)
    if match and (
        match["path"].endswith((".php", ".phtml", ".inc", ".module", ".phar", ".twig")) or "Uncaught" in line
    ):
        return match
    return _SIMPLE.search(line) if "thrown" not in line[:12] else None


_CALLED_IN: Final = re.compile(
    r"(?P<call>[\w\\]+(?:(?:::|->)\w+)?\()\).*\bcalled in (?P<path>\S{1,400}\.\w{2,6}) on line "
    r"(?P<line>\d{1,7})\b"
)
_HANDLER: Final = re.compile(
    r"^[\w\\:>-]*(?:[hH]andle_?[eE]rror|[eE]rror_?[hH]andler)[\w\\:>-]*(?:\(|$)|\{closure\}\(\d{1,5}, '"
)
"""What PHP calls with a warning, by its name or by what it is given: a level and the words."""


def _row(line: str) -> tuple[str, int, str, str] | None:
    told = _SYMFONY.match(line) if "() at " in line else None
    if told and told["line"] != "n/a":
        return (told["path"], int(told["line"]), told["call"], "")
    if "#" not in line and "called at" not in line:
        return None
    inside = _INSIDE.match(line)
    if inside:
        return ("", 0, inside["call"] or "{main}", inside["number"])
    match = _FRAME.match(line)
    if match and (
        ".php" in line
        or match["path"].endswith((".phar", ".phtml", ".inc", ".module"))
        or "->" in match["call"]
        or "::" in match["call"]
    ):
        return (match["path"], int(match["line"]), match["call"], match["number"])
    match = _TURNED.match(line)
    if match and ".php" in match["path"]:
        return (match["path"], int(match["line"]), match["call"], match["number"])
    return None


def _error(
    head: re.Match[str] | None, rows: list[tuple[str, int, str, str]], place: tuple[str, int] | None
) -> RawError:
    kind = message = ""
    places: list[tuple[str, int]] = []
    if head is not None:
        groups = head.re.groupindex
        kind = (head["type"] or "").lstrip("\\") if "type" in groups else "Error"
        message = head["message"] or ""
        number = head["line"] or (head["other"] if "other" in groups else "0")
        places.append((head["path"], int(number)))
    places += [(path, line) for path, line, _, _ in rows]
    calls = [call for _, _, call, _ in rows]
    if places[1:] and places[0] == places[1] and calls and _HANDLER.search(calls[0]):
        places, calls = places[1:], calls[1:]  # what made an exception of a warning was called by nobody
    if head is None and place is not None:
        places.insert(0, place)
    elif head is None:
        # Without the place that threw, the first frame's call has none.
        calls = calls[1:]
    if not rows and (called := _CALLED_IN.match(message)):
        # An argument of a wrong type: what was called with it, and where.
        places.append((called["path"], int(called["line"])))
        calls = [called["call"]]
    if head is not None and places[1:] and places[0] == places[1] and calls and calls[0]:
        # What threw has the place of who called it: it is PHP's own.
        places[0] = ("", 0)
    frames = tuple(
        _frame(path, line, calls[at] if at < len(calls) else "") for at, (path, line) in enumerate(places)
    )
    return RawError(kind, message, Relation.REPORTED, frames)


def _frame(path: str, line: int, call: str) -> RawFrame:
    """Return the frame of a place inside of what ``call`` names."""
    module, owner, name = parts_of(call)
    around = call.partition("(")[0].strip()
    inside = f": in {around}" if around else ""
    written = f"{path}({line}){inside}" if path else f"[internal function]{inside}"
    return RawFrame(TraceForm.PHP, path, line, name, owner, module, written=written, outside=not path)


_INCLUDES: Final = ("include", "include_once", "require", "require_once", "eval")
"""What runs a file as if it were called: its lines are in no function."""


def parts_of(call: str) -> tuple[str, str, str]:
    r"""Return namespace, class and function of ``Ns\\Class->method(...)``."""
    name = call.strip()
    closure = re.search(r"\{closure:(?P<inner>[^{}]+?)(?:\(\))?:\d+\}", name)
    if closure:
        name = closure["inner"]
    name = name.partition("(")[0]
    owner, function = "", name
    for sign in ("->", "::", ">"):
        if sign in name:
            owner, _, function = name.rpartition(sign)
            break
    if "@anonymous" in owner:
        owner = ""  # the class was given no name; what it extends, or PHP, stands before the sign
    module, _, owner = owner.rpartition("\\")
    if not owner:
        module, _, function = function.rpartition("\\")
    nameless = "{closure" in function or function in ("{main}", *_INCLUDES)
    return module.lstrip("\\"), owner, "" if nameless else function
