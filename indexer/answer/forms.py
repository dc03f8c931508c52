"""Under which other words what a question asks about may stand: other forms of its words, and what code calls
what is said in everyday words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from indexer.answer.everyday import MOST, otherwise_called
from indexer.answer.irregular import FORMS
from indexer.answer.questions import versions_joined
from indexer.answer.values import values_in
from indexer.answer.wording import read
from indexer.repo.words import stems

_LONG_NOUN: Final = 6
"""Letters of a stem in -i (from -y) from which the same without it is taken for its verb."""

_SPELLINGS: Final = (("our", "or"), ("is", "iz"), ("ogu", "og"), ("centr", "center"), ("yse", "yze"))
"""Ends of stems, British and American."""
_ROOT: Final = 2
"""Letters before an American end that there must be more of: `for` is no `four`."""


def called_here(text: str, frequency: Callable[[str], int]) -> dict[str, str]:
    """Return what code may call what a question says in everyday words, as far as it stands in code here,
    each with what was said: a few, those that stand most often.

    ``frequency`` says in how many passages a stem stands, of those that stand in code.
    """
    found: dict[str, tuple[int, str]] = {}
    for said, terms in otherwise_called(text):
        for term in terms:
            if count := frequency(stems(term)[0]):
                found[term] = (count, said)
    best = sorted(found, key=lambda term: -found[term][0])[:MOST]
    return {term: found[term][1] for term in best}


def in_terms_of_the_trade(
    terms: list[str], forms: Mapping[str, str], called: Mapping[str, str]
) -> dict[str, str]:
    """Return the terms of a question that what code calls otherwise counts for, by the stem of that.

    "Must be given" is of small words, which weigh nothing, and is no less what is asked about: what it
    means is added to ``terms``.
    """
    nearly: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for term, said in called.items():
        form = stems(term)[0]
        if form in forms or form in terms:
            continue
        own = next((each for each in stems(said) if each in terms), None) or phrases.get(said)
        if own is None:
            phrases[said] = form
            terms.append(form)
        else:
            nearly[form] = own
    return nearly


def meant(called: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return what was said in everyday words, each with the stems of what code may call it."""
    return {
        said: frozenset(stems(term)[0] for term, own in called.items() if own == said)
        for said in called.values()
    }


def other_forms(text: str, terms: Iterable[str]) -> dict[str, str]:
    """Return other stems of the question's terms: neighbours joined, the verb beside the noun, and the other
    forms of an irregular verb.

    The stemmer keeps `expiry` (expiri) and `expires` (expir) apart, as it does delivery, recovery.
    """
    known = set(terms)
    forms = {joined: term for joined, term in read(text).joined if term in known and joined not in known}
    for term in known:
        if len(term) >= _LONG_NOUN and term.endswith("i") and term[:-1] not in known:
            forms.setdefault(term[:-1], term)
        for other in (_spelt_otherwise(term), *FORMS.get(term, ())):
            if other not in known:
                forms.setdefault(other, term)
    return forms


def _spelt_otherwise(term: str) -> str:
    """Return a stem as it is spelt on the other side of the Atlantic, or as it is: colour and color."""
    for british, american in _SPELLINGS:
        if term.endswith(british):
            return term.removesuffix(british) + american
        if term.endswith(american) and len(term) > len(american) + _ROOT:
            return term.removesuffix(american) + british
    return term


def searched_for(text: str) -> str:
    """Return the text that is searched for: numbers in words are looked for in digits too."""
    text = versions_joined(text)
    digits = [value for value in sorted(values_in(text)) if value not in text]
    said = frozenset(stems(text))
    found = other_forms(text, said).items()
    forms = [form for form, term in found if f"{form}i" in said or form in FORMS.get(term, ())]
    return " ".join([text, *digits, *forms])


def versioned(text: str) -> frozenset[str]:
    """Return the terms that a text has only with its versions joined: http2 of HTTP/2."""
    joined = versions_joined(text)
    return frozenset(stems(joined)) - frozenset(stems(text)) if joined != text else frozenset()
