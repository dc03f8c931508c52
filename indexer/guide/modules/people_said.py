"""What people said of summaries, laid over them: marks, which a change withdraws, and paragraphs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from indexer.answer.contacts import day
from indexer.errors import UsageError
from indexer.guide.modules.survey import Survey
from indexer.guide.modules.tree import Tree
from indexer.index.module_words import KeptMark, KeptText, ModuleWords
from indexer.repo.secrets import redact
from indexer.shapes.modules import (
    ModuleMark,
    ModulePage,
    ModuleReview,
    ModuleRow,
    ModuleText,
    OwnParagraph,
    ReviewState,
)

LONGEST: Final = 4_000
"""Characters of a paragraph: more is a document, and belongs into the repository."""

NAMED: Final = 20
"""Changed files that a withdrawn mark names."""


class Spoken:
    """Reads and writes people's words; callable from several threads."""

    def __init__(self, words: ModuleWords) -> None:
        self._words = words

    def mark(self, survey: Survey, path: str, wanted: ModuleMark) -> None:
        """Keep that a person looked a summary through, with what the module was then; or take it back."""
        if not wanted.reviewed:
            self._words.unmark(path)
            return
        now = int(time.time())
        files = _files(survey, path)
        self._words.mark(KeptMark(path, wanted.by.strip(), wanted.email.strip(), now, survey.head, files))

    def write(self, survey: Survey, path: str, wanted: ModuleText) -> None:
        """Keep a paragraph. Raises UsageError for one that is too long."""
        text = redact(wanted.text)[0].strip()
        if len(text) > LONGEST:
            raise UsageError(
                f"The paragraph has more than {LONGEST:,} characters.",
                "Keep a short one here, and write the rest as a note (`lorebase note add`) or a document.",
            )
        now = int(time.time())
        self._words.write(KeptText(path, text, wanted.by.strip(), wanted.email.strip(), now, survey.head))

    def page(self, page: ModulePage, survey: Survey) -> ModulePage:
        """Return a summary with what people said of it."""
        path = page.row.path
        text = self._words.texts().get(path)
        mark = self._words.marks().get(path)
        review = None if mark is None else _review(mark, survey)
        notices = page.notices
        if review is not None and review.changed_count:
            files = "file" if review.changed_count == 1 else "files"
            notice = (
                f"The review by {review.by or review.email or 'somebody'} of {day(review.when)} is withdrawn:"
                f" {review.changed_count:,} {files} of it changed since."
            )
            notices = (notice, *notices)
        return replace(
            page,
            row=self.row(page.row, survey),
            paragraph=None
            if text is None
            else OwnParagraph(text.text, text.name, text.email, text.at, text.commit_id),
            review=review,
            notices=notices,
        )

    def row(self, row: ModuleRow, survey: Survey) -> ModuleRow:
        """Return a row with what people said of its module."""
        mark = self._words.marks().get(row.path)
        state = ReviewState.NONE
        if mark is not None:
            changed = _review(mark, survey).changed_count
            state = ReviewState.WITHDRAWN if changed else ReviewState.REVIEWED
        return replace(row, review=state, written=row.path in self._words.texts())

    def lost(self, tree: Tree) -> tuple[str, ...]:
        """Return a sentence for each paragraph whose module is not there any more: nothing of it is lost."""
        return tuple(
            f"{path} is no module any more; {text.name or 'somebody'} wrote about it: {text.text}"
            for path, text in sorted(self._words.texts().items())
            if path not in tree.modules
        )


def _files(survey: Survey, path: str) -> dict[str, str]:
    return {file.path: file.oid for file in survey.tree.files_below(path)}


def _review(mark: KeptMark, survey: Survey) -> ModuleReview:
    changed: list[str] = []
    if mark.path in survey.tree.modules:
        now: Mapping[str, str] = _files(survey, mark.path)
        changed = sorted(
            path for path in now.keys() | mark.files.keys() if now.get(path) != mark.files.get(path)
        )
    return ModuleReview(mark.name, mark.email, mark.at, mark.commit_id, tuple(changed[:NAMED]), len(changed))
