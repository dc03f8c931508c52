"""The two or three best examples of something, with reasons, what they share, and a skeleton."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from indexer.answer.citations import borne_out, cite_fact
from indexer.answer.contacts import day
from indexer.answer.copying import base_named
from indexer.errors import UsageError
from indexer.guide.examples.built_on import built_on
from indexer.guide.examples.candidates import Candidate, first_changes, last_changes
from indexer.guide.examples.choosing import MOST, Choice, choose
from indexer.guide.examples.companions import companions_of, tests_of
from indexer.guide.examples.definitions import Definitions
from indexer.guide.examples.named_tests import tests_named
from indexer.guide.examples.nouns import plural
from indexer.guide.examples.skeleton import MOST_LINES, skeleton_of, words_of
from indexer.guide.examples.traits import COMMON, COUNTED, Trait, Traits, is_old, said_of, shortly, traits_of
from indexer.guide.examples.wishes import Sought, sought
from indexer.guide.inventory.sheets import Shelf
from indexer.shapes.examples import Draft, Example, Examples, ExamplesWanted
from indexer.types import Citation, Control, Progress, Section, Statement

if TYPE_CHECKING:
    from indexer.guide.desk import Desk
    from indexer.guide.inventory.listing import Inventories

CODE_LINES: Final = 30
NEAR: Final = 24
"""Candidates whose text is compared with the best one's, for a skeleton."""
_REVIEWED: Final = re.compile(r"\(#\d+\)|(?i:reviewed-by:|merge pull request|merge request !|approved-by:)")
_MIGRATED: Final = re.compile(r"(?:^|/)(?:migrations?|migrate|versions|changelog)/|/V\d[\d_.]*__")
_SHORT: Final = 3
"""Traits of an example that are named in the reason for it."""
_SIGNALS: Final = 3
"""Signals that bear one out beyond which more say nothing."""
_LEAST, _MOST = 6, 60
"""Lines between which an example is neither a stub nor a giant."""


class _Unsteered:
    """A control for what is over soon."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Tell nobody."""


class ExampleFinder:
    """Finds examples; callable from several threads."""

    def __init__(self, desk: Desk, inventory: Inventories) -> None:
        self._desk = desk
        self._inventory = inventory

    def find(self, wanted: ExamplesWanted, control: Control) -> Examples:
        """Return the examples. Raises UsageError when the text names no kind of thing."""
        wish = sought(wanted.text)
        if not wish.kind:
            raise UsageError(
                "That names nothing that could be written.", 'Say it so: lorebase examples "a new endpoint".'
            )
        shelf = Shelf(self._desk.catalog.reader(), self._desk.sources)
        choice = _named(wanted.text, wish, shelf)
        if choice is None:
            # Where nothing is made from what is named, that narrows nothing down.
            means = base_named(wanted.text)
            plain = sought(means.before) if means is not None and means.before else wish
            choice = choose(plain if plain.kind else wish, shelf, self._inventory, control)
        wish, found = choice.wish, choice.found
        head = self._desk.catalog.get("head")
        if not found:
            return Examples(wish.noun, 0, (), (), (), None, head)
        traits = traits_of(shelf, found, wish.noun)
        control.checkpoint()
        ranked = self._ranked(shelf, choice, traits)
        best = ranked[: max(1, wanted.limit)]
        made = [self._example(shelf, found, traits, index) for index in best]
        examples = [each for each in made if each is not None]
        common = self._common(shelf, found, traits, wish.noun)
        common += tests_of(self._desk.catalog.reader(), [found[index].path for index in ranked])
        control.checkpoint()
        paths = list(dict.fromkeys(found[index].path for index in ranked[:12]))
        declared = [each.path for each in (found[index].declared for index in best) if each is not None]
        touched = companions_of(
            self._desk.catalog.reader(),
            [*paths, *(p for p in declared if p)],
            wish.noun,
            [found[index].name for index in ranked[:12]],
        )
        return Examples(
            wish.noun, len(found), tuple(examples), tuple(common), tuple(touched),
            self._draft(shelf, found, best[0], traits, wish), head, len(made) - len(examples),
            () if choice.narrowed else (_unnamed(len(found), wish),),
        )  # fmt: skip

    def answering(self, question: str) -> Examples | None:
        """Return the examples of the kind that a question asks for, or None where there are none; without a
        single one, and with a notice, where nothing here is of the sort that it asks for.
        """
        wish = sought(question)
        if not wish.kind:
            return None
        found = self.find(ExamplesWanted(question), _Unsteered())
        if not found.examples:
            return None
        return replace(found, examples=(), common=(), touched=(), draft=None) if found.notices else found

    # ------------------------------------------------------------------------ private

    def _ranked(self, shelf: Shelf, choice: Choice, traits: Traits) -> list[int]:
        """Return them best first, no two of one file while there are others."""
        found = choice.found
        reader = self._desk.catalog.reader()
        # A migration is written once: what matters is when, not who reformatted it since.
        once = all(_MIGRATED.search(each.path) for each in found)
        changed = (first_changes if once else last_changes)(reader, (each.path for each in found))
        newest = max((when for when, _ in changed.values()), default=0)
        oldest = min((when for when, _ in changed.values()), default=0)

        usual = traits.usual
        reviewed = {oid for _, oid in set(changed.values()) if self._review(oid) is not None}

        def value(index: int) -> float:
            each = found[index]
            lines = each.last - each.first + 1
            sheet = shelf.sheet(each.path)
            worth = 2.0 * (len(traits.of[index] & usual) / len(usual) if usual else 0.5)
            worth += 0.5 * min(choice.borne_out.get((each.path, each.first), 1), _SIGNALS)
            worth -= 0.5 * bool(each.symbol is not None and each.symbol.name.lower() == choice.wish.noun)
            worth += 0.6 * bool(each.symbol is not None and each.symbol.doc)
            when, oid = changed.get(each.path, (oldest, ""))
            worth += (2.5 if once else 0.8) * (when - oldest) / max(newest - oldest, 1)
            worth += 0.3 * (oid in reviewed)
            worth -= 0.05 * max(_LEAST - lines, 0) + 0.01 * max(lines - _MOST, 0)
            return worth - 3.0 * bool(sheet is not None and is_old(sheet, each))

        ranked = sorted(
            range(len(found)), key=lambda index: (-value(index), found[index].path, found[index].first)
        )
        first, rest, seen = list[int](), list[int](), set[str]()
        for index in ranked:
            (rest if found[index].path in seen else first).append(index)
            seen.add(found[index].path)
        return first + rest

    def _review(self, oid: str) -> Citation | None:
        """Return the line of a commit's message that says it was reviewed."""
        commit = self._desk.sources.commit(oid)
        for number, line in enumerate(commit.lines if commit is not None else (), 1):
            if _REVIEWED.search(line):
                return self._desk.sources.message(oid, number, number)
        return None

    def _example(
        self, shelf: Shelf, found: Sequence[Candidate], traits: Traits, index: int
    ) -> Example | None:
        each = found[index]
        code = self._desk.sources.span(each.path, each.first, min(each.last, each.first + CODE_LINES - 1))
        if code is None or not self._desk.sources.holds(code):
            return None
        return Example(
            each.name, each.path, each.first, each.last, code, each.declared,
            tuple(self._because(found, traits, index)),
        )  # fmt: skip

    def _because(self, found: Sequence[Candidate], traits: Traits, index: int) -> list[Statement]:
        each = found[index]
        said: list[Statement] = []
        usual = traits.usual
        has = len(usual & traits.of[index])
        if usual:
            fact = f"what at least {COMMON:.0%} of the {len(found):,} found have"
            proof = cite_fact(fact, [f"{each.path}:{each.first}"])
            every = "all" if has == len(usual) else f"{has} of"
            short = shortly([trait for trait in traits.telling() if trait in traits.of[index]][:_SHORT])
            told = f": {short}" if short else ""
            text = f"It has {every} {len(usual)} traits that most of them share{told}."
            said.append(Statement(Section.WHAT, text, (proof,)))
        changed = last_changes(self._desk.catalog.reader(), [each.path]).get(each.path)
        if changed is not None:
            when, oid = changed
            proof = cite_fact(f"the newest commit that touched {each.path}", [oid])
            said.append(Statement(Section.WHAT, f"Its file was last changed on {day(when)}.", (proof,)))
            review = self._review(oid)
            if review is not None:
                # A number behind a subject is a pull request's, most often: that is not said for certain.
                named = "names who reviewed it" if "by:" in review.quote.lower() else "names a pull request"
                text = f"That change {named}: “{review.quote.strip()}”"
                said.append(Statement(Section.WHAT, text, (review,)))
        return [one for one in said if borne_out(one, self._desk.sources)]

    def _common(self, shelf: Shelf, found: Sequence[Candidate], traits: Traits, noun: str) -> list[Statement]:
        if len(found) < 2:
            return []
        told: dict[tuple[str, tuple[str, ...]], list[Trait]] = {}
        for trait, _ in traits.common(shelf):
            places = tuple(
                f"{each.path}:{each.first}"
                for each, own in zip(found, traits.of, strict=True)
                if trait in own
            )
            told.setdefault((trait.sort, places), []).append(trait)
        said = []
        for (sort, places), several in told.items():
            proof = cite_fact(f"counted over the {len(found):,} {plural(noun)} here: {COUNTED[sort]}", places)
            text = said_of(several, len(places), len(found), plural(noun))
            said.append(Statement(Section.WHAT, text, (proof,)))
        return said

    def _draft(
        self, shelf: Shelf, found: Sequence[Candidate], best: int, traits: Traits, wish: Sought
    ) -> Draft | None:
        """Return a skeleton made of the best one and the two that are most like it."""
        near = [index for index in range(len(found)) if index != best]
        near.sort(key=lambda index: (-len(traits.of[index] & traits.of[best]), found[index].path))
        texts = self._texts(shelf, [found[best], *(found[index] for index in near[:NEAR])])
        if len(texts) < 2 or texts[0][0] is not found[best]:
            return None
        first, *rest = texts
        words = words_of(first[1])
        rest.sort(key=lambda each: -SequenceMatcher(None, words, words_of(each[1]), autojunk=False).ratio())
        chosen = [first, *rest[:2]]
        places = tuple(f"{each.path}:{each.first}" for each, _ in chosen)
        sheet = shelf.sheet(first[0].path)
        language = "" if sheet is None else sheet.language
        note = f"A draft to review ({wish.noun}), made from {', '.join(places)}. Fill in each ‹…›."
        text = skeleton_of(first[1], [lines for _, lines in rest[:2]], language, note)
        declared = [each.declared.quote.split("\n") for each, _ in chosen if each.declared is not None]
        if text and len(declared) > 1:
            text += "\n" + skeleton_of(declared[0], declared[1:], language, "And where it is declared:")
        return (
            Draft(text, language, _path_pattern([each.path for each, _ in chosen]), places) if text else None
        )

    def _texts(self, shelf: Shelf, chosen: Sequence[Candidate]) -> list[tuple[Candidate, list[str]]]:
        """Return the beginnings of candidates of one language, as they may be quoted."""
        texts: list[tuple[Candidate, list[str]]] = []
        language = ""
        for each in chosen:
            citation = self._desk.sources.span(
                each.path, each.first, min(each.last, each.first + MOST_LINES - 1)
            )
            sheet = shelf.sheet(each.path)
            if citation is None or sheet is None or (language and sheet.language != language):
                continue
            language = sheet.language
            texts.append((each, citation.quote.split("\n")))
        return texts


def _named(text: str, wish: Sought, shelf: Shelf) -> Choice | None:
    """Return what a wish means by a name that it writes: the tests of that, or what is made from it."""
    if wish.kind == "test":
        tests = tests_named(text, shelf)
        return Choice(wish, tuple(tests), {}) if tests else None
    means = base_named(text)
    if means is None:
        return None
    models = built_on(means.name, Definitions(shelf))
    if not models:
        return None
    last = re.split(r"::|[.\\]", means.name)[-1].lower()
    kind = sought(means.before) if means.before else Sought(last, last, ())
    return Choice(kind if kind.noun else Sought(last, last, ()), tuple(models[:MOST]), {})


def _unnamed(count: int, wish: Sought) -> str:
    said = " ".join(wish.said)
    if count == 1:
        return f"The one {wish.noun} here is not named after {said}."
    return f"None of the {count:,} {plural(wish.noun)} here is named after {said}."


def _path_pattern(paths: Sequence[str]) -> str:
    """Return where such a file stands, with the parts that differ left open."""
    split = [path.split("/") for path in paths]
    if len({len(each) for each in split}) != 1:
        same = []
        for parts in zip(*split, strict=False):
            if len(set(parts)) > 1:
                break
            same.append(parts[0])
        return "/".join([*same, "‹…›"]) if same else ""
    out = []
    for parts in zip(*split, strict=True):
        if len(set(parts)) == 1:
            out.append(parts[0])
        else:
            endings = {part.rpartition(".")[2] for part in parts}
            out.append("‹…›" + (f".{endings.pop()}" if len(endings) == 1 and "." in parts[0] else ""))
    return "/".join(out)
