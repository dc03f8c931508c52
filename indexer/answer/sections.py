"""Sections of documents whose title is what is asked about, told by how they begin."""

from __future__ import annotations

from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.evidence import Found
from indexer.answer.inquiry import MINOR, Inquiry
from indexer.answer.readable import CHANGE_LOG, is_told
from indexer.answer.sentences import sentences_of
from indexer.repo.words import stems
from indexer.types import ChunkKind, FileMark, Hit, Section

_TITLED: Final = 4
_BEGINNING: Final = 14
_LEAST_TITLE: Final = 3
"""Sections that are tried, lines of one that are looked at, letters of a word that titles are found by."""
TITLE: Final = 0.8
"""Share of the question that a title must hold to be what is asked about."""
_FOREIGN: Final = 0.1
"""What a title loses for a word that was not asked for, and in a document that is called by no word of it."""
_TITLES: Final = (
    "SELECT DISTINCT s.name, s.name_line, p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
    " JOIN path p ON p.id = e.path_id WHERE s.kind = 'heading' AND s.name LIKE ? LIMIT 400"
)
_NAMED_SO: Final = (
    "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
    " WHERE b.language IN ('markdown', 'rst', 'asciidoc') AND p.shown LIKE ? LIMIT 100"
)
_TWO: Final = 2


def say_titled(inquiry: Inquiry) -> int:
    """Quote how a section begins whose title is what is asked about. Return how many sentences were said."""
    weights = inquiry.evidence.weights
    rarest = max(weights, key=lambda term: weights[term], default="")
    # A stem may end otherwise than its word.
    part = rarest[:-1] if len(rarest) > _LEAST_TITLE else rarest
    rows = []
    if len(part) >= _LEAST_TITLE:
        rows = inquiry.reader.execute(_TITLES, (f"%{part}%",)).fetchall()
        # What a document is called is the title of its beginning.
        named = inquiry.reader.execute(_NAMED_SO, (f"%{part}%",)).fetchall()
        rows += [(path.rpartition("/")[2].partition(".")[0], 1, path) for (path,) in named]
    found: list[tuple[float, str, int]] = []
    for title, line, path in rows:
        held = inquiry.evidence.spoken_in(title)
        share = sum(weights[term] for term in held)
        foreign = [each for each in stems(title) if each not in held]
        if share >= TITLE and len(foreign) <= 1 and not CHANGE_LOG.search(path):
            devoted = 0.0 if inquiry.evidence.spoken_in(path.rpartition("/")[2]) else _FOREIGN
            found.append((_FOREIGN * len(foreign) + devoted - share, path, line))
    for _, path, line in sorted(found)[:_TITLED]:
        if said := _say_beginning(inquiry, path, line):
            return said
    return 0


def _say_beginning(inquiry: Inquiry, path: str, line: int) -> int:
    """Quote the first sentences under the title at a line, if anything is told there."""
    source = inquiry.page.sources.file(path)
    if source is None or source.marks & (MINOR & ~FileMark.DOCUMENTATION):
        return 0
    text = "\n".join(source.lines[line - 1 : line + _BEGINNING])
    hit = Hit(path, line, line + _BEGINNING, ChunkKind.DOC, "", None, 0.0, (), text, source.oid)
    told = sentences_of(ChunkKind.DOC, source.language, text, line)
    under = [each for each in told if each.role is not Role.TITLE]
    first = next((each.text for each in told if each.role is Role.TITLE), "")
    # What stands under the next title is told of something else; a document may begin without one.
    if not under or under[0].heading not in ("", first):
        return 0
    first = under[0].heading
    # A note or a warning, which is set in, tells of a particular, and may stand first.
    sentences = [
        each
        for each in under
        if each.heading == first
        and is_told(each.text)
        and not source.lines[each.start_line - 1].startswith((" ", "\t"))
    ]
    return sum(inquiry.page.quote(Section.WHAT, Found.of(each, hit)) for each in sentences[:_TWO])
