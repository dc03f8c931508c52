"""What stands around a call of a walk: the function within, the condition, and where registered code runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.byways import indent
from indexer.answer.citations import Sources
from indexer.index.symbols import FoundSymbol

LONGEST: Final = 90
"""Characters of a condition that is told; a longer one is read in the code."""

_INNER: Final = re.compile(
    r"^\s*(?:async\s+)?def\s+(?P<python>\w+)|\bfunction\b\s*(?P<script>\w*)\s*\(|\b(?P<arrow>\w+)\s*[:=]\s*"
    r"(?:async\s*)?\(?[\w\s,:]*\)?\s*=>|\blambda\b|\bproc\b|\bfunc\s*\(|=>|->\s*(?:\{|do\b)"
)
"""The head of a function within another one."""
_IF: Final = re.compile(
    r"^\s*(?:\}\s*)?(?P<word>if|elif|else if|elsif|unless)\b\s*(?P<what>.+?)\s*(?::|\{|\bthen)?\s*$"
)
_BEHIND: Final = re.compile(r"\s+(?://|#)\s.*$|\s*/\*.*?\*/")
"""A comment behind code."""
_ELSE: Final = re.compile(r"^\s*(?:\}\s*)?else\b(?!\s+if\b)(?P<more>.*)$")
_ONE_WORD: Final = re.compile(r"[\w.@$]+(?:\([^()]*\))?[?!]?")
_ONCE: Final = re.compile(r"\.Do\(func\(\)|\bcall_once\(|\bonce\(")
_FROM_A_TABLE: Final = re.compile(r"(?<!new )(?<![\w.])[\w.]*\w\[[^\[\]\"']+\]\)?\(")
_OF_ITS_OWN: Final = re.compile(r"\[(?:k[A-Z]\w*|[A-Z][A-Z0-9_]*|\d+)\]")
"""A constant between the brackets is a name that an object has, as Node's symbols are."""
_FROM_A_NAME: Final = re.compile(r"(?<![\w.])(?P<name>[a-z]\w*)\(\*[\w.]+,\s*\*\*[\w.]+\)")


@dataclass(frozen=True, slots=True)
class Registered:
    """A line that runs what was registered: a function kept in a table, or given as a value."""

    holder: FoundSymbol
    line: int
    text: str


def within(lines: Sequence[str], caller: FoundSymbol, line: int) -> str | None:
    """Return the name of the function within its caller that a line stands in, empty where it has none; None
    for a line of the caller itself. What stands in such a function does not run when the caller does.
    """
    head = _inner_head(lines, caller, line)
    if head is None:
        return None
    found = _INNER.search(lines[head - 1])
    return next((each for each in found.groups() if each), "") if found else ""


def runs_once(lines: Sequence[str], caller: FoundSymbol, line: int) -> bool:
    """Return whether a line stands in a function that is handed to what runs it once (Go's `once.Do`)."""
    head = _inner_head(lines, caller, line)
    return head is not None and _ONCE.search(lines[head - 1]) is not None


def condition(
    lines: Sequence[str], caller: FoundSymbol, line: int, *, innermost: bool = False
) -> tuple[int, str] | None:
    """Return the line of the innermost condition under which a line of a definition runs, and the text of all
    of them; None where it always does, or where they are too long to be told. With ``innermost`` that one
    alone is told where all of them are too long.
    """
    if not 0 < line <= len(lines):
        return None
    depth = indent(lines[line - 1])
    stop = _inner_head(lines, caller, line) or caller.name_line
    told: list[str] = []
    first = 0
    for at in range(line - 1, stop, -1):
        above = lines[at - 1]
        bare = _BEHIND.sub("", above)
        place, found = at, _IF.match(bare)
        other_way = None if found is not None or indent(above) >= depth else _ELSE.match(bare)
        otherwise = other_way is not None
        # `} else if (...) {` closes what stands above it, and opens what stands below.
        closes = above.strip()[:1] in ")]}" and found is None and not otherwise
        if not above.strip() or indent(above) >= depth or closes:
            continue
        depth = indent(above)
        if other_way is not None:
            # What comes behind several conditions that do not hold would take all of them to tell.
            readable = other_way["more"].strip() in ("", ":", "{")
            other = _only_if(lines, at, stop) if readable else None
            if other is None:
                return None
            place, found = other
        if found is not None:
            what = _unbracketed(found)
            if what.count("(") != what.count(")") or "`" in what:
                return None
            what = _negated(what) if otherwise else what
            if not any(each == what or each.startswith((f"{what} and ", f"{what} && ")) for each in told):
                told.insert(0, what)
            first = first or place
    both = " and ".join(told)
    if innermost and len(both) > LONGEST:
        both = told[-1]
    return (first, both) if told and len(both) <= LONGEST else None


def registered(sources: Sources, met: Sequence[FoundSymbol]) -> Registered | None:
    """Return where the last of the definitions of a way that does so runs code that was registered with it:
    `handlers[i](c)` or, of a name that is a value there, `fun(*args, **kwargs)`.
    """
    for holder in reversed(met):
        source = sources.file(holder.path)
        lines = source.lines[holder.name_line : holder.end_line] if source is not None else ()
        given = "\n".join(lines)
        for number, line in enumerate(lines, holder.name_line + 1):
            if line.lstrip().startswith(("#", "//", "*", '"')):
                continue
            name = _FROM_A_NAME.search(line)
            value = name is not None and re.search(rf"(?m)^\s*{re.escape(name['name'])}\s*=(?!=)", given)
            table = _FROM_A_TABLE.search(line)
            if value or (table is not None and not _OF_ITS_OWN.search(table[0]) and not line.endswith("{")):
                return Registered(holder, number, " ".join(line.split()))
    return None


def _negated(what: str) -> str:
    """Return the opposite of a condition, in its own words."""
    bare = re.fullmatch(r"(?:not\s+|!\s*)(?P<what>[\w.@$]+(?:\([^()]*\))?)", what)
    if bare is not None:
        return bare["what"]
    return f"not {what if _ONE_WORD.fullmatch(what) else f'({what})'}"


def _only_if(lines: Sequence[str], line: int, stop: int) -> tuple[int, re.Match[str]] | None:
    """Return the condition to which an `else` is the other way, with its line; None where it is no condition,
    or one of several.
    """
    depth = indent(lines[line - 1])
    for at in range(line - 1, stop, -1):
        above = lines[at - 1]
        if above.strip() and indent(above) == depth and above.strip()[:1] not in ")]{":
            found = _IF.match(_BEHIND.sub("", above))
            return (at, found) if found is not None and found["word"] in ("if", "unless") else None
        if above.strip() and indent(above) < depth:
            return None
    return None


def _unbracketed(found: re.Match[str]) -> str:
    what = found["what"].strip()
    while what.startswith("(") and what.endswith(")") and _is_one_group(what):
        what = what[1:-1]
    return f"not {what}" if found["word"] == "unless" else what


def _is_one_group(text: str) -> bool:
    """Whether the bracket that opens a text closes at its end."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(text) - 1
    return False


def _inner_head(lines: Sequence[str], caller: FoundSymbol, line: int) -> int | None:
    """Return the line of the head of the innermost function within the caller that a line stands in."""
    depth = indent(lines[line - 1]) if 0 < line <= len(lines) else 0
    for at in range(line - 1, caller.name_line, -1):
        above = lines[at - 1]
        if above.strip()[:1] in ("", ")", "]", "}"):
            continue  # what only closes a head of several lines is not the head
        if indent(above) < depth:
            depth = indent(above)
            if _INNER.search(above):
                return at
    return None
