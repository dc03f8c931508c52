"""What a call tells whoever follows a way for the first time: it does work, leads elsewhere, is no helper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.byways import has_part, in_handler, indent, is_by_the_way
from indexer.answer.inquiry import Inquiry
from indexer.index.symbols import FoundSymbol, callers
from indexer.types import FileMark, SymbolKind

ASIDE: Final = 0.7
"""What a call loses inside a special case that is left with a return or an error."""
SOMETIMES: Final = 0.15
"""What a call loses that is made under a condition only."""
WITHIN: Final = 0.35
"""What a call loses that only opens what the work is done in."""
MADE: Final = 0.5
"""What the making of an object loses: what is done with it tells more."""
ACCESSOR: Final = 4
"""Lines up to which what asks for a value, or sets one, does nothing else."""
HELPS: Final = 0.8
"""What a call of a helper of all loses."""
TOOL: Final = 0.4
"""What a call loses of what lies among the tools of all, with `SMALL_TOOL` more for a small one."""
SMALL_TOOL: Final = 0.4
HELPER: Final = 30
"""Lines up to which a definition may be one."""
COMMON: Final = 12
"""Files that call a short function from which it is a helper of all, and no part of one's way."""
_GUARD: Final = re.compile(r"^\s*(?:\}\s*)?(?:if|elif|else if|unless|case|when)\b")
_GOES_WELL: Final = re.compile(r"valid|success|\bok\b|authenticated|exists|found", re.I)
_HAS_IT: Final = re.compile(r"(?<!\berr)(?<!\berror)\s*!==?\s*(?:nil|null|undefined)\b|\bis not None\b")
"""What runs where something is there: the way on, and no special case."""
_LEAVES: Final = re.compile(r"^\s*(?:return|raise|throw|continue|break)\b")
_ASKS: Final = re.compile(
    r"^(?:get|is|has|can|should|needs?|to|maybe|must|extract|deserialize|serialize|set|equals)(?:_|[A-Z])"
    r"|^(?:Is|Has|Get)[A-Z]|^(?:reset|equals|deserialize|serialize)$"
)
"""Names of what asks for a value, hands it on in another form or lays it down, and does nothing."""
_TOOLBOX: Final = re.compile(
    r"(?:^|/)_?(?:utils?|util\w*|helpers?|tools?|common|compat|shared|exceptions?|errors?|strx"
    r"|osx)(?:/|\.\w+$)",
    re.I,
)
"""Where small things lie that serve everybody."""
_ON_THE_WAY: Final = re.compile(
    r"dispatch|handl|process|execut|run|send|publish|plac|submi|sav|creat|stor|appl[iy]|call|request|fulfil"
    r"|start|perform|render|deliver|commit|persist|insert|load|fetch|post$|charg|pay$|payment|resolv|validat"
    r"|trac[ei]"
)
"""Names of what does the work, rather than prepares for it."""


class Worth:
    """Weighs calls; how many use a definition is counted once."""

    def __init__(self, inquiry: Inquiry, minor: FileMark) -> None:
        self._inquiry = inquiry
        self._minor = minor
        self._used: dict[tuple[int, int], int] = {}

    def of(self, caller: FoundSymbol, symbol: FoundSymbol, sure: bool, name: str) -> float:
        """Return what a call tells: ``name`` is what it calls, ``sure`` that it can mean nothing else."""
        lines = symbol.end_line - symbol.start_line + 1
        if lines <= ACCESSOR and (_ASKS.match(name) or name.startswith("set")):
            return 0.0
        other = symbol.path != caller.path
        value = 0.35 + 0.35 * min(lines, 40) / 40 + (0.15 if symbol.doc else 0.0)
        value += 0.5 if other else 0.0
        value += 0.3 if does_work(name) else 0.0
        value -= 0.6 if is_by_the_way(name) else 0.0
        value -= 0.2 if name.startswith("_") and not name.startswith("__") else 0.0
        value -= 0.35 if _ASKS.match(name) else 0.0
        value -= self.helps(symbol)
        if symbol.kind is SymbolKind.CLASS or symbol.name == symbol.parent.rpartition(".")[2]:
            value -= MADE
        if lines <= 3 and not other:
            value -= 0.25
        if symbol.name.startswith("__"):
            value -= 0.3
        return value * (1.0 if sure else 0.6)

    def helps(self, symbol: FoundSymbol) -> float:
        """Return what a call loses of what serves everybody, and is no part of one's way."""
        small = symbol.end_line - symbol.start_line < HELPER
        lost = (TOOL + SMALL_TOOL * small) if _TOOLBOX.search(symbol.path) else 0.0
        return lost + (HELPS if small and self._common(symbol) >= COMMON else 0.0)

    def aside(self, caller: FoundSymbol, line: int) -> float:
        """Return what a call loses that only runs in a special case, which the rest does not come to."""
        source = self._inquiry.page.sources.file(caller.path)
        if source is None or not 0 < line <= len(source.lines):
            return 0.0
        lines = source.lines
        if in_handler(lines, caller.name_line, line):
            return ASIDE
        lost = WITHIN if lines[line - 1].lstrip().startswith(("with ", "async with ")) else 0.0
        at = line
        while at > caller.name_line:
            at -= 1
            if not lines[at - 1].strip() or indent(lines[at - 1]) >= indent(lines[line - 1]):
                continue
            line = at
            head = lines[at - 1]
            if _GUARD.match(head) and not _GOES_WELL.search(head) and not _HAS_IT.search(head):
                block = _block(lines, at, caller.end_line)
                after = at + len(block)
                if block and after < caller.end_line - 1 and any(_LEAVES.match(each) for each in block[-4:]):
                    return lost + ASIDE
                lost = max(lost, SOMETIMES)
        return lost

    def _common(self, symbol: FoundSymbol) -> int:
        known = self._used.get(_id(symbol))
        if known is None:
            found = callers(self._inquiry.reader, symbol, 60)
            known = self._used[_id(symbol)] = len(
                {each.path for each in found if not each.marks & self._minor}
            )
        return known


def only_asks(name: str) -> bool:
    """Whether a name is one of what asks for a value, hands it on in another form or lays it down."""
    return _ASKS.match(name) is not None


def does_work(name: str) -> bool:
    """Whether a name is one of what does the work, rather than prepares for it."""
    return has_part(name, _ON_THE_WAY)


def _id(symbol: FoundSymbol) -> tuple[int, int]:
    return symbol.blob_id, symbol.start_line


def _block(lines: Sequence[str], header: int, end: int) -> list[str]:
    """Return the lines that stand deeper than line ``header``, right below it."""
    out = []
    for each in lines[header:end]:
        if each.strip() and indent(each) <= indent(lines[header - 1]):
            break
        if each.strip():
            out.append(each)
    return out
