"""Whom to ask what an answer could not tell: who made the commits that it cites, then who knows its files."""

from __future__ import annotations

from typing import Final

from indexer.answer.about import telling_files
from indexer.answer.authorship import is_robot
from indexer.answer.contacts import MOST, contacts, day
from indexer.answer.inquiry import Inquiry
from indexer.index.activity import activity
from indexer.index.persons import same_people
from indexer.types import CitationKind, Contact

_LEAST: Final = 0.1
"""Share of the question that a commit's line must hold: of what is only near its author knows no more."""
_SUBJECT: Final = 60
"""Letters of a subject line that are shown."""
_HOSTS: Final = ("noreply@github.com", "noreply@gitlab.com")
"""Who makes a commit when somebody presses a button."""


def people_to_ask(inquiry: Inquiry) -> tuple[Contact, ...]:
    """Return people for a gap, the best first: of those who are still here who wrote or made a commit that
    the answer cites, then who knows the files that it is about; who has left after them.
    """
    cited = _of_commits(inquiry)
    known = contacts(inquiry.reader, inquiry.page.sources, telling_files(inquiry))
    active = activity(inquiry.reader)
    gone = [each for each in cited if active.has_left(each.email)]
    there = [each for each in cited if each not in gone]
    others = [each for each in known if "; seems to have left" not in each.reason]
    ranked = [*there, *others[: MOST - 1], *gone, *others, *known] if gone else [*there, *others, *known]
    roots = same_people([(each.name, each.email) for each in ranked])
    return tuple(each for at, each in enumerate(ranked) if roots[at] == at)[:MOST]


def _of_commits(inquiry: Inquiry) -> list[Contact]:
    """Return who wrote and who made the commits that statements cite, the most fitting commit first."""
    sources, evidence = inquiry.page.sources, inquiry.evidence
    worth: dict[str, float] = {}
    for statement in inquiry.page.statements:
        for citation in statement.citations:
            commit = (
                sources.commit(citation.commit_id or "") if citation.kind is CitationKind.COMMIT else None
            )
            if commit is not None:
                told = evidence.sharing(f"{commit.lines[0]} {citation.quote}")
                worth[commit.oid] = max(worth.get(commit.oid, 0.0), told)
    active = activity(inquiry.reader)
    wrote: list[Contact] = []
    made: list[Contact] = []
    for oid in sorted(worth, key=lambda oid: -worth[oid]):
        commit = sources.commit(oid)
        if commit is None or worth[oid] < _LEAST:
            continue
        line = commit.lines[0]
        said = f"“{line[:_SUBJECT].rstrip()}{'…' if len(line) > _SUBJECT else ''}”"
        for into, deed, (name, email) in (
            (wrote, "wrote", (commit.author, commit.email)),
            (made, "committed", sources.committer(oid)),
        ):
            if not name or email in _HOSTS or is_robot(name, email):
                continue
            last = active.last(email, commit.authored)
            left = f"; seems to have left (no commit at all since {day(last)})"
            gone = left if active.has_left(email, commit.authored) else ""
            reason = f"{deed} {oid[:9]} {said} on {day(commit.authored)}, which is cited here{gone}"
            into.append(Contact(name, email, reason))
    return [*wrote, *made]
