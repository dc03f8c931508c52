"""What is missing, in words: what exactly nobody recorded, and where was searched for it."""

from __future__ import annotations

from typing import Final

from indexer.answer import lexicon
from indexer.answer.commit_named import unknown_commits
from indexer.answer.expansions import abbreviation_asked
from indexer.answer.inquiry import Inquiry, listed
from indexer.answer.needs import OF_PEOPLE, Need
from indexer.answer.questions import literal_terms, spoken_terms
from indexer.answer.reaching import said_missing
from indexer.answer.verdict import Label, is_symptom
from indexer.types import ChunkKind, Section, VerdictStatus

SAID_SO: Final = 0.4
"""Share of a question that one passage must hold for it to be said that nobody recorded what is asked. Of 31
questions over four repositories whose answer is recorded in other words, and that were told that it is not, 5
come by it; of 51 whose answer nobody recorded, 26.
"""


def missing_sentence(label: Label, inquiry: Inquiry) -> str:
    """Return in a sentence what exactly nobody recorded, and in another what is shown, if only by meaning."""
    if label.status is VerdictStatus.UNKNOWN:
        return _unknown_sentence(inquiry)
    near = " What is shown lies nearest by its meaning, and may be about something else."
    return f"{_missing_sentence(label, inquiry)}{near if inquiry.page.by_meaning else ''}"


def _missing_sentence(label: Label, inquiry: Inquiry) -> str:
    if said := said_missing(inquiry):
        return said
    if inquiry.page.unmatched:
        untold = listed([f"“{each}”" for each in inquiry.page.unmatched])
        verb = "is" if len(inquiry.page.unmatched) == 1 else "are"
        return f"Nothing was found that tells what {untold} {verb}."
    walked = inquiry.page.walked
    if walked is not None and [part.need for part in label.missing] == [Need.MECHANISM]:
        counts = inquiry.evidence.counts
        examples = literal_terms(inquiry.asked.text)
        left = [
            f"“{word}”"
            for word, terms in spoken_terms(inquiry.asked.text)
            if any(term in counts and term not in walked for term in terms) and walked.isdisjoint(terms)
            if lexicon.FRAME.isdisjoint(terms) and examples.isdisjoint(terms)
        ]
        if left:
            told = f"The calls that can be followed do not come by {listed(list(dict.fromkeys(left)))}"
            return f"{told}: the rest of the way is not shown."
    if inquiry.page.settled.get(Need.MEANING) is False and (short := abbreviation_asked(inquiry.asked.text)):
        return f"What “{short}” stands for is written out nowhere here."
    if inquiry.page.people and [part.need for part in label.missing] == [Need.AUTHOR]:
        return "No file or name is given: whether this is what is meant, nothing shows for certain."
    asked = f"(“{_shortened(inquiry.asked.text)}”)"
    if is_symptom(inquiry) or not any(part.need in OF_PEOPLE for part in label.missing):
        # It may well be here: what is not plain is whether what was found is it.
        return f"Nothing that was found plainly shows {wanted_of(label)} {asked}."
    return _unrecorded(label, inquiry, f"{wanted_of(label)} {asked}")


def _unrecorded(label: Label, inquiry: Inquiry, wanted: str) -> str:
    hinted = any(each.hinted for each in inquiry.page.of(Section.WHY))
    if hinted and {part.need for part in label.missing} == {Need.REASON}:
        # To quote a reason and call it not recorded contradicts itself; and it may be of another thing.
        return f"Not plainly recorded: {wanted}; what is quoted may hint at it, or be about something else."
    if max(inquiry.evidence.holds, default=0.0) < SAID_SO:
        # Who asks in other words than it is written in must not be told that nobody wrote it.
        return f"Nothing that was found tells {wanted}; it may be recorded in other words."
    return f"Not recorded: {wanted}."


def _unknown_sentence(inquiry: Inquiry) -> str:
    if ids := unknown_commits(inquiry.reader, inquiry.asked.text):
        return f"No one commit of this repository has an id that begins with {listed(ids)}."
    strange = [naming.name for naming in inquiry.namings if not naming.known]
    if strange:
        return f"Nothing here is named {listed([f'`{name}`' for name in strange])}."
    if said := said_missing(inquiry):
        return said
    if inquiry.evidence.absent():
        return "Nothing was found here under these words."
    return "These words stand here, but nothing that was found answers the question."


def wanted_of(label: Label) -> str:
    """Return what the unanswered parts ask for, in words."""
    return listed(list(dict.fromkeys(_WANTED[part.need] for part in label.missing)))


def searched(inquiry: Inquiry, notes: int) -> list[str]:
    """Return where was searched, with counts, and for what: the words themselves, as they are written."""
    evidence = inquiry.evidence
    places = [
        f"{max(evidence.passages[ChunkKind.CODE] - inquiry.translated, 0):,} passages of code",
        f"{evidence.passages[ChunkKind.DOC]:,} of documents",
        f"{evidence.passages[ChunkKind.COMMIT]:,} of commit messages",
        f"{notes:,} note{'' if notes == 1 else 's'}",
    ]
    found = [str(each) for each in inquiry.standings if not each.nowhere]
    absent = [each.word for each in inquiry.standings if each.nowhere]
    nowhere = [f"found nowhere: {', '.join(absent)}"] if absent else []
    return [", ".join(places), *found[: 12 - len(nowhere)], *nowhere]


_WANTED: Final = {
    Need.PLACE: "where it is",
    Need.MEANING: "an answer to this",
    Need.MECHANISM: "how it works",
    Need.REASON: "the reason",
    Need.CHANGE: "when and how it changed",
    Need.AUTHOR: "who knows it",
    Need.IMPACT: "what depends on it",
    Need.COMMAND: "how it is done",
    Need.SETTING: "a setting for it",
    Need.EXAMPLE: "an example of it",
    Need.PARTS: "an overview",
    Need.CONFIRM: "whether it is so",
    Need.FIGURE: "a figure",
    Need.PERSON: "who decides it or answers for it",
    Need.POLICY: "the rule that people follow",
    Need.JUDGEMENT: "whether it is right for you",
    Need.AFFECTED: "whom it concerns",
    Need.COMPARE: "how the two differ",
}


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else text[:119].rsplit(" ", 1)[0] + "…"
