"""What kind of context is missing: as the model reads the question, else by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer import lexicon
from indexer.answer.inquiry import Inquiry
from indexer.answer.needs import Need
from indexer.answer.questions import Part
from indexer.repo.words import stem, stems
from indexer.types import Category

WORDS_VOTE: Final = 0.15
"""What the words of a question add to the model's reading of its category."""

_SIGNING_IN: Final = re.compile(r"\b(?:sign|log)(?:s|ged|ned|ging|ning)?[- ](?:in|on)\b")


def category(inquiry: Inquiry, parts: Sequence[Part]) -> Category:
    """Return what kind of context is missing: as the model reads the question, else by its words."""
    by_words = category_of(parts)
    shares = inquiry.categories
    if not shares:
        return by_words
    return max(shares, key=lambda each: shares[each] + (WORDS_VOTE if each is by_words else 0.0))


def category_of(parts: Sequence[Part]) -> Category:
    """Return what kind of context the words of the unanswered parts speak of."""
    terms = {stem(word) for part in parts for word in stems(part.text)} | {
        term for part in parts for term in part.terms
    }
    needs = {part.need for part in parts}
    text = " ".join(part.text for part in parts).lower()
    secured = len(terms & lexicon.SECURITY) + len(_SIGNING_IN.findall(text))
    # A long question has many words of the trade; three say as much as six.
    votes = {
        Category.SECURITY: 1.8 * min(secured, 3),
        Category.BUSINESS: 1.0 * min(len(terms & lexicon.BUSINESS), 3),
        Category.ARCHITECTURE: 1.0 * min(len(terms & lexicon.ARCHITECTURE), 3),
        Category.PERFORMANCE: 1.0 * min(len(terms & lexicon.PERFORMANCE), 3),
        Category.OWNERSHIP: 0.0,
    }
    if needs & {Need.PERSON, Need.AUTHOR}:
        votes[Category.OWNERSHIP] += 4.0 if needs <= {Need.PERSON, Need.AUTHOR, Need.PLACE} else 0.5
    if Need.FIGURE in needs:
        votes[Category.PERFORMANCE] += 4.0
    if Need.REASON in needs:
        votes[Category.ARCHITECTURE] += 1.5
    if Need.POLICY in needs:
        votes[Category.SECURITY] += 0.5
        votes[Category.BUSINESS] += 1.0
    if Need.JUDGEMENT in needs:
        votes[Category.BUSINESS] += 0.5
        votes[Category.PERFORMANCE] += 0.5 + 0.7 * min(len(terms & (lexicon.PRODUCTION | lexicon.MEASURE)), 3)
    return max(votes, key=lambda category: votes[category])
