"""What stands around a call of a walk: the function within, the condition, and where registered code runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.byways import indent
from indexer.answer.citations import Sources
from indexer.index.symbols import FoundSymbol

LONGEST: Final = 60
"""Characters of a condition that is told; a longer one is read in the code."""

_INNER: Final = re.compile(
    r"^\s*(?:async\s+)?def\s+(?P<python>\w+)|\bfunction\b\s*(?P<script>\w*)\s*\(|\b(?P<arrow>\w+)\s*[:=]\s*"
    r"(?:async\s*)?\(?[\w\s,:]*\)?\s*=>|\blambda\b|\bproc\b|\bfunc\s*\(|=>|->\s*(?:\{|do\b)"
)
"""The head of a function within another one."""
_IF: Final = re.compile(
    r"^\s*(?:\}\s*)?(?P<word>if|elif|else if|elsif|unless)\b\s*(?P<what>.+?)\s*(?::|\{|\bthen)?\s*$"
)
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


def condition(lines: Sequence[str], caller: FoundSymbol, line: int) -> tuple[int, str] | None:
    """Return the line and the text of the condition under which a line of a definition runs; None where it
    always does, or where the condition is too long to be told.
    """
    if not 0 < line <= len(lines):
        return None
    depth = indent(lines[line - 1])
    stop = _inner_head(lines, caller, line) or caller.name_line
    for at in range(line - 1, stop, -1):
        above = lines[at - 1]
        if not above.strip() or indent(above) >= depth or above.strip()[:1] in ")]}":
            continue
        depth = indent(above)
        found = _IF.match(above)
        if found is not None:
            what = found["what"].strip()
            what = (
                what[1:-1] if what.startswith("(") and what.endswith(")") and what.count("(") == 1 else what
            )
            what = f"not {what}" if found["word"] == "unless" else what
            closed = what.count("(") == what.count(")")
            return (at, what) if closed and len(what) <= LONGEST and "`" not in what else None
    return None


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
