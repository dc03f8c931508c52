"""What goes with an answer: why it is called grounded, a question to send, and what to ask next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.answer.about import telling_files
from indexer.answer.absence import wanted_of
from indexer.answer.foreign import KNOWN_SHARE, is_named_here
from indexer.answer.inquiry import CALLABLE, Inquiry, listed
from indexer.answer.needs import OF_PEOPLE, Need
from indexer.answer.notes_said import aged
from indexer.answer.perhaps import perhaps_meant
from indexer.answer.tongue import NOT_READ, is_other_language
from indexer.answer.verdict import Label
from indexer.index.mentions import mentions
from indexer.types import ChunkKind, CitationKind, Contact, Section, VerdictStatus

NEXT: Final = 3

_SURE: Final = 0.8
"""Score from which an unnamed definition is worth asking about further."""


def grounds(inquiry: Inquiry) -> str:
    """Return in one sentence what a grounded answer rests on."""
    kinds = {CitationKind.SPAN: set[str](), CitationKind.COMMIT: set[str](), CitationKind.NOTE: set[str]()}
    facts = 0
    for statement in inquiry.page.statements:
        for citation in statement.citations:
            if citation.kind is CitationKind.FACT:
                facts += 1
            else:
                kinds[citation.kind].add(citation.note_id or citation.path or citation.commit_id or "")
    parts = [
        _counted(len(kinds[CitationKind.NOTE]), "note"),
        _counted(len(kinds[CitationKind.SPAN]), "file"),
        _counted(len(kinds[CitationKind.COMMIT]), "commit message"),
        _counted(facts, "count over the history or the index", "counts over the history or the index"),
    ]
    why = "A recorded reason is among them. " if inquiry.page.of(Section.WHY) else ""
    return f"{why}Answered from {listed([part for part in parts if part])}.{aged(inquiry)}"


def careful(inquiry: Inquiry, label: Label) -> Label:
    """Return the label, not as grounded where it is not known what was asked for."""
    # What it names is here; what it asks of that is told in words of which hardly one is.
    strange = is_named_here(inquiry) and inquiry.evidence.known < KNOWN_SHARE
    if label.status is not VerdictStatus.GROUNDED or not (strange or is_other_language(inquiry.asked.text)):
        return label
    if any(hit.kind is ChunkKind.NOTE and hit.score >= 1 for hit in inquiry.evidence.hits):
        return label  # a person answered this very question
    return Label(VerdictStatus.PARTIAL, None, tuple(replace(each, answered=False) for each in label.rulings))


def not_read(inquiry: Inquiry, label: Label) -> str:
    """Return the sentence that says so of a question in another language; empty for all others."""
    known = label.status is VerdictStatus.UNKNOWN or not is_other_language(inquiry.asked.text)
    return "" if known else NOT_READ


def excuses(inquiry: Inquiry) -> list[str]:
    """Return what may be why nothing was found, beside that it is not here."""
    out = [NOT_READ] if is_other_language(inquiry.asked.text) else []
    if not inquiry.evidence.passages[ChunkKind.DOC]:
        out.append(
            "This repository holds no documents: what it is for and how it is run can only be read"
            " from its code and its commit messages."
        )
    return out


def ask_whom(inquiry: Inquiry, label: Label, people: Sequence[Contact]) -> str:
    """Return a question that can be sent to the first contact as it stands."""
    if not people:
        return ""
    greeting = f"Hello {people[0].name.split()[0]}," if people[0].name[:1].isalpha() else "Hello,"
    question = inquiry.asked.text.rstrip(" .")
    question = question if question.endswith("?") else f"{question}?"
    shown = [each for each in inquiry.page.statements if each.section is Section.WHAT and each.citations]
    places = [
        f"{each.citations[0].path}:{each.citations[0].start_line}"
        for each in shown
        if each.citations[0].path is not None
    ]
    seen = f" What I found so far is {listed(list(dict.fromkeys(places))[:2])}." if places else ""
    people_alone = any(part.need in OF_PEOPLE for part in label.missing)
    said = (
        f"The code, its documents and its history do not say {wanted_of(label)}."
        if people_alone
        else f"In the code, its documents and its history nothing plainly shows {wanted_of(label)}."
    )
    return (
        f"{greeting}\n\n{question} {said}{seen}"
        " Do you know, or do you know who does? I would write the answer down for the next person."
    )


def follow_ups(inquiry: Inquiry, label: Label) -> tuple[str, ...]:
    """Return questions that lead on from this one, about the same thing."""
    told = inquiry.page.of(Section.WHAT) or inquiry.page.of(Section.WHY)
    if label.status is VerdictStatus.UNKNOWN or not told:
        return tuple(each.question for each in perhaps_meant(inquiry))
    subject = inquiry.subject
    needs = {part.need for part in inquiry.asked.parts}
    choices: tuple[tuple[Need, str], ...] = ()
    runs = subject is not None and subject.symbol.kind in CALLABLE
    if runs and subject is not None and (subject.named or subject.score >= _SURE):
        name = f"`{subject.symbol.qualified}`"
        choices = (
            (Need.MECHANISM, f"How does {name} work?"),
            (Need.IMPACT, f"What breaks if I change {name}?"),
            (Need.CHANGE, f"When was {name} changed?"),
            (Need.AUTHOR, f"Who knows {name}?"),
        )
    elif written := _written_only(inquiry):
        # A name that nothing here defines: a package's. What is asked about is where it is written.
        choices = (
            (Need.IMPACT, f"Where is `{written[0]}` used?"),
            (Need.CHANGE, f"When was `{written[0]}` added?"),
        )
    else:
        for _, path in telling_files(inquiry, 1):
            choices = (
                (Need.AUTHOR, f"Who knows {path}?"),
                (Need.IMPACT, f"What depends on {path}?"),
                (Need.CHANGE, f"How did {path} change?"),
            )
    return tuple(question for need, question in choices if need not in needs)[:NEXT]


def _written_only(inquiry: Inquiry) -> list[str]:
    """Return the names of the question that code writes and nothing here defines."""
    strange = [each.name for each in inquiry.namings if each.mentioned and not (each.paths or each.symbols)]
    return [each for each in strange if each.isidentifier() and mentions(inquiry.reader, each).found]


def _counted(number: int, one: str, many: str = "") -> str:
    if number == 0:
        return ""
    return f"{number} {one if number == 1 else many or one + 's'}"
