"""Which other methods of its own class a method calls, by a language's word for the object at hand."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.inquiry import CALLABLE
from indexer.guide.tours.ground import Ground
from indexer.index.symbols import FoundSymbol, definitions_in

_RECEIVER: Final = re.compile(r"^\s*func \((\w+) ")
_CALL: Final = r"(?<![\w.])(?:{words})(?:\.|->)(\w+[?!]?)\s*\("


def own_calls(ground: Ground, method: FoundSymbol) -> list[tuple[str, int]]:
    """Return the names of the methods that it calls on its own object, in their order, each with its line."""
    source = ground.sources.file(method.path)
    if source is None or not method.parent:
        return []
    names = {
        each.name
        for each in definitions_in(ground.reader, method.path_id)
        if each.parent == method.parent and each.kind in CALLABLE and each.name != method.name
    }
    words = r"self|this|\$this"
    receiver = _RECEIVER.match(source.lines[method.name_line - 1])
    if receiver is not None:
        words = re.escape(receiver[1])
    call = re.compile(_CALL.format(words=words))
    found: dict[str, int] = {}
    for number in range(method.name_line + 1, min(method.end_line, len(source.lines)) + 1):
        line = source.lines[number - 1]
        if line.lstrip().startswith(("#", "//", "*", ":")):
            continue
        for match in call.finditer(line):
            if match[1] in names:
                found.setdefault(match[1], number)
    return list(found.items())
