"""The reason that a document gives under a heading of its own: "Why?", "Rationale", "Motivation".

What explains a thing is worth more than a commit that once touched it: the message gives the reason for
that change, which mostly is another one.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.evidence import Found
from indexer.answer.inquiry import Inquiry
from indexer.answer.readable import is_readable
from indexer.answer.sentences import sentences_in
from indexer.index.passages import Passage, passages_at
from indexer.repo.words import stems
from indexer.types import ChunkKind, Hit, Section

DOCUMENTS: Final = 6
"""The first documents that were found; the one that explains a thing is found by its name."""

SECTIONS: Final = 12
"""Passages of documents in which it is looked whether they ask why themselves."""

HELD: Final = 0.6
"""Share of what is known of the question that such a section must hold under another heading."""

SENTENCES: Final = 3

_OPENING: Final = 2
"""Passages of a document from which it is told what it is about."""

_REASONS: Final = re.compile(r"(?:the )?(?:why|rationale|motivation|reason(?:s|ing)?|background)\b(.*)", re.I)


def say_rationale(inquiry: Inquiry) -> bool:
    """Quote what a document that is about the thing says under such a heading, or after asking why itself.

    Return whether it did.
    """
    if _say_after_why(inquiry):
        return True
    paths = [hit.path for hit in inquiry.evidence.of_kind(ChunkKind.DOC) if hit.path]
    for path in list(dict.fromkeys(paths))[:DOCUMENTS]:
        passages = passages_at(inquiry.reader, path)
        if not _is_about(inquiry, passages[:_OPENING]):
            continue
        reasons = [
            found
            for passage in passages
            for found in _sentences(passage, path)
            if _gives_reasons(inquiry, found.sentence.heading or passage.symbol.rpartition(" > ")[2])
        ]
        quoted = [found for found in reasons[:SENTENCES] if inquiry.page.quote(Section.WHY, found)]
        if quoted:
            inquiry.page.explained = quoted[0]
            for found in _sentences(passages[0], path)[:1]:
                inquiry.page.quote(Section.WHAT, found)
            return True
    return False


def _say_after_why(inquiry: Inquiry) -> bool:
    """Quote what follows "Why?" in a section that is headed by, or holds, what the question is about."""
    evidence = inquiry.evidence
    asked = evidence.weights.keys()
    for hit in inquiry.evidence.of_kind(ChunkKind.DOC)[:SECTIONS]:
        sentences = sentences_in(hit)
        for at, sentence in enumerate(sentences):
            heading = stems(sentence.heading or hit.symbol.rpartition(" > ")[2])
            if not _WHY.fullmatch(sentence.text.strip()):
                continue
            headed = bool(heading) and asked >= set(heading)
            if not headed and evidence.sharing(hit.text) < HELD * evidence.known:
                continue
            told = [
                each for each in sentences[at + 1 :] if each.role is Role.PROSE and is_readable(each.text)
            ]
            quoted = [
                found
                for found in (Found.of(each, hit) for each in told[:SENTENCES])
                if inquiry.page.quote(Section.WHY, found)
            ]
            if quoted:
                inquiry.page.explained = quoted[0]
                return True
    return False


_WHY: Final = re.compile(r"(?:but |so )?why(?: is (?:that|this)| so)?\?", re.I)


def _is_about(inquiry: Inquiry, opening: list[Passage]) -> bool:
    text = " ".join(f"{each.symbol} {each.text}" for each in opening)
    names = [set(stems(each.symbol.name)[:1]) for each in inquiry.subjects if each.named]
    # Of a subject in plain words a document that is about something near by holds as much.
    return any(name and name <= set(stems(text)) for name in names)


def _gives_reasons(inquiry: Inquiry, heading: str) -> bool:
    """Return whether a heading asks for reasons, and for no other thing's than the question does."""
    found = _REASONS.match(heading.strip())
    if found is None:
        return False
    rest = re.sub(r"[\W_]+", " ", found[1]).strip()
    return not rest or bool(inquiry.evidence.terms_in(rest))


def _sentences(passage: Passage, path: str) -> list[Found]:
    hit = Hit(
        path,
        passage.start_line,
        passage.end_line,
        passage.kind,
        passage.symbol,
        None,
        0.0,
        (),
        passage.text,
        passage.oid,
        language=passage.language,
        passage_id=passage.id,
    )
    told = [
        each
        for each in sentences_in(hit)
        if each.role is not Role.TITLE and is_readable(each.text) and len(each.text.split()) > SENTENCES
    ]
    return [Found.of(each, hit) for each in told]
