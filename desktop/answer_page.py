"""An answer arranged for reading: sections in their order, numbered sources, what is missing. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from indexer.types import (
    Answer,
    Citation,
    CitationKind,
    Section,
    Statement,
    Step,
    VerdictStatus,
    sections_shown,
)

HEAD_LINES = 40
"""Lines below its name in which a definition says what it is for."""

_NOT_RECORDED = "Not recorded:"

NEAR_LINES = 6
"""Lines of one file that a statement cites this close together are one source with one number."""

# The question that the engine repeats in its sentence about what is missing; the page has it above.
_REPEATED = re.compile(r"\s*\(\s*[“\"](?P<question>.*?)[”\"]\s*\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered row of evidence: a place, and the exact lines that were cited there."""

    number: int
    section: Section
    citations: tuple[Citation, ...]

    @property
    def first(self) -> Citation:
        """The citation that stands for all."""
        return self.citations[0]

    @property
    def start_line(self) -> int:
        """First cited line."""
        return min(each.start_line for each in self.citations)

    @property
    def end_line(self) -> int:
        """Last cited line."""
        return max(each.end_line for each in self.citations)


@dataclass(frozen=True, slots=True)
class Told:
    """A statement with the numbers of its sources, and a line of who said it and when."""

    statement: Statement
    numbers: tuple[int, ...]
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What stands on the page, in the order in which it is read."""

    sections: tuple[tuple[Section, tuple[Told, ...]], ...]
    sources: tuple[Source, ...]
    missing: tuple[str, ...]
    """One sentence for each thing that nobody wrote down."""

    def source(self, number: int) -> Source | None:
        """Return the source with this number."""
        return self.sources[number - 1] if 0 < number <= len(self.sources) else None

    def count(self, section: Section) -> int:
        """Return how many sources a section rests on."""
        return sum(each.section is section for each in self.sources)


def arrange(answer: Answer) -> AnswerPage:
    """Return ``answer`` as a page. Where all is missing, that comes first."""
    missing_first = answer.verdict.status in (VerdictStatus.MISSING, VerdictStatus.UNKNOWN)
    order = sections_shown(answer.statements)
    order = (order[-1], *order[:-1]) if missing_first else order
    numbers = Numbers()
    sections: list[tuple[Section, tuple[Told, ...]]] = []
    for section in order:
        told = tuple(
            Told(each, numbers.of(each), _said_by(each))
            for each in answer.statements
            if each.section is section and not is_absence(each)
        )
        absent = section is Section.MISSING and answer.verdict.status is not VerdictStatus.GROUNDED
        if told or absent:
            sections.append((section, told))
    missing = tuple(
        without_question(each.text, answer.question) for each in answer.statements if is_absence(each)
    )
    return AnswerPage(tuple(sections), tuple(numbers.sources), missing)


def only_hinted(page: AnswerPage) -> bool:
    """Say whether no reason is recorded plainly: all that section WHY has are hints."""
    why = [each for section, told in page.sections if section is Section.WHY for each in told]
    return bool(why) and all(each.statement.hinted for each in why)


def is_absence(statement: Statement) -> bool:
    """Say whether a statement tells that something is recorded nowhere: it rests on no place."""
    return statement.section is Section.MISSING and all(
        each.kind is CitationKind.FACT for each in statement.citations
    )


def without_question(text: str, question: str) -> str:
    """Return ``text`` without a repetition of the question in brackets, cut short or with its subject."""
    found = _REPEATED.search(text)
    if found is None:
        return text
    asked = " ".join(question.split())
    repeated = " ".join(found["question"].rstrip("… ").split())
    if asked.startswith(repeated) or repeated.startswith(f"{asked.rstrip('?!. ')} ("):
        return text[: found.start()] + text[found.end() :]
    return text


def numbers_of(page: AnswerPage, statement: Statement) -> tuple[int, ...]:
    """Return the numbers of the page's sources that another sentence cites, each once."""
    found = (_number_of(page, each) for each in statement.citations)
    return tuple(dict.fromkeys(number for number in found if number))


def missing_title(text: str) -> str:
    """Return a sentence about what is missing as a title: the badge above it says "Not recorded" already."""
    title = text.removeprefix(_NOT_RECORDED).removesuffix(".").replace("`", "").strip()
    return title[:1].upper() + title[1:]


def lines_of(source: Source) -> str:
    """Return the cited lines as they are written in a row, such as ``L40–43``; empty without lines."""
    return span_words(source.start_line, source.end_line)


def span_words(start: int, end: int) -> str:
    """Return lines as ``L40`` or ``L40–43``."""
    if start < 1:
        return ""
    return f"L{start}" if end <= start else f"L{start}–{end}"


def day(seconds: int) -> str:
    """Return the UTC day of a time as recorded; one that no calendar has is shown as a number."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def split_path(path: str) -> tuple[str, str]:
    """Return (file name, folder) of a shown path."""
    folder, _, name = path.rstrip("/").rpartition("/")
    return name, folder


class Numbers:
    """Numbers sources in the order in which they are first cited; equal places share one."""

    def __init__(self) -> None:
        self.sources: list[Source] = []
        self._known: dict[tuple[object, ...], int] = {}

    def of(self, statement: Statement) -> tuple[int, ...]:
        """Return the numbers of a statement's sources, each once."""
        groups = _together(statement.citations, statement.step)
        return tuple(dict.fromkeys(self._number(statement.section, group) for group in groups))

    def _number(self, section: Section, group: Sequence[Citation]) -> int:
        first = group[0]
        start = min(each.start_line for each in group)
        end = max(each.end_line for each in group)
        key = (first.kind, first.path, first.blob_id, first.commit_id, first.note_id, first.fact, start, end)
        if key not in self._known:
            self._known[key] = len(self.sources) + 1
            self.sources.append(Source(len(self.sources) + 1, section, tuple(group)))
        return self._known[key]


# ------------------------------------------------------------------------------------- private


def _together(cited: Sequence[Citation], step: Step | None = None) -> list[list[Citation]]:
    """Return citations in groups: neighbouring lines of one file belong together, and so do a definition
    and its own words, which stand some way below it where it takes many parameters.
    """
    groups: list[list[Citation]] = []
    for each in cited:
        for group in groups:
            if _near(group, each) or (step is not None and _of_step(group, step) and _of_step([each], step)):
                group.append(each)
                group.sort(key=lambda one: one.start_line)
                break
        else:
            groups.append([each])
    return groups


def _near(group: Sequence[Citation], other: Citation) -> bool:
    first = group[0]
    if other.kind is not CitationKind.SPAN or first.kind is not CitationKind.SPAN:
        return False
    if (first.path, first.blob_id) != (other.path, other.blob_id):
        return False
    start = min(each.start_line for each in group)
    end = max(each.end_line for each in group)
    return start - NEAR_LINES <= other.end_line and other.start_line <= end + NEAR_LINES


def _of_step(group: Sequence[Citation], step: Step) -> bool:
    """Say whether lines are those of the definition that a step reaches: its name, or what it says below."""
    return all(
        each.kind is CitationKind.SPAN
        and each.path == step.path
        and step.line <= each.start_line <= step.line + HEAD_LINES
        and each.start_line != step.called_at
        for each in group
    )


def _number_of(page: AnswerPage, cited: Citation) -> int:
    same = (each.number for each in page.sources if cited in each.citations)
    return next(same, 0)


def _said_by(statement: Statement) -> str:
    """Return who, when and where of a recorded reason; empty for what the code says itself."""
    if statement.section is not Section.WHY or not statement.citations:
        return ""
    first = statement.citations[0]
    parts = [first.author] if first.author else []
    if first.authored:
        parts.append(day(first.authored))
    if first.kind is CitationKind.SPAN and first.path:
        parts.append(first.path)
    return ", ".join(parts)
