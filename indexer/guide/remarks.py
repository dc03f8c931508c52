"""What is remarked on a value where it is given: the comment right above the line, or behind it."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.citations import Sources
from indexer.answer.readable import is_readable
from indexer.answer.sentences import sentences_of
from indexer.types import ChunkKind, Citation

_REMARK: Final = ("#", "//", "--", ";", "*", "/*")
_GIVES_VALUE: Final = re.compile(r"\s*[\w.$ ]+(?::[^=]+)?=(?![=>])")


def remark_on(sources: Sources, path: str, line: int) -> tuple[str, Citation] | None:
    """Return the first sentence of the comment on what is given a value on a line, with what proves it."""
    source = sources.file(path)
    if source is None or not 0 < line <= len(source.lines) or not _GIVES_VALUE.match(source.lines[line - 1]):
        return None
    first = line
    while first > 1 and source.lines[first - 2].strip().startswith(_REMARK):
        first -= 1
    text = "\n".join(source.lines[first - 1 : line])
    for each in sentences_of(ChunkKind.CODE, source.language, text, first):
        if each.role is Role.COMMENT and not each.field and is_readable(each.text):
            citation = sources.span(path, each.start_line, each.end_line)
            if citation is not None:
                return each.text, citation
    return None
