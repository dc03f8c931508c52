"""Whom to ask about a module or a definition: the same people as ``lorebase who`` names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.about import named_symbols
from indexer.answer.authors import WROTE
from indexer.answer.beginnings import say_coming
from indexer.answer.inquiry import Inquiry, listed
from indexer.answer.mentor_facts import MentorFacts, Said
from indexer.answer.questions import Part
from indexer.answer.wishes import person_target
from indexer.pages import Knower, WhoKnows
from indexer.types import Section

_WHOLE: Final = "the whole repository"
STILL_HERE: Final = 3
LEFT: Final = 2
_TOUCHED: Final = re.compile(r" that touched .+?(?=, the last on |$)")


def people_named(inquiry: Inquiry, part: Part, about: str, facts: MentorFacts) -> Said | None:
    """Return what names the people, or None when nothing here is named so, or nobody is known of it."""
    target = person_target(inquiry, about)
    found = facts.who(target) if target else None
    if found is None or not found.people:
        return None
    return lambda under_way: _say(under_way, part, found)


def _say(inquiry: Inquiry, part: Part, found: WhoKnows) -> None:
    if WROTE.search(part.text) and (named := named_symbols(inquiry)):
        say_coming(inquiry, named[0])
    place = listed([_WHOLE if each == "./" else each for each in found.places[:2]])
    here = [each for each in found.people if not each.left][:STILL_HERE]
    gone = [each for each in found.people if each.left][:LEFT]
    said = 0
    if here:
        said += _tell(inquiry, f"About {place} ask {_with_reasons(here)}.", here)
    if gone:
        lead = "Who worked on it too and seems" if here else f"Who knows {place} best seems"
        said += _tell(inquiry, f"{lead} to have left: {_with_reasons(gone)}.", gone)
    if said:
        inquiry.page.people = True
        inquiry.page.settled[part.need] = True


def _tell(inquiry: Inquiry, text: str, people: Sequence[Knower]) -> bool:
    return inquiry.page.tell(Section.WHAT, text, [proof for each in people for proof in each.citations])


def _with_reasons(people: Sequence[Knower]) -> str:
    return listed([f"{each.contact.name} ({_reason(each)})" for each in people])


def _reason(person: Knower) -> str:
    """Return why, without what is said of all of them beside it: the place, and that they left."""
    return _TOUCHED.sub("", person.contact.reason.partition("; seems to have left")[0])
