"""Which parts of a question are answered for certain: by the guide, a change log's section, what CI runs."""

from __future__ import annotations

from indexer.answer.checks import checks_asked
from indexer.answer.commit_named import commit_asked
from indexer.answer.inquiry import Inquiry
from indexer.answer.listings import listing
from indexer.answer.mentor_facts import MentorFacts, Said
from indexer.answer.needs import Need
from indexer.answer.platforms import platform_asked
from indexer.answer.releases import release_asked
from indexer.answer.whom import people_named
from indexer.answer.wishes import asks_whom


def known_answers(inquiry: Inquiry, facts: MentorFacts | None) -> dict[Need, Said]:
    """Return for the need of each part that is so answered what lays that answer down."""
    known: dict[Need, Said] = {}
    release = release_asked(inquiry, "" if facts is None else facts.repository)
    if release is not None:
        return {inquiry.asked.parts[0].need: release}
    for part in inquiry.asked.parts:
        if (commit := commit_asked(inquiry, part)) is not None:
            known[part.need] = commit
        elif (checks := checks_asked(inquiry, part)) is not None:
            known[part.need] = checks
        elif (versions := platform_asked(inquiry, part)) is not None:
            known[part.need] = versions
    if facts is None:
        return known
    for part in inquiry.asked.parts:
        whom = asks_whom(part.text)
        said = people_named(inquiry, part, whom, facts) if whom else listing(inquiry, part, facts)
        if said is not None:
            known.setdefault(part.need, said)
    return known
