"""A turning point whose line writes what is asked about by its initials: GHA is GitHub Actions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.answer import lexicon
from indexer.answer.authorship import is_robot
from indexer.answer.inquiry import Inquiry
from indexer.answer.questions import spoken_terms
from indexer.answer.turning_points import RELEASE, tell_commit
from indexer.repo.words import stem, stems

_SHORT: Final = re.compile(r"(?<![\w-])[A-Z]{3,5}(?![\w-])")
_WORDS: Final = (2, 3)
"""Words in a row that initials may stand for."""
_SHARE: Final = 0.5
"""Share of the question that the line must hold, with what its initials stand for."""
_SUBJECTS: Final = (
    "SELECT oid, subject, name, email FROM commits JOIN person ON person.id = person_id"
    " WHERE reachable = 1 ORDER BY sequence"
)


def say_by_initials(inquiry: Inquiry) -> str:
    """Lead with the commit whose line says what was done and to what, by initials of words of the question;
    of several that say as much with the first. Return its id, or nothing.
    """
    spoken = [word for word, _ in spoken_terms(inquiry.asked.text)]
    small = lexicon.FUNCTION_WORDS | lexicon.AUXILIARIES
    typed = {stem(word.lower()) for word in spoken if word.lower() not in small}
    best: tuple[int, str, str, tuple[str, ...]] | None = None
    for oid, subject, name, email in inquiry.reader.execute(_SUBJECTS):
        for short in _SHORT.findall(subject):
            run = next(
                (
                    each
                    for each in _runs(spoken, small)
                    if spells(short.lower(), [word.lower() for word in each])
                ),
                None,
            )
            if run is None or RELEASE.match(subject) or is_robot(name, email):
                continue
            said = f"{subject} {' '.join(run)}"
            # What was done must be said outright: who lints in GHA did not move there.
            done = typed & (set(stems(subject)) - {stem(word.lower()) for word in run})
            if not done or inquiry.evidence.sharing(said) < _SHARE:
                continue
            if best is None or len(done) > best[0]:
                best = (len(done), oid, short, run)
    if best is None:
        return ""
    _, oid, short, run = best
    citation = inquiry.page.sources.message(oid, 1, 1)
    if citation is None:
        return ""
    tell_commit(inquiry, citation, f"speaks of it, where {short} is taken to be “{' '.join(run)}”")
    return oid


def spells(short: str, words: Sequence[str]) -> bool:
    """Return whether letters are the first ones of words in order, with letters from within a word between
    them: g, h of GitHub and a of Actions.
    """
    if not words:
        return not short
    word, rest = words[0], words[1:]
    if not short.startswith(word[0]):
        return False
    return any(
        _is_within(short[1:end], word[1:]) and spells(short[end:], rest) for end in range(1, len(short) + 1)
    )


def _is_within(letters: str, word: str) -> bool:
    """Return whether letters stand in a word in this order."""
    left = iter(word)
    return all(letter in left for letter in letters)


def _runs(words: Sequence[str], small: frozenset[str]) -> Iterator[tuple[str, ...]]:
    for length in _WORDS:
        for first in range(len(words) - length + 1):
            run = tuple(words[first : first + length])
            if small.isdisjoint(word.lower() for word in run):
                yield run
