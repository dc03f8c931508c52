"""Sources that are no code: a commit, a note, a count; and the page that says why there is nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import Source, day
from desktop.oddities import ODD, code_point, plain
from desktop.places import CommitPlace, HistoryPlace, KnowledgePlace, Place, SourcePlace
from desktop.theme import Theme
from desktop.widgets.prose import Prose
from desktop.widgets.rail import line
from desktop.widgets.related import RelatedPanel, RelatedRow
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.sources import path_icon
from desktop.widgets.words import button, link, words
from desktop.widgets.wrapping import wrapping
from indexer.pages import CommitPage
from indexer.types import AnchorState, Note

MOST_LINES = 24
"""Lines of a message that are seen at once."""

_COMMIT = re.compile(r"^[0-9a-f]{7,64}$")
_PLACE = re.compile(r"^(?P<path>[^:]+):(?P<line>\d+)(?:-(?P<end>\d+))?$")


class Paper(ScrollPage):
    """One page of text that scrolls; every part is a label, none reads markup."""

    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout()

    # ------------------------------------------------------------------------ public

    def show_commit(self, page: CommitPage, cited: Sequence[str] = ()) -> None:
        """Show a commit: its message, who and when, and what it changed."""
        column, theme = self._begin(), self._theme
        self.setAccessibleName(self.tr("Commit %s") % page.row.commit_id[:9])
        subject, _, body = page.message.strip().partition("\n")
        column.addWidget(words(theme, plain(subject[:2_000]), tokens.SECTION, wrap=True))
        if not page.reachable:
            self._warn(self.tr("No longer on any branch."))
        if body.strip():
            column.addWidget(self._text(body.strip("\n"), cited))
        self._add_facts(page)
        self._add_changes(page)
        column.addStretch(1)

    def show_note(self, note: Note) -> None:
        """Show a note with its state."""
        column, theme = self._begin(), self._theme
        self.setAccessibleName(self.tr("Note: %s") % note.title)
        column.addWidget(words(theme, plain(note.title), tokens.SECTION, wrap=True))
        who = ", ".join(part for part in (plain(note.author), day(note.updated)) if part)
        column.addWidget(words(theme, who, tokens.INTERFACE, "2", wrap=True))
        if note.state is AnchorState.STALE:
            self._warn(self.tr("Stale: the code that it is about has changed since."))
        elif note.state is AnchorState.ORPHANED:
            self._warn(self.tr("The code that it is about is gone."))
        text = Prose(theme, self.tr("Text of the note"))
        text.opened.connect(self.opened)
        text.show_markdown(note.text)
        column.addWidget(text)
        for notice in text.notices:
            column.addWidget(words(theme, notice, tokens.META, "2", wrap=True))
        if note.anchor is not None and note.anchor.path:
            place = SourcePlace(
                note.anchor.path, max(1, note.anchor.start_line), max(1, note.anchor.end_line)
            )
            self._add_link(self.tr("About %s") % plain(note.anchor.path), place)
        self._add_link(self.tr("Open in Knowledge"), KnowledgePlace(note_id=note.id))
        column.addStretch(1)

    def show_count(self, source: Source) -> None:
        """Show what was counted, and what the count rests on."""
        column, theme = self._begin(), self._theme
        first = source.first
        self.setAccessibleName(self.tr("Counted"))
        column.addWidget(words(theme, self.tr("Counted, not quoted"), tokens.SECTION))
        column.addWidget(self._text(first.fact or first.quote, ()))
        if first.quote and first.quote != first.fact:
            column.addWidget(self._text(first.quote, ()))
        if first.rests_on:
            rows = [_rest_row(each) for each in first.rests_on]
            self._panel().show_rows(self.tr("Rests on"), rows, str(len(rows)), most=20)
        column.addStretch(1)

    def show_message(self, title: str, text: str, action: str = "") -> None:
        """Say what happened, what still works, and one next step."""
        column, theme = self._begin(), self._theme
        self.setAccessibleName(title)
        column.addWidget(words(theme, title, tokens.SECTION, wrap=True))
        if text:
            column.addWidget(words(theme, plain(text), tokens.INTERFACE, "2", wrap=True))
        if action:
            holder, row = wrapping(theme.px(tokens.S2), 0)
            step = button(theme, action)
            step.clicked.connect(partial(self.opened.emit, None))
            row.addWidget(step)
            column.addWidget(holder)
        column.addStretch(1)

    # ------------------------------------------------------------------------ private

    def _begin(self) -> QVBoxLayout:
        theme = self._theme
        page = QWidget()
        column = QVBoxLayout(page)
        side = theme.px(tokens.S4)
        column.setContentsMargins(side, theme.px(tokens.S3), side, side)
        column.setSpacing(theme.px(tokens.S2))
        self.setWidget(page)
        self._column = column
        return column

    def _text(self, text: str, cited: Sequence[str]) -> QPlainTextEdit:
        """Return text as it was written, in a fixed width, since messages are laid out by hand."""
        shown = _Written(self._theme)
        shown.setReadOnly(True)
        shown.setFrameShape(QFrame.Shape.NoFrame)
        shown.setFont(self._theme.font(tokens.CODE))
        lines = [_cut(each) for each in text[:100_000].split("\n")]
        shown.setPlainText("\n".join(lines))
        shown.document().setDocumentMargin(0)
        shown.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        shown.setAccessibleName(self.tr("Text"))
        shown.setTabChangesFocus(True)
        _mark(shown, self._theme, cited)
        return shown

    def _warn(self, text: str) -> None:
        self._column.addWidget(words(self._theme, text, tokens.INTERFACE, "partial", wrap=True))

    def _add_link(self, text: str, place: Place) -> None:
        made = link(self._theme, text.replace("&", "&&"))
        made.clicked.connect(partial(self.opened.emit, place))
        self._column.addWidget(made)

    def _add_facts(self, page: CommitPage) -> None:
        theme = self._theme
        self._column.addWidget(line())
        holder, row = wrapping(theme.px(tokens.S3), theme.px(tokens.S1))
        identity = words(theme, page.row.commit_id, tokens.CODE, "2")
        identity.setText(page.row.commit_id[:16])
        identity.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(identity)
        for tag in page.row.tags[:8]:
            label = words(theme, plain(tag), tokens.META)
            label.setProperty("kind", "tag")
            row.addWidget(label)
        for parent in page.parents[:4]:
            made = link(theme, self.tr("Parent %s") % parent[:9])
            made.clicked.connect(partial(self.opened.emit, CommitPlace(parent)))
            row.addWidget(made)
        around = link(theme, self.tr("In the history"))
        around.clicked.connect(partial(self.opened.emit, HistoryPlace(before=page.row.authored + 1)))
        row.addWidget(around)
        self._column.addWidget(holder)

    def _add_changes(self, page: CommitPage) -> None:
        rows = [
            RelatedRow(
                path,
                SourcePlace(path, commit_id=page.row.commit_id),
                path_icon(path),
                right=self._status(status),
                is_path=True,
            )
            for status, path in page.changes
        ]
        note = ""
        if not page.changes_known:
            note = self.tr("This clone does not hold the files of its commits.")
        elif page.changes_total > len(rows):
            note = self.tr("%(shown)d of %(total)d are listed.") % {
                "shown": len(rows),
                "total": page.changes_total,
            }
        self._panel().show_rows(self.tr("Changed"), rows, f"{page.changes_total:,}", note, most=14)

    def _panel(self) -> RelatedPanel:
        """Return a list that stands on the page already: shown before, it would be a window of its own."""
        panel = RelatedPanel(self._theme)
        panel.opened.connect(self.opened)
        self._column.addWidget(panel)
        return panel

    def _status(self, status: str) -> str:
        return {
            "A": self.tr("added"),
            "D": self.tr("deleted"),
            "R": self.tr("renamed"),
            "C": self.tr("copied"),
            "T": self.tr("type changed"),
        }.get(status[:1], "")


class _Written(QPlainTextEdit):
    """Text as high as its lines are many at the width that it has, up to a limit; then it scrolls."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The layout of plain text counts lines where others count px.
        lines = max(1, round(self.document().size().height()))
        height = self.fontMetrics().lineSpacing() * min(MOST_LINES, lines) + self._theme.px(tokens.S2)
        if height != self.height():
            self.setFixedHeight(height)


def _rest_row(text: str) -> RelatedRow:
    """Return a row for what a count rests on: a commit, a place, or plain words."""
    if _COMMIT.match(text):
        return RelatedRow(text[:12], CommitPlace(text), "commit")
    if found := _PLACE.match(text):
        start = int(found["line"])
        place = SourcePlace(found["path"], start, int(found["end"] or start))
        return RelatedRow(found["path"], place, path_icon(found["path"]), right=f"L{start}", is_path=True)
    return RelatedRow(text)


def _cut(text: str) -> str:
    cut = text if len(text) <= 2_000 else f"{text[:2_000]} \u2026"
    return ODD.sub(lambda found: code_point(found[0]), cut)


def _mark(shown: QPlainTextEdit, theme: Theme, cited: Sequence[str]) -> None:
    """Show which lines of a text were quoted."""
    quoted = {each.strip() for each in cited if each.strip()}
    marks = []
    block = shown.document().begin()
    while block.isValid() and quoted:
        if block.text().strip() in quoted:
            mark = QTextEdit.ExtraSelection()
            shape = mark.format
            shape.setBackground(theme.colour("cite"))
            shape.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(block)
            marks.append(mark)
        block = block.next()
    shown.setExtraSelections(marks)
