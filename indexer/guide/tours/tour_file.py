"""A tour as a Markdown file that people edit: written, and read back.

What was not touched keeps its citations; what a person wrote is that person's word, and cites the
places that they linked. In a file of somebody else only a quotation that its source bears out is
believed; all else is its author's word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, unquote

from indexer.answer.citations import Sources, borne_out, cite_fact
from indexer.errors import LorebaseError, UsageError
from indexer.guide.tours.calm import calm, plain_of
from indexer.shapes.onboarding import (
    Reading,
    SelfCheck,
    StepKind,
    Tour,
    TourLine,
    TourRole,
    TourStep,
)
from indexer.types import Anchor, Citation, CitationKind, Section, Statement

FENCE: Final = "---"
LONGEST: Final = 400_000
"""Characters of a file that may be a tour."""

MOST_STEPS: Final = 60
_SECTIONS: Final = {Section.WHAT: "", Section.WHY: "**Why:** ", Section.MISSING: "**Missing:** "}
_KIND: Final = re.compile(r"^<!--\s*step:\s*(?P<key>.*?);\s*(?P<kind>\w+);\s*(?P<minutes>\d{1,3}) min\s*-->$")
_LINKS: Final = re.compile(
    r"(?:\s*\[(?:[^\[\]]|\\.)*\]\((?:/[^)\s]*|commit:[0-9a-f]+[^)\s]*|fact:[^)\s]*)\))+$"
)
_LINK: Final = re.compile(r"\[((?:[^\[\]]|\\.)*)\]\((/[^)\s]*|commit:[0-9a-f]+[^)\s]*|fact:[^)\s]*)\)")
_LINES: Final = re.compile(r"#L(\d{1,8})(?:-L(\d{1,8}))?$")
_READ: Final = "**Read:** "
_MATTERS: Final = "**Why it matters:** "
_CHECK: Final = "**Check:** "
_ANSWER: Final = ("<details><summary>Answer</summary>", "</details>")
_HEAD: Final = re.compile(r"^([a-z]+):\s+(.*)$")


class NotATourError(ValueError):
    """Says why a file is no tour."""


@dataclass(frozen=True, slots=True)
class TourFile:
    """What a file says: its head, and its steps as `read_tour` made them of its text."""

    title: str
    claimed_id: str
    version: int
    area: str
    role: TourRole
    commit_id: str | None
    steps: tuple[TourStep, ...]


def written(tour: Tour) -> str:
    """Return a tour as a file; the same tour always gives the same text."""
    fields = {
        "title": " ".join(tour.title.split()),
        "id": tour.id,
        "tour": tour.version,
        "area": tour.area,
        "role": tour.role.value,
        "commit": tour.commit_id,
    }
    head = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
    body = "\n\n".join(part for step in tour.steps for part in _parts(step))
    return f"{FENCE}\n{head}\n{FENCE}\n\n# {calm(tour.title)}\n\n{body}\n"


def begins_like_a_tour(lines: Sequence[str]) -> bool:
    """Return whether a file means to be one."""
    if not lines or lines[0].removeprefix("\ufeff").rstrip() != FENCE:
        return False
    return any(line.startswith("tour:") for line in lines[1:12])


def read_tour(
    text: str, by: str, sources: Sources, anchor: Callable[[str], Anchor], base: Tour | None
) -> TourFile:
    """Return what a file says; ``base`` is the version that it was made from, where that is known.

    Raises NotATourError.
    """
    if len(text) > LONGEST:
        raise NotATourError(f"longer than {LONGEST:,} characters")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    end = next((at for at, line in enumerate(lines[1:40], 1) if line.rstrip() == FENCE), 0)
    if not lines or lines[0].rstrip() != FENCE or not end:
        raise NotATourError("its front matter does not end")
    fields = dict(_fields(lines[1:end]))
    reader = _Reader(by, sources, anchor, base)
    steps = tuple(reader.steps(lines[end + 1 :]))
    if not steps:
        raise NotATourError("it has no step: each begins with a line `## Title`")
    if len(steps) > MOST_STEPS:
        raise NotATourError(f"it has more than {MOST_STEPS} steps")
    return TourFile(
        title=_word(fields, "title")[:300] or "A tour",
        claimed_id=_word(fields, "id")[:64],
        version=_number(fields, "tour"),
        area=_word(fields, "area")[:4096],
        role=_role(fields),
        commit_id=_word(fields, "commit")[:64] or None,
        steps=steps,
    )


# ------------------------------------------------------------------------------------ writing


def _parts(step: TourStep) -> Iterator[str]:
    yield f"## {calm(step.title)}\n<!-- step: {_key(step.key)}; {step.kind.value}; {step.minutes} min -->"
    for line in step.lines:
        yield paragraph(line)
    if step.matters is not None:
        yield _MATTERS + paragraph(step.matters)
    for each in step.reading:
        yield reading_line(each)
    if step.check is not None:
        yield from _check_parts(step.check)


def paragraph(line: TourLine) -> str:
    """Return a line as the paragraph that stands for it."""
    statement = line.statement
    text = statement.text if line.by else calm(statement.text)
    if statement.quoted and not line.by and not text.startswith("“"):
        text = f"“{text}”" if "\n" not in text else _fenced(statement.text)
    links = " ".join(_link_to(each) for each in statement.citations)
    return f"{_SECTIONS[statement.section]}{text}{' ' if links else ''}{links}"


def reading_line(reading: Reading) -> str:
    """Return code to read as the paragraph that stands for it."""
    anchor = reading.anchor
    return (
        f"{_READ}[{_label(reading.title)}]({_target(anchor.path or '', anchor.start_line, anchor.end_line)})"
    )


def _check_parts(check: SelfCheck) -> Iterator[str]:
    yield f"{_CHECK}{calm(check.question)}"
    if check.choices:
        yield "\n".join(f"- {calm(each)}" for each in check.choices)
    yield _ANSWER[0] + (f"<!-- right: {check.right + 1} -->" if check.choices else "")
    yield paragraph(check.answer)
    yield _ANSWER[1]


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


def _link_to(citation: Citation) -> str:
    if citation.kind is CitationKind.SPAN:
        label = f"{citation.path}:{citation.start_line}"
        return f"[{_label(label)}]({_target(citation.path or '', citation.start_line, citation.end_line)})"
    if citation.kind is CitationKind.COMMIT:
        oid = citation.commit_id or ""
        return f"[commit {oid[:9]}](commit:{oid}#L{citation.start_line}-L{citation.end_line})"
    if citation.kind is CitationKind.NOTE:
        told = quote(f"note {citation.note_id or ''}", safe="")
        return f"[a note by {_label(citation.author)}](fact:{told})"
    return f"[counted](fact:{quote(citation.fact, safe='')})"


def _target(path: str, start: int, end: int) -> str:
    where = f"#L{start}-L{end}" if start else ""
    return f"/{quote(path, safe='/')}{where}"


def _label(text: str) -> str:
    return calm(text).replace("[", "(").replace("]", ")")


def _key(key: str) -> str:
    return re.sub(r"[;\n]|--", "_", key)


# ------------------------------------------------------------------------------------ reading


class _Reader:
    def __init__(self, by: str, sources: Sources, anchor: Callable[[str], Anchor], base: Tour | None) -> None:
        self._by = by
        self._sources = sources
        self._anchor = anchor
        self._base = {_key(step.key): step for step in base.steps} if base is not None else {}

    def steps(self, lines: Sequence[str]) -> Iterator[TourStep]:
        """Yield the steps of a file's body."""
        begins = [at for at, line in enumerate(lines) if line.startswith("## ") and not _in_fence(lines, at)]
        taken: set[str] = set()
        for number, at in enumerate(begins):
            stop = begins[number + 1] if number + 1 < len(begins) else len(lines)
            step = self._step(lines[at][3:].strip(), lines[at + 1 : stop], number + 1)
            key = step.key
            while key in taken:
                key += "+"
            taken.add(key)
            yield replace(step, key=key)

    def _step(self, title: str, lines: Sequence[str], number: int) -> TourStep:
        head = _KIND.match(lines[0].strip()) if lines else None
        key = head["key"] if head else f"own:{_slug(title) or number}"
        old = self._base.get(key)
        try:
            kind = StepKind(head["kind"]) if head else StepKind.OWN
        except ValueError:
            kind = StepKind.OWN
        said: list[TourLine] = []
        reading: list[Reading] = []
        matters: TourLine | None = None
        check: SelfCheck | None = None
        paragraphs = list(_paragraphs(lines[1:] if head else lines))
        at = 0
        while at < len(paragraphs):
            each = paragraphs[at]
            at += 1
            if each.startswith(_READ):
                reading.append(self._reading(each, old))
            elif each.startswith(_MATTERS):
                matters = self._line(
                    each.removeprefix(_MATTERS), [old.matters] if old and old.matters else []
                )
            elif each.startswith(_CHECK):
                stop = next(
                    (n for n in range(at, len(paragraphs)) if paragraphs[n].startswith(_ANSWER[1])), at
                )
                check = self._check(paragraphs[at - 1 : stop + 1], old.check if old else None)
                at = max(stop + 1, at) if stop > at - 1 and stop < len(paragraphs) else at
            elif each not in _ANSWER:
                said.append(self._line(each, list(old.lines) if old else []))
        if not said and not reading:
            raise NotATourError(f"the step {title[:60]!r} says nothing")
        return TourStep(
            key=old.key if old else key,
            kind=kind,
            title=plain_of(title) or f"Step {number}",
            lines=tuple(said),
            reading=tuple(reading),
            matters=matters,
            check=check,
            minutes=int(head["minutes"]) if head else 5,
            introduces=old.introduces if old else (),
            uses=old.uses if old else (),
        )

    def _line(self, text: str, known: Sequence[TourLine]) -> TourLine:
        for line in known:
            if paragraph(line) == text or paragraph(line) == text.strip():
                return line
        section = Section.WHAT
        for one, mark in _SECTIONS.items():
            if mark and text.startswith(mark):
                section, text = one, text.removeprefix(mark)
        links = _LINKS.search(text)
        body = text[: links.start()].strip() if links else text.strip()
        cited = tuple(self._cited(links[0])) if links else ()
        spans = tuple(each for each in cited if each.kind is not CitationKind.FACT)
        quoted = re.fullmatch(r"“([^“”]+)”", body)
        if quoted and spans:
            statement = Statement(section, plain_of(quoted[1]), spans, quoted=True)
            if borne_out(statement, self._sources):
                return TourLine(statement)
        return TourLine(Statement(section, body, spans), by=self._by or "somebody")

    def _cited(self, links: str) -> Iterator[Citation]:
        for match in _LINK.finditer(links):
            target = match[2]
            if target.startswith("fact:"):
                yield cite_fact(unquote(target[5:])[:500], [])
                continue
            where = _LINES.search(target)
            start, end = (int(where[1]), int(where[2] or where[1])) if where else (1, 1)
            place = target[: where.start()] if where else target
            if place.startswith("commit:"):
                citation = self._sources.message(place[7:], start, end)
            else:
                citation = self._sources.span(unquote(place[1:]), start, end)
            if citation is not None:
                yield citation

    def _reading(self, text: str, old: TourStep | None) -> Reading:
        for each in old.reading if old else ():
            if reading_line(each) == text.strip():
                return each
        wanted = text.removeprefix(_READ).strip()
        match = _LINK.fullmatch(wanted)
        about, title = wanted.strip("`"), wanted.strip("`")
        if match is not None and match[2].startswith("/"):
            where = _LINES.search(match[2])
            path = unquote((match[2][: where.start()] if where else match[2])[1:])
            about = f"{path}:{where[1]}-{where[2] or where[1]}" if where else path
            title = plain_of(match[1])
        try:
            return Reading(title, self._anchor(about))
        except LorebaseError as error:
            raise NotATourError(
                f"what it says to read cannot be found: {about[:80]!r} ({error.message})"
            ) from error

    def _check(self, parts: Sequence[str], old: SelfCheck | None) -> SelfCheck:
        question = plain_of(parts[0].removeprefix(_CHECK).strip())
        choices: list[str] = []
        right = -1
        answer: TourLine | None = None
        for part in parts[1:]:
            if part.startswith("- ") and not choices:
                choices = [
                    plain_of(re.sub(r"^- (?:\[[ xX]\] )?", "", line))
                    for line in part.split("\n")
                    if line.startswith("- ")
                ]
            elif part.startswith(_ANSWER[0]):
                found = re.search(r"right: (\d{1,2})", part)
                right = int(found[1]) - 1 if found else -1
            elif not part.startswith(_ANSWER[1]):
                answer = answer or self._line(part, [old.answer] if old else [])
        if answer is None:
            raise NotATourError(f"the question {question[:60]!r} has no answer")
        if not 0 <= right < len(choices):
            choices, right = [], -1
        return SelfCheck(question, answer, tuple(choices), right)


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs; a fenced block is one, whatever lines it has."""
    gathered: list[str] = []
    fence = ""
    for line in lines:
        mark = re.match(r"^(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif fence and line.strip() == fence:
            fence = ""
        if not line.strip() and not fence:
            if gathered:
                yield "\n".join(gathered).strip()
            gathered = []
        else:
            gathered.append(line.rstrip())
    if gathered:
        yield "\n".join(gathered).strip()


def _in_fence(lines: Sequence[str], at: int) -> bool:
    return sum(1 for line in lines[:at] if re.match(r"^(?:`{3,}|~{3,})", line)) % 2 == 1


def _fields(lines: Sequence[str]) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(lines, 2):
        if not line.strip() or line.startswith("#"):
            continue
        found = _HEAD.match(line)
        if found is None:
            raise NotATourError(f"line {number} is no `key: value`")
        try:
            yield found[1], json.loads(found[2])
        except (ValueError, RecursionError):
            yield found[1], found[2].strip().strip("'\"")


def _word(fields: dict[str, object], key: str) -> str:
    value = fields.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _number(fields: dict[str, object], key: str) -> int:
    value = fields.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000 else 0


def _role(fields: dict[str, object]) -> TourRole:
    try:
        return TourRole(_word(fields, "role") or "any")
    except ValueError:
        raise NotATourError(f"its role is none of {', '.join(TourRole)}") from None


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]


def refused(error: NotATourError) -> UsageError:
    """Return what a person is told whose edit cannot be read."""
    return UsageError(f"This is no tour: {error}.", "Nothing was kept; mend it and try again.")
