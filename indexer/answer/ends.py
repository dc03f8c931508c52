"""Where a way ends: in what is raised or thrown, or in the library that a definition hands on to; and what a
body says of its own steps.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.byways import in_handler, indent
from indexer.answer.calling import called_on
from indexer.answer.inquiry import Inquiry
from indexer.answer.on_the_way import condition, within
from indexer.index.calls import is_foreign
from indexer.index.symbols import FoundSymbol, callees
from indexer.types import ReferenceKind

_RAISE: Final = re.compile(r"^\s*(?:raise|throw)\s+(?:new\s+)?(?P<what>[\w.:]+)")
_ITSELF: Final = frozenset(("", "self", "this", "cls", "me", "super"))
_TAKEN: Final = (
    r"\b{name}\b.*=\s*require\(\s*['\"]([^'\"]+)['\"]\s*\)",
    r"^\s*import\b.*\b{name}\b.*\bfrom\s+['\"]([^'\"]+)['\"]",
    r"^\s*from\s+([\w.]+)\s+import\b.*\b{name}\b",
    r"^\s*import\s+({name})\b",
    r"^\s*import\s+([\w.]+)\s+as\s+{name}\b",
    r"^\s*import\s+(?:static\s+)?([\w.]+)\.{name};",
    r"^\s*(?:import\s+)?(?:\w+\s+)?\"([\w.-]+\.[\w-]+/(?:[^\"]*/)?{name}(?:/v\d+)?)\"",
)
"""How languages take a name in from elsewhere: JavaScript, Python, Java, Go."""
_QUOTED: Final = (r"['\"]\s*\)", r"['\"]")
"""How the patterns of JavaScript end, where all that does not begin with a dot is a library's."""
_STANDARD: Final = re.compile(r"^(?:node:|javax?\.|[@~#]/|\.|/|__future__)")
_SIGN: Final = re.compile(r"^\s*(?:#|//)\s*(?P<said>[A-Za-z].*?)\s*$")
_CODE: Final = re.compile(r"[;{}=]|\w\(|^(?:TODO|FIXME|XXX|HACK|NOTE|type:|noqa|pragma|eslint|ts-)")
_ABOVE: Final = 4
"""Lines above a call that are looked at for a comment on it."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A line that ends a definition by raising what is named."""

    line: int
    what: str
    made: int
    """The line on which it is made, the same where it is raised at once."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The call by which a definition hands on to a library: ``written`` on what ``maker`` made."""

    line: int
    written: str
    library: str
    taken: int
    """The line that takes the library in."""
    maker: str = ""
    made: int = 0


def raised_at_end(inquiry: Inquiry, caller: FoundSymbol, after: int) -> Raised | None:
    """Return what a definition raises behind line ``after``, the last of it; None where nothing is, or only
    what was caught is raised again.
    """
    lines = _lines(inquiry, caller)
    for at in range(min(caller.end_line, len(lines)), after, -1):
        found = _RAISE.match(lines[at - 1])
        if found is None or within(lines, caller, at) is not None or in_handler(lines, caller.name_line, at):
            continue
        what = found["what"]
        if what[:1].isupper() or "." in what or ":" in what:
            return Raised(at, what.rstrip(".:"), at)
        made = re.compile(rf"\b{re.escape(what)}\s*:?=\s*(?:new\s+)?([\w.:]*[A-Z]\w*)")
        for back in range(at - 1, caller.name_line, -1):
            if kind := made.search(lines[back - 1]):
                return Raised(at, kind[1], back)
        return None
    return None


def leaving(inquiry: Inquiry, caller: FoundSymbol, after: int) -> Leaving | None:
    """Return the last call of a definition, where nothing stands between and it always comes there, if it is
    one of a library: what happens then stands elsewhere.
    """
    lines = _lines(inquiry, caller)
    body = [
        n for n in range(caller.name_line + 1, min(caller.end_line, len(lines)) + 1) if lines[n - 1].strip()
    ]
    depth = min((indent(lines[n - 1]) for n in body[:-1]), default=0)
    used = [
        each
        for each in callees(inquiry.reader, caller.blob_id, caller.name_line, caller.end_line, 80)
        if each.kind is ReferenceKind.CALL and each.line >= max(after, caller.name_line + 1)
    ]
    for each in reversed(used):
        if indent(lines[each.line - 1]) > depth or condition(lines, caller, each.line) is not None:
            return None
        on = called_on(inquiry, caller, each)
        if each.symbol is not None or on in _ITSELF:
            return None
        called = rf"[\w.$]*\b{re.escape(on)}\s*(?:\.|->)\s*{re.escape(each.name)}\b"
        written = re.search(called, lines[each.line - 1])
        if written is None:
            return None
        if (taken := taken_from(inquiry, caller, on)) is not None:
            return Leaving(each.line, written[0], taken[1], taken[0])
        made = _made(lines, caller, on)
        taken = taken_from(inquiry, caller, made[1].partition(".")[0]) if made is not None else None
        if made is None or taken is None:
            return None
        return Leaving(each.line, written[0], taken[1], taken[0], made[1], made[0])
    return None


def taken_from(inquiry: Inquiry, caller: FoundSymbol, name: str) -> tuple[int, str] | None:
    """Return the line that takes a name in from a library, and the library's name; None where it is of this
    repository, or of the language itself.
    """
    patterns = [re.compile(each.format(name=re.escape(name))) for each in _TAKEN]
    for at, line in enumerate(_lines(inquiry, caller), 1):
        if name not in line:
            continue
        found = next((each for pattern in patterns if (each := pattern.search(line))), None)
        if found is not None:
            library = found[1]
            top = re.split(r"[./]", library)[0]
            own = top in sys.stdlib_module_names or _STANDARD.match(library)
            quoted = found.re.pattern.endswith(_QUOTED)
            return (
                (at, library)
                if not own and (quoted or is_foreign(inquiry.reader, caller.blob_id, name))
                else None
            )
    return None


def steps_said(inquiry: Inquiry, caller: FoundSymbol) -> Iterator[tuple[int, str]]:
    """Yield the comments that stand between the lines of a body, at its depth: what it says of its steps."""
    lines = _lines(inquiry, caller)
    body = range(caller.name_line + 1, min(caller.end_line, len(lines)))
    depth = min((indent(lines[n - 1]) for n in body if lines[n - 1].strip()), default=0)
    for at in body:
        said = comment_at(lines, at)
        alone = said and not comment_at(lines, at - 1) and not comment_at(lines, at + 1)
        if alone and indent(lines[at - 1]) == depth:
            yield at, said


def comment_above(lines: Sequence[str], caller: FoundSymbol, line: int) -> tuple[int, str] | None:
    """Return the comment of one line right above the statement that a call stands in, or above the condition
    that begins there.
    """
    at = line - 1
    while at > max(caller.name_line, line - _ABOVE) and _opens(lines[at - 1], lines[at]):
        at -= 1
    if at <= caller.name_line or at > len(lines):
        return None
    said = comment_at(lines, at)
    return (at, said) if said and not comment_at(lines, at - 1) else None


def comment_at(lines: Sequence[str], line: int) -> str:
    """Return what a line of nothing but a comment says; empty where it is none, or is code put aside."""
    found = _SIGN.match(lines[line - 1]) if 0 < line <= len(lines) else None
    return "" if found is None or _CODE.search(found["said"]) else found["said"]


def _opens(head: str, below: str) -> bool:
    """Return whether a line opens the block that the line below is the first of."""
    opens = re.match(r"^\s*(?:\}\s*)?(?:if|try|with|unless|begin|for|async with)\b", head) is not None
    return opens and indent(head) < indent(below)


def _made(lines: Sequence[str], caller: FoundSymbol, on: str) -> tuple[int, str] | None:
    """Return where a name is given what is made for it, in the caller first, and by what."""
    made = re.compile(rf"\b{re.escape(on)}\s*:?=\s*(?:await\s+)?(?:new\s+)?([A-Za-z_][\w.]*)\(")
    own = range(caller.name_line, min(caller.end_line, len(lines)) + 1)
    for at in (*own, *range(1, len(lines) + 1)):
        if on in lines[at - 1] and (found := made.search(lines[at - 1])):
            return at, found[1]
    return None


def _lines(inquiry: Inquiry, caller: FoundSymbol) -> Sequence[str]:
    source = inquiry.page.sources.file(caller.path)
    return () if source is None else source.lines
