"""Answers a question: reads it, gathers evidence, lays down cited statements, and labels them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from indexer.answer import lexicon
from indexer.answer.absence import missing_sentence, searched
from indexer.answer.authors import say_authors
from indexer.answer.changes import say_changes
from indexer.answer.citations import Sources, cite_fact
from indexer.answer.commands import asks_of_upkeep, say_commands
from indexer.answer.commit_named import commits_named, say_commits, unknown_commits, without_ids
from indexer.answer.commit_reasons import say_why_of
from indexer.answer.comparison import say_comparison
from indexer.answer.confirming import say_confirmation
from indexer.answer.copying import (
    base_named,
    kind_to_write,
    points_back,
    say_examples,
    say_models,
)
from indexer.answer.counted import say_number
from indexer.answer.defaults import say_default_of_field
from indexer.answer.evidence import Evidence, Searcher, SentenceEmbedder, gather
from indexer.answer.extract import say_meaning
from indexer.answer.flow import say_mechanism
from indexer.answer.following import Followed, followed
from indexer.answer.foreign import is_elsewhere, is_named_here
from indexer.answer.how_to import asks_how_to, say_how_to
from indexer.answer.impact import say_impact
from indexer.answer.inquiry import Inquiry
from indexer.answer.introduction import say_whole
from indexer.answer.kinds_of_test import kinds_of_test
from indexer.answer.known import known_answers
from indexer.answer.legacy import say_job
from indexer.answer.mentor_facts import MentorFacts, Said
from indexer.answer.naming import namings
from indexer.answer.needs import OF_PEOPLE, Need
from indexer.answer.notes_said import say_notes
from indexer.answer.overview import asks_of_whole, say_parts
from indexer.answer.own_reason import say_own_reason
from indexer.answer.page import Page
from indexer.answer.perhaps import guess, is_guess, say_perhaps
from indexer.answer.placing import say_place
from indexer.answer.programs import say_data_users, say_program
from indexer.answer.questions import Asked, Part, read_question
from indexer.answer.rationale import say_rationale
from indexer.answer.read_answers import say_answers, say_nearest
from indexer.answer.reasons import Reason, reasons, say_hint, say_reasons
from indexer.answer.replies import ask_whom, careful, excuses, follow_ups, grounds, not_read
from indexer.answer.settings_asked import say_settings
from indexer.answer.standing import passages_of, standings
from indexer.answer.subjects import subjects
from indexer.answer.to_ask import people_to_ask
from indexer.answer.told_of import asks_what_it_does, say_told_of
from indexer.answer.tongue import is_other_language, without_small_words
from indexer.answer.turning_points import say_removal
from indexer.answer.unanswered import as_meant, asks_what_was_done, is_near, say_meant, say_near_names
from indexer.answer.understanding import understand
from indexer.answer.values_named import say_values
from indexer.answer.verdict import Label, elsewhere, rule
from indexer.answer.wording import asks_translations
from indexer.errors import ModelError, UsageError
from indexer.index.blame_cache import BlameCache
from indexer.index.candidates import Translations
from indexer.index.catalog import Catalog
from indexer.index.lexical import Lexicon
from indexer.index.people import NOBODY, AskedQuestion
from indexer.index.reader import PassageReader
from indexer.index.symbols import FoundSymbol
from indexer.repo.repository import Repository
from indexer.shapes.examples import Examples
from indexer.types import (
    Answer,
    Category,
    ChunkKind,
    Contact,
    Freshness,
    Gap,
    Hit,
    Note,
    Person,
    Section,
    Verdict,
    VerdictStatus,
)


class NoteShelf(Protocol):
    """What is needed of the notes."""

    def show(self, note_id: str) -> Note:
        """Return one note."""

    def count(self) -> int:
        """Return how many there are."""

    def answering(self, question: str) -> list[Hit]:
        """Return the notes that were written for this question, or a close rewording of it."""

    def record(self, asked: AskedQuestion, gap: Gap | None, by: Person = NOBODY) -> Gap | None:
        """Keep that a question was asked, by whom, and the gap that it met."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a question is about: (id, path) of files, the likeliest first (none: nothing here), and
    the definition that it names, if it names one.
    """

    files: tuple[tuple[int, str], ...]
    symbol: FoundSymbol | None


class Answerer:
    """Composes answers from one index; callable from several threads."""

    def __init__(
        self,
        searcher: Searcher,
        catalog: Catalog,
        repository: Repository,
        notes: NoteShelf,
        embedder: SentenceEmbedder | None = None,
        passage_reader: PassageReader | None = None,
    ) -> None:
        self._searcher = searcher
        self._catalog = catalog
        self._notes = notes
        self._embedder = embedder
        self._passage_reader = passage_reader
        self.facts: MentorFacts | None = None
        """What the guide knows: whoever composes the engine may set it."""
        self._sources = Sources(catalog, repository)
        self._rarities = Lexicon()
        self._translations = Translations()
        self._blame = BlameCache(catalog, repository)

    def ask(self, question: str, by: Person = NOBODY, before: Answer | None = None) -> Answer:
        """Return the answer; the question may go on from ``before``.

        Raises UsageError when the question holds nothing that can be read.
        """
        _check_words(question)
        began = time.perf_counter()
        asked = Followed(question) if before is None else followed(question, before)
        answer = self._answered(asked.text, by)
        typed = " ".join(question.split()) if asked.about else answer.question
        return replace(answer, question=typed, about=asked.about, seconds=time.perf_counter() - began)

    def _answered(self, question: str, by: Person) -> Answer:
        with self._catalog.snapshot():
            inquiry = self._inquire(question)
            models = self._found_models(inquiry.asked)
            told = known_answers(inquiry, self.facts)
            away = not told and not inquiry.commits and (models is None or models.notices)
            away = away and (is_elsewhere(inquiry) or bool(unknown_commits(inquiry.reader, question)))
            if away and not _is_of_any(inquiry):
                label = elsewhere(inquiry)
            else:
                asks_why = any(part.need is Need.REASON for part in inquiry.asked.parts)
                known = reasons(inquiry) if asks_why and not inquiry.evidence.reads else []
                _compose(inquiry, known, models, told)
                label = careful(inquiry, rule(inquiry, inquiry.page.statements, known))
                if is_guess(inquiry, label):
                    label = guess(label)
                if label.status is VerdictStatus.UNKNOWN or label.bare:
                    # The least bad passage is no answer to a question about something else.
                    inquiry.page.clear()
                    if label.bare and is_near(inquiry):
                        say_nearest(inquiry)
                elif not inquiry.page.statements and is_named_here(inquiry):
                    say_nearest(inquiry)
            if not inquiry.page.statements:
                label = as_meant(inquiry, label)
            verdict, draft = self._verdict(inquiry, label)
            commit_id = self._catalog.get("head")
            questions = follow_ups(inquiry, label)
        gap = self._recorded(inquiry, verdict, commit_id, by)
        return Answer(
            question=inquiry.asked.text,
            commit_id=commit_id,
            verdict=verdict,
            statements=tuple(inquiry.page.statements),
            follow_ups=questions,
            mode="extracted",
            # Whoever composes the engine knows how fresh the index is, and puts it in.
            freshness=Freshness(commit_id, None, -1, False, True, 0, 0, inquiry.evidence.notices),
            dropped=inquiry.page.dropped,
            gap_id=None if gap is None else gap.id,
            draft=draft,
        )

    def about(self, question: str) -> Matter:
        """Return what a question is about, without answering it. Raises as ``ask``."""
        _check_words(question)
        with self._catalog.snapshot():
            inquiry = self._inquire(question)
            strange = inquiry.namings and not any(each.known for each in inquiry.namings)
            if strange or is_elsewhere(inquiry):
                return Matter((), None)
            named = next((each.symbol for each in inquiry.subjects if each.named), None)
            return Matter(tuple(inquiry.files()), named)

    # ---------------------------------------------------------------------------- private

    def _found_models(self, asked: Asked) -> Examples | None:
        """Return examples of the kind that is asked for, or None."""
        wanted = next((part.text for part in asked.parts if part.need is Need.EXAMPLE), None)
        if wanted is None or self.facts is None:
            return None
        kind = kind_to_write(asked.text)
        # "Is there an existing one I can copy": of what, another sentence said.
        if not kind and points_back(wanted):
            return None
        # What it is made from, or what a test is for, tells better which there are than what it is called.
        narrowed = base_named(wanted) is not None or kind.endswith((" test", " spec"))
        found = self.facts.examples(wanted if narrowed or not kind else kind)
        if found is None or found.notices:
            others = (self.facts.examples(each) for each in kinds_of_test(wanted))
            return next((each for each in others if each is not None and not each.notices), found)
        return found

    def _inquire(self, question: str) -> Inquiry:
        reader = self._catalog.reader()
        commits = commits_named(reader, question)
        asked, categories = self._understood(without_ids(question, commits))
        evidence = gather(
            asked, self._searcher, self._catalog, self._rarities, self._embedder, self._passage_reader
        )
        asked = replace(asked, text=read_question(question).text) if commits else asked
        evidence = _with_notes(evidence, self._notes.answering(asked.text))
        asked_for = asks_translations(asked.text)
        translated = frozenset[int]() if asked_for else self._translations.of(reader)
        notes = tuple(
            self._notes.show(hit.note_id) for hit in evidence.of_kind(ChunkKind.NOTE) if hit.note_id
        )
        names = tuple(namings(evidence, reader))
        stand = tuple(standings(evidence, reader, translated))
        if evidence.reading is not None:
            # Weighed while that goes on: it is needed in the end, and asks nothing of what is read.
            _ = evidence.found, evidence.holds
        return Inquiry(
            asked=asked,
            commits=commits,
            evidence=evidence,
            subjects=tuple(subjects(evidence, reader)),
            namings=names,
            reader=reader,
            page=Page(self._sources, notes, asked.text),
            notes=notes,
            blame=self._blame.runs,
            categories=categories,
            standings=stand,
            translated=passages_of(reader, translated),
        )

    def _understood(self, question: str) -> tuple[Asked, Mapping[Category, float]]:
        """Return what is asked: by the model where it can be had, else by rules alone."""
        asked = read_question(question)
        if is_other_language(question):
            # Its own small words stand nowhere here, and must not outweigh what is asked about. What
            # the model learnt it learnt of English.
            return replace(read_question(without_small_words(question)), text=asked.text), {}
        if self._passage_reader is None:
            return asked, {}
        try:
            understood = understand(asked, self._passage_reader)
        except ModelError:
            # Said by whoever reads the passages with it.
            return asked, {}
        return understood.asked, understood.categories

    def _verdict(self, inquiry: Inquiry, label: Label) -> tuple[Verdict, str]:
        """Lay down what is missing, and return the verdict with the question to send."""
        places = searched(inquiry, self._notes.count())
        if label.status is VerdictStatus.GROUNDED:
            if _touches_a_rule(inquiry):
                people = people_to_ask(inquiry)
                inquiry.page.tell(Section.MISSING, _to_confirm(people), [])
            return Verdict(label.status, None, grounds(inquiry), tuple(places), ()), ""
        said = not_read(inquiry, label) or missing_sentence(label, inquiry)
        proof = cite_fact("; ".join(places), [])
        inquiry.page.tell(Section.MISSING, said, [proof])
        if label.status is VerdictStatus.UNKNOWN:
            say_near_names(inquiry)
            if not say_meant(inquiry) and not unknown_commits(inquiry.reader, inquiry.asked.text):
                say_perhaps(inquiry)
            for each in excuses(inquiry):
                inquiry.page.tell(Section.MISSING, each, [])
            return Verdict(label.status, None, said, tuple(places), ()), ""
        if label.bare:
            if asks_what_was_done(inquiry) and not inquiry.page.of(Section.WHAT):
                say_meant(inquiry)
            # Who wrote what is near by knows as little of it as anybody.
            return Verdict(label.status, label.category, said, tuple(places), ()), ""
        people = people_to_ask(inquiry)
        if _is_rule(label) and inquiry.page.of(Section.WHAT):
            inquiry.page.tell(Section.MISSING, _to_confirm(people), [])
        verdict = Verdict(label.status, label.category, said, tuple(places), people)
        return verdict, ask_whom(inquiry, label, people)

    def _recorded(self, inquiry: Inquiry, verdict: Verdict, commit_id: str | None, by: Person) -> Gap | None:
        now = int(time.time())
        gap = None
        if verdict.status in (VerdictStatus.PARTIAL, VerdictStatus.MISSING):
            paths = tuple(path for _, path in inquiry.cited_files())
            gap = Gap(
                id="",
                question=inquiry.asked.text,
                category=verdict.category,
                missing=verdict.reason,
                asked=1,
                first_asked=now,
                last_asked=now,
                note_id=None,
                contacts=verdict.contacts,
                paths=paths,
            )
        asked = AskedQuestion(inquiry.asked.text, now, verdict.status, verdict.category, commit_id, None)
        return self._notes.record(asked, gap, by)


_COMPOSERS: Final[dict[Need, Callable[[Inquiry], None]]] = {
    Need.PLACE: say_place,
    Need.MEANING: say_meaning,
    Need.MECHANISM: say_mechanism,
    Need.AUTHOR: say_authors,
    Need.CHANGE: say_changes,
    Need.IMPACT: say_impact,
    Need.COMMAND: say_commands,
    Need.SETTING: say_settings,
    Need.EXAMPLE: say_examples,
    Need.PARTS: say_parts,
    Need.CONFIRM: say_confirmation,
    Need.COMPARE: say_comparison,
}

# "Which job posts them, and what does it read?" is one walk, not two answers.
_OF_RULES: Final = frozenset((Need.POLICY, Need.CONFIRM, Need.REASON, Need.FIGURE, Need.MECHANISM))
"""What may be told as if it were a rule; where something stands or who wrote it is none."""

_RULING: Final = frozenset((Need.CONFIRM, Need.MECHANISM, Need.JUDGEMENT))

_DONE_BY_ASKER: Final = frozenset((Need.MECHANISM, Need.SETTING, Need.MEANING, Need.PLACE, Need.EXAMPLE))
"""What "how do I" is read as where it asks for no command: a document may show how."""

_OF_A_NAME: Final = frozenset((Need.MEANING, Need.MECHANISM, Need.REASON, Need.SETTING))
"""What "what does it do" and "what is it for" are read as."""

_DATA_FLOW: Final = frozenset((Need.PLACE, Need.MEANING, Need.MECHANISM))


def _is_of_any(inquiry: Inquiry) -> bool:
    """Return whether a question can be asked of any repository, in words that need not stand in this one."""
    needs = {part.need for part in inquiry.asked.parts}
    return (Need.PARTS in needs and asks_of_whole(inquiry)) or (
        needs == {Need.COMMAND} and asks_of_upkeep(inquiry)
    )


_GIVES_NUMBER: Final = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|hundred|thousand)\b", re.I
)


def _check_words(question: str) -> None:
    if not any(letter.isalnum() for letter in question):
        raise UsageError("The question holds no word.", "Ask in a sentence, or name a function or a file.")


def _compose(
    inquiry: Inquiry, known: list[Reason], models: Examples | None, told: Mapping[Need, Said]
) -> None:
    say_notes(inquiry)
    say_commits(inquiry)
    for say in told.values():
        say(inquiry)
    parts = tuple(part for part in inquiry.asked.parts if part.need not in told)
    if any(part.need in _DATA_FLOW for part in parts) and (
        say_data_users(inquiry) or say_job(inquiry) or say_program(inquiry)
    ):
        parts = tuple(part for part in parts if part.need not in _DATA_FLOW)
    for part in parts:
        if part.need is Need.EXAMPLE and models is not None:
            # Where the means is named, what else is made of that kind is made by other means.
            if _said_outright(inquiry, part) and is_named_here(inquiry):
                inquiry.page.settled[part.need] = True
            else:
                say_models(inquiry, models)
        elif part.need is Need.MEANING and say_whole(inquiry, part):
            continue
        elif _said_outright(inquiry, part):
            inquiry.page.settled[part.need] = True
        elif part.need is Need.MECHANISM and asks_how_to(part.text):
            # What is called inside tells nobody what to call.
            say_meaning(inquiry)
        elif part.need is Need.REASON:
            _say_reason(inquiry, known)
        elif part.need in OF_PEOPLE:
            _say_of_people(inquiry, part)
        else:
            _COMPOSERS[part.need](inquiry)


def _said_outright(inquiry: Inquiry, part: Part) -> bool:
    """Tell what a document shows for what the asker wants to do, or says under the name that is asked for.

    Return whether there is any.
    """
    if part.need in _OF_A_NAME and asks_what_it_does(part.text) and say_told_of(inquiry):
        return True
    return part.need in _DONE_BY_ASKER and asks_how_to(part.text) and say_how_to(inquiry)


def _say_reason(inquiry: Inquiry, known: list[Reason]) -> None:
    # "When and why": the commit that tells when has told why.
    if inquiry.page.settled.get(Need.REASON) or say_rationale(inquiry) or say_own_reason(inquiry):
        return
    answered = say_answers(inquiry, Need.REASON, Section.WHY)
    if not answered:
        if removal := say_removal(inquiry):
            say_why_of(inquiry, removal)
        if inquiry.page.settled.get(Need.REASON):
            return
        say_hint(inquiry) if inquiry.evidence.reads else say_reasons(inquiry, known)
    # Beside the reason only what it is about is worth reading.
    say_nearest(inquiry, 1 if answered else 3)


def _say_of_people(inquiry: Inquiry, part: Part) -> None:
    """Tell what was read and found to give what people alone know, else what comes nearest."""
    if part.need is Need.FIGURE and say_default_of_field(inquiry):
        inquiry.page.figures = True
        return
    # Who gives a number asks for what is behind it.
    open_one = part.need is Need.FIGURE and not (inquiry.asked.about_us or _GIVES_NUMBER.search(part.text))
    counted = open_one and say_number(inquiry)
    if say_answers(inquiry, part.need, Section.WHAT) or counted:
        return
    if part.need is Need.FIGURE and not inquiry.asked.about_us:
        measures = [term for term in part.terms if term in lexicon.MEASURE]
        inquiry.page.figures = bool(measures) and say_values(inquiry, measures) > 0
    if part.need is Need.PERSON and inquiry.named_files():
        # Who decided it is not written down; who wrote it is.
        say_authors(inquiry, 2)
        inquiry.page.authors_alone = True
    elif part.need is not Need.FIGURE or not inquiry.asked.about_us or inquiry.namings:
        # A figure of those who ask is near to no other figure.
        say_nearest(inquiry, 3)


def _with_notes(evidence: Evidence, written_for_it: Sequence[Hit]) -> Evidence:
    """Return the evidence with the notes that were written for this question before all others."""
    known = {hit.note_id for hit in written_for_it}
    rest = tuple(hit for hit in evidence.hits if hit.note_id is None or hit.note_id not in known)
    return replace(evidence, hits=(*written_for_it, *rest)) if written_for_it else evidence


def _to_confirm(people: Sequence[Contact]) -> str:
    whom = f" with {people[0].name}" if people else " with the people who own it"
    return f"What is quoted above is what the code does and its documents say; confirm the rule{whom}."


def _touches_a_rule(inquiry: Inquiry) -> bool:
    """Return whether an answered question is about money, permission, security or law as a rule."""
    asked = {term for part in inquiry.asked.parts if part.need in _OF_RULES for term in part.terms}
    return bool(asked & lexicon.RULED) or any(part.need is Need.POLICY for part in inquiry.asked.parts)


def _is_rule(label: Label) -> bool:
    """Return whether money, permission, security or a duty is asked about."""
    needs = {part.need for part in label.missing}
    # Where something stands, why and how often is no rule, whatever it is about.
    ruled = label.category in (Category.SECURITY, Category.BUSINESS) and not needs.isdisjoint(_RULING)
    return ruled or Need.POLICY in needs
