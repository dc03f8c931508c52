"""A module's summary arranged for reading: its parts in their order, and numbered sources. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from desktop.answer_page import AnswerPage, Numbers, Told, day
from desktop.answer_text import escaped, source_text
from desktop.oddities import plain
from indexer.shapes.modules import ModuleLink, ModulePage, Named, PersonRole
from indexer.types import Statement

_QUOTED = re.compile(r": (“[^“”]+”)\.?$", re.DOTALL)
_LEAD = re.compile(r"^`[^`]*`(?::\s+|\s+(?:(?:is|are)\s+)?)")

_NO_REASON = ": no reason for it is recorded"
"""How a sentence about a definition without a reason ends; the section that it stands in says that."""


class Topic(Enum):
    """What a part of a summary tells of, in the order of the page."""

    PURPOSE = "purpose"
    ENTRIES = "entries"
    SURFACE = "surface"
    FLOWS = "flows"
    DATA = "data"
    USES = "uses"
    USED_BY = "used_by"
    TOGETHER = "together"
    TESTS = "tests"
    CHANGES = "changes"
    PEOPLE = "people"
    DECISIONS = "decisions"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list: a name, what is said of it, and the numbers of what proves that.

    ``leads_to`` is a module's path, ``question`` what can be asked about it; both may be empty.
    """

    name: str
    detail: str
    numbers: tuple[int, ...]
    whole: str
    leads_to: str | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the page: sentences, lists, or walks along calls."""

    topic: Topic
    told: tuple[Told, ...] = ()
    lines: tuple[Line, ...] = ()
    walks: tuple[tuple[str, tuple[Told, ...]], ...] = ()
    more: int = 0
    """How many there are beyond the lines."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary as it is shown."""

    page: ModulePage
    parts: tuple[Part, ...]
    sources: AnswerPage
    """The numbered sources, as the evidence pane takes them."""


def arrange(page: ModulePage) -> Summary:
    """Return ``page`` as it is read; parts that nothing is known of are left out."""
    numbers = Numbers()
    parts = [part for part in _parts(page, numbers) if part.told or part.lines or part.walks]
    return Summary(page, tuple(parts), AnswerPage((), tuple(numbers.sources), ()))


def as_markdown(summary: Summary, titles: dict[Topic, str], whole: str) -> str:
    """Return the summary as Markdown with its sources numbered below; nothing of the repository becomes
    markup in it.
    """
    page = summary.page
    lines = [f"# {_safe(page.row.path or page.row.name or whole)}", ""]
    if page.paragraph is not None:
        # A person wrote it as Markdown.
        written = _safe(f"Written by {page.paragraph.by}, {day(page.paragraph.when)}")
        lines += [page.paragraph.text.strip(), "", written, ""]
    for part in summary.parts:
        lines += [f"## {titles[part.topic]}", ""]
        for told in part.told:
            lines += [f"{_sentence(told.statement)} {_marks(told.numbers)}".strip(), ""]
        lines += [f"- {_safe(each.whole)} {_marks(each.numbers)}".rstrip() for each in part.lines]
        for name, walk in part.walks:
            lines += [f"### {_safe(name)}", ""]
            lines += [f"1. {_safe(each.statement.text)} {_marks(each.numbers)}".rstrip() for each in walk]
        lines.append("")
    lines += ["## Sources", ""]
    lines += [f"{each.number}. {_safe(source_text(each))}" for each in summary.sources.sources]
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------- private


def _parts(page: ModulePage, numbers: Numbers) -> Iterable[Part]:
    yield Part(Topic.PURPOSE, told=_told(page.purpose, numbers))
    yield _listed(Topic.ENTRIES, page.entries, page, numbers)
    yield _listed(Topic.SURFACE, page.surface, page, numbers)
    walks = tuple((flow.name, _told(flow.steps, numbers)) for flow in page.flows)
    yield Part(Topic.FLOWS, walks=walks)
    yield _listed(Topic.DATA, page.data, page, numbers)
    yield _linked(Topic.USES, page.uses, numbers)
    yield _linked(Topic.USED_BY, page.used_by, numbers)
    yield _linked(Topic.TOGETHER, page.together, numbers)
    yield _listed(Topic.TESTS, page.tests, page, numbers)
    yield Part(Topic.CHANGES, told=_told((page.heat.statement,) if page.heat else (), numbers))
    people = tuple(
        Line(
            each.contact.name,
            each.statement.text.removeprefix(each.contact.name).strip(),
            numbers.of(each.statement),
            each.statement.text,
        )
        for each in sorted(page.people, key=lambda each: list(PersonRole).index(each.role))
    )
    yield Part(Topic.PEOPLE, lines=people)
    decided = tuple(Told(each.statement, numbers.of(each.statement), _about(each)) for each in page.decisions)
    yield Part(Topic.DECISIONS, told=decided, more=_more(page, "decisions", len(decided)))
    yield _missing(page, numbers)


def _missing(page: ModulePage, numbers: Numbers) -> Part:
    why = page.why
    said = (*((why.statement,) if why is not None else ()), *page.missing)
    worst = tuple(
        Line(
            each.name,
            _without_lead(each.statement.text).removesuffix(_NO_REASON),
            numbers.of(each.statement),
            each.statement.text,
            question=f"Why is `{each.name}` as it is?",
        )
        for each in (why.worst if why is not None else ())
    )
    return Part(Topic.MISSING, told=_told(said, numbers), lines=worst)


def _told(statements: Iterable[Statement], numbers: Numbers) -> tuple[Told, ...]:
    return tuple(Told(each, numbers.of(each)) for each in statements)


def _listed(topic: Topic, named: Sequence[Named], page: ModulePage, numbers: Numbers) -> Part:
    lines = tuple(
        Line(each.name, _detail(each), numbers.of(each.statement), each.statement.text) for each in named
    )
    return Part(topic, lines=lines, more=_more(page, topic.value, len(lines)))


def _linked(topic: Topic, links: Sequence[ModuleLink], numbers: Numbers) -> Part:
    lines = tuple(
        Line(
            each.path or "top level",
            _joined(each),
            numbers.of(each.statement),
            each.statement.text,
            leads_to=each.path,
        )
        for each in links
    )
    return Part(topic, lines=lines)


def _joined(link: ModuleLink) -> str:
    """Return in few words what joins two modules; the sentence that proves it is in the row's tooltip."""
    parts = []
    if link.imports:
        parts.append("1 import" if link.imports == 1 else f"{link.imports:,} imports")
    if link.together:
        commits = "1 commit" if link.together == 1 else f"{link.together:,} commits"
        parts.append(f"changed in the same {commits}")
    return ", ".join(parts)


def _more(page: ModulePage, name: str, shown: int) -> int:
    return max(0, page.totals.get(name, shown) - shown)


def _detail(named: Named) -> str:
    """Return what a row says beside its name: the words quoted of it, or what it is."""
    quoted = _QUOTED.search(named.statement.text)
    return quoted[1] if quoted else _without_lead(named.statement.text)


def _without_lead(text: str) -> str:
    """Return a sentence without the name at its head, which stands beside it already."""
    rest = _LEAD.sub("", text)
    return rest.removesuffix(".") if rest != text else text


def _about(named: Named) -> str:
    first = named.statement.citations[0] if named.statement.citations else None
    parts = [named.name]
    if first is not None and first.author:
        parts.append(first.author)
    if first is not None and first.authored:
        parts.append(day(first.authored))
    return ", ".join(parts)


def _sentence(statement: Statement) -> str:
    return f"“{_safe(statement.text)}”" if statement.quoted else _safe(statement.text)


def _safe(text: str) -> str:
    return escaped(plain(text))


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)
