"""Decisions that documents of design hold: one for each heading, with the reason that stands below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.readable import is_readable
from indexer.answer.sentences import Sentence, sentences_of
from indexer.guide.tours.causal import gives_reason, leans, whole
from indexer.guide.tours.ground import PROSE, AreaFile, Ground
from indexer.index.symbols import definitions_in
from indexer.types import ChunkKind, Citation, FileMark, SymbolKind

LONGEST: Final = 420
"""Characters that are quoted of what stands below a heading."""
READ: Final = 800
"""Lines of a document that are read."""
RECORD: Final = re.compile(
    r"(?:^|/)(?:adrs?|decisions?|rfcs?|design|architecture|proposals?)/[^/]+\.\w+$"
    r"|(?:^|/)[^/]*(?:design|decision|architecture|rationale|philosophy)[^/]*\.(?:md|rst|adoc|txt)$",
    re.I,
)
"""Documents that are called after decisions, or lie in a folder that is."""
_HEADED: Final = re.compile(
    r"^(?:why\b.*|.*\b(?:design decisions?|rationale|trade-?offs?|motivation))\W*$", re.I
)
"""A heading, in any document, below which it is told why."""
_NO_DECISION: Final = re.compile(
    r"^(?:status|date|authors?|context|consequences|references?|see also|table of contents|contents"
    r"|introduction|overview|summary|links?|todo|deciders?|options?|pros and cons|appendix)\b",
    re.I,
)
_ADR: Final = re.compile(r"^(?:decision|decision outcome|rationale)\W*$", re.I)
"""The heading below which a record of one decision says what was decided."""
_ASIDE: Final = re.compile(
    r"(?:^|/)(?:change|history|news|releas|whatsnew|migrat|upgrad|faq|contribut|code_of|tests?/"
    r"|vendor/|deps/|node_modules/|\.)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: the heading that names it, and what is quoted from below that."""

    heading: str
    path: str
    line: int
    text: str
    citation: Citation


def records(ground: Ground) -> list[AreaFile]:
    """Return the documents of decisions of the area."""
    return [each for each in _documents(ground) if RECORD.search(each.path)]


def decisions_of(ground: Ground, most: int) -> list[Decision]:
    """Return the decisions of documents of design; of other documents those below a heading that asks why."""
    found: list[Decision] = []
    own = records(ground)
    for file in own:
        found += _of_document(ground, file, every=True)
    if len(found) < most:
        for file in _documents(ground):
            if file not in own:
                found += _of_document(ground, file, every=False)
    return found[:most]


# ------------------------------------------------------------------------------------ private


def _documents(ground: Ground) -> list[AreaFile]:
    return [
        each
        for each in ground.everything
        if each.language in PROSE
        and each.lines > 5
        and not each.marks & (FileMark.TEST | FileMark.VENDORED | FileMark.GENERATED)
        and not _ASIDE.search(each.path)
        and (ground.whole or ground.inside(each.path))
    ]


def _of_document(ground: Ground, file: AreaFile, *, every: bool) -> list[Decision]:
    headings = sorted(
        (each for each in definitions_in(ground.reader, file.path_id) if each.kind is SymbolKind.HEADING),
        key=lambda each: each.start_line,
    )
    if not any(every or _HEADED.match(each.name) for each in headings):
        return []
    source = ground.sources.file(file.path)
    if source is None:
        return []
    record = next((each for each in headings if every and _ADR.match(each.name)), None)
    found = []
    for at, heading in enumerate(headings):
        end = headings[at + 1].start_line - 1 if at + 1 < len(headings) else min(len(source.lines), READ)
        if record is not None:
            wanted = heading is record
        elif every:
            wanted = not _NO_DECISION.match(heading.name)
        else:
            wanted = _HEADED.match(heading.name) is not None
        if not wanted or heading.start_line > READ:
            continue
        name = headings[0].name if heading is record else heading.name
        below = "\n".join(source.lines[heading.name_line : end])
        said = sentences_of(ChunkKind.DOC, source.language, below, heading.name_line + 1)
        # What stands below the title introduces the document: it counts where it gives a reason.
        told = _reason([each for each in said if each.role is Role.PROSE], every=every and at > 0)
        citation = (
            ground.sources.span(file.path, told.start_line, told.end_line) if told is not None else None
        )
        if told is not None and citation is not None:
            found.append(Decision(_plain(name), file.path, heading.name_line, told.text, citation))
    return found


def _reason(said: Sequence[Sentence], *, every: bool) -> Sentence | None:
    """Return the first sentence that gives a reason, with what it leans on; in a document of design else what
    the section begins with.
    """
    for at in range(len(said)):
        told = whole(said, at)
        if told is not None and gives_reason(told.text) and _fits(told.text):
            return told
    if not every or not said or leans(said[0].text):
        return None
    first = said[0]
    if len(said) > 1 and said[1].start_line - first.end_line <= 1:
        both = f"{first.text} {said[1].text}"
        if _fits(both) and _STATES.search(both):
            return Sentence(both, first.start_line, said[1].end_line, first.role, first.heading, first.first)
    return first if _fits(first.text) and _STATES.search(first.text) else None


_STATES: Final = re.compile(
    r"\b(?:impossible|hard|common|need|must|cannot|can't|matters?|decid\w+|prefer\w*|avoid\w*|simple\w*|easier"
    r"|rely|relying|only one|always|never|unlike|but)\b",
    re.I,
)
"""Words of one who takes a side, without any that ties it to a reason."""


def _fits(text: str) -> bool:
    return 45 <= len(text) <= LONGEST and not text.endswith((":", "?")) and is_readable(text)


def _plain(name: str) -> str:
    return re.sub(r"^\d+[.)]?\s+|[`*]", "", name).strip()
