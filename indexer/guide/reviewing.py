"""What people said of answers: kept with what the answer rested on, so that a change of that shows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from indexer.errors import UsageError
from indexer.guide.rewordings import same_question
from indexer.index.people import People
from indexer.repo.secrets import redact
from indexer.types import Answer, Citation, CitationKind, Review, ReviewDraft, ReviewMark

LONGEST_COMMENT = 2_000
"""Characters: a longer one is a note."""


class Reviews:
    """Keeps people's marks on answers; callable from several threads."""

    def __init__(self, people: People) -> None:
        self._people = people

    def add(self, draft: ReviewDraft, answer: Answer) -> Answer:
        """Keep a mark on ``answer``, and return it with the marks that it has now.

        Raises UsageError for a comment that should be a note.
        """
        comment = redact(draft.comment)[0].strip()
        if len(comment) > LONGEST_COMMENT:
            raise UsageError(
                f"The sentence has more than {LONGEST_COMMENT:,} characters.",
                "Write it as a note: `lorebase note add`.",
            )
        review = Review(
            mark=draft.mark,
            by=draft.by.strip(),
            when=int(time.time()),
            comment=comment,
            commit_id=answer.commit_id,
            email=draft.email.strip(),
            question=answer.question,
        )
        self._people.add_review(review, sorted(_cited(answer)))
        return self.marked(answer)

    def marked(self, answer: Answer) -> Answer:
        """Return an answer with what people said of it, each person's last word, the newest first."""
        now = _cited(answer)
        last: dict[tuple[str, str], Review] = {}
        for review, cited in self._people.reviews():
            who = (review.email.casefold(), "" if review.email else review.by.casefold())
            if who in last or not same_question(review.question, answer.question):
                continue
            last[who] = replace(review, stale=set(cited) != now)
        shown = tuple(each for each in last.values() if each.mark is not ReviewMark.WITHDRAWN)
        return replace(answer, reviews=shown)


def _cited(answer: Answer) -> set[str]:
    """Return digests of what an answer rests on: words quoted and where, wherever their lines stand.

    What was counted over the history changes with each commit, and says nothing else by that.
    """
    citations: Sequence[Citation] = [
        each
        for statement in answer.statements
        for each in statement.citations
        if each.kind is not CitationKind.FACT
    ]
    return {
        blake2b(
            "\0".join(
                (each.kind, each.path or "", each.commit_id or "" if each.kind is CitationKind.COMMIT else "",
                 each.note_id or "", each.quote)
            ).encode(),
            digest_size=8,
        ).hexdigest()
        for each in citations
    }  # fmt: skip
