"""Whom to ask what an answer could not tell: who made the commits that speak of it, who wrote the lines that
are cited, then who knows the files.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from indexer.answer import lexicon
from indexer.answer.about import telling_files
from indexer.answer.authorship import is_robot
from indexer.answer.blocks import Role
from indexer.answer.citations import SourceCommit
from indexer.answer.contacts import ALONE, MOST, contacts, day
from indexer.answer.inquiry import Inquiry, shown_place
from indexer.answer.needs import OF_PEOPLE
from indexer.index.activity import activity
from indexer.index.persons import same_people
from indexer.types import CitationKind, Contact, Section

_LEAST: Final = 0.1
"""Share of the question that a commit's line must hold: of what is only near its author knows no more."""
_PLAIN: Final = 0.6
"""Share of the question that the line of a commit must hold that was found, where none is cited."""
_OF_IT: Final = 0.15
"""Share of the question that the line of a commit must hold which last changed a cited line."""
_BLAMED: Final = 2
"""Cited places whose last author is looked up: each may take a second."""
_SUBJECT: Final = 60
"""Letters of a subject line that are shown."""
_HOSTS: Final = ("noreply@github.com", "noreply@gitlab.com")
"""Who makes a commit when somebody presses a button."""


def people_to_ask(inquiry: Inquiry) -> tuple[Contact, ...]:
    """Return people for a gap, the best first: of those who are still here who wrote or made a commit that
    speaks of it, who wrote the lines that are cited, who knows their files; who has left after them.
    """
    nearest = [*_of_commits(inquiry), *_of_lines(inquiry)]
    known = contacts(inquiry.reader, inquiry.page.sources, telling_files(inquiry))
    gone = [each for each in nearest if _GONE in each.reason]
    there = [each for each in nearest if each not in gone]
    others = [each for each in known if _GONE not in each.reason]
    ranked = [*there, *others[: MOST - 1], *gone, *known] if gone else [*there, *others, *known]
    roots = same_people([(each.name, each.email) for each in ranked])
    people = [each for at, each in enumerate(ranked) if roots[at] == at][:MOST]
    if len(people) == 1 and ALONE not in people[0].reason and any(ALONE in each.reason for each in known):
        people[0] = replace(people[0], reason=f"{people[0].reason}{ALONE}")
    return tuple(people)


_GONE: Final = "; seems to have left"


def _of_commits(inquiry: Inquiry) -> list[Contact]:
    """Return who wrote and who made the commits that statements cite or that plainly speak of it, the most
    fitting commit first.
    """
    sources = inquiry.page.sources
    worth = _commits(inquiry)
    wrote: list[Contact] = []
    made: list[Contact] = []
    for oid in sorted(worth, key=lambda oid: -worth[oid][0]):
        commit = sources.commit(oid)
        if commit is None:
            continue
        said = f"{oid[:9]} {_quoted(commit)} on {day(commit.authored)}, which {worth[oid][1]}"
        for into, deed, (name, email) in (
            (wrote, "wrote", (commit.author, commit.email)),
            (made, "committed", sources.committer(oid)),
        ):
            if name and email not in _HOSTS and not is_robot(name, email):
                left = _left(inquiry, email, commit.authored)
                into.append(Contact(name, email, f"{deed} {said}{left}"))
    return [*wrote, *made]


def _commits(inquiry: Inquiry) -> dict[str, tuple[float, str]]:
    """Return by id how much of the question a commit holds, and how it came to be known."""
    sharing, sources = inquiry.evidence.sharing, inquiry.page.sources
    found: dict[str, tuple[float, str]] = {}
    for statement in inquiry.page.statements:
        for citation in statement.citations:
            is_commit = citation.kind is CitationKind.COMMIT
            commit = sources.commit(citation.commit_id or "") if is_commit else None
            if commit is None:
                continue
            told = sharing(f"{commit.lines[0]} {citation.quote}")
            if told >= max(_LEAST, found.get(commit.oid, (0.0, ""))[0]):
                found[commit.oid] = (told, "is cited here")
    if found or OF_PEOPLE.isdisjoint(part.need for part in inquiry.asked.parts):
        # How a thing is done now is known to who works on it, and not to who once spoke of it.
        return found
    # "Who decided on it" is of it; what is done to it no commit has to say.
    weights = inquiry.evidence.weights
    subject = sum(weights[term] for term in weights.keys() - lexicon.DECIDE)
    for each in inquiry.evidence.found:
        oid = each.hit.commit_id
        if oid is None or oid in found or each.sentence.role is not Role.SUBJECT:
            continue
        if (told := sharing(each.sentence.text)) >= _PLAIN * (subject or 1.0):
            found[oid] = (told, "speaks of it")
    return found


def _of_lines(inquiry: Inquiry) -> list[Contact]:
    """Return who last changed the lines that are cited, by a commit that speaks of what is asked: of a line
    that was moved or set anew its author knows no more than others.
    """
    cited = [
        citation
        for statement in inquiry.page.of(Section.WHAT)
        for citation in statement.citations[:1]
        if citation.kind is CitationKind.SPAN
    ]
    out: list[Contact] = []
    for citation in cited[:_BLAMED]:
        path = citation.path or ""
        for run in inquiry.blame(path):
            if run.first_line > citation.end_line or run.last_line < citation.start_line:
                continue
            commit = inquiry.page.sources.commit(run.commit_id)
            if commit is None or is_robot(run.author, run.email):
                continue
            if inquiry.evidence.sharing(commit.lines[0]) < _OF_IT:
                continue
            place = shown_place(path, citation.start_line)
            told = f"last changed {place}, in {run.commit_id[:9]} {_quoted(commit)} on {day(run.authored)}"
            out.append(Contact(run.author, run.email, told + _left(inquiry, run.email, run.authored)))
            break
    return out


def _quoted(commit: SourceCommit) -> str:
    line = commit.lines[0]
    return f"“{line[:_SUBJECT].rstrip()}{'…' if len(line) > _SUBJECT else ''}”"


def _left(inquiry: Inquiry, email: str, authored: int) -> str:
    active = activity(inquiry.reader)
    if not active.has_left(email, authored):
        return ""
    return f"{_GONE} (no commit at all since {day(active.last(email, authored))})"
