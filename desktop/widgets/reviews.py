"""What people say of an answer: their marks above it, and the buttons to confirm or dispute it below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop import tokens
from desktop.dates import spoken_day
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import Elided, button, words
from indexer.types import Review, ReviewMark

MOST = 4
"""Marks that are told one by one."""

LONGEST = 2_000


class ReviewLines(QWidget):
    """One line for each person's mark, the newest first; nothing where nobody said anything."""

    def __init__(self, theme: Theme, reviews: tuple[Review, ...] = ()) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(tokens.S1))
        self.show_reviews(reviews)

    def show_reviews(self, reviews: tuple[Review, ...]) -> None:
        """Show these marks."""
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for each in reviews[:MOST]:
            self._column.addWidget(self._line(each))
        if len(reviews) > MOST:
            rest = self.tr("and %d more") % (len(reviews) - MOST)
            self._column.addWidget(words(self._theme, rest, tokens.META, "3"))
        self.setVisible(bool(reviews))

    def _line(self, review: Review) -> QWidget:
        theme = self._theme
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(tokens.S2))
        confirmed = review.mark is ReviewMark.CONFIRMED
        sign = QLabel()
        name, role = ("check", "grounded") if confirmed else ("flag", "missing")
        side = theme.px(16)
        sign.setPixmap(pixmap(name, getattr(theme.roles, role), side, self.devicePixelRatioF()))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        text = words(theme, self._said(review), tokens.INTERFACE, "2", wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(text, 1)
        return made

    def _said(self, review: Review) -> str:
        values = {"by": plain(review.by) or self.tr("somebody"), "day": spoken_day(review.when)}
        if review.mark is ReviewMark.CONFIRMED:
            said = self.tr("Confirmed by %(by)s, %(day)s") % values
        else:
            said = self.tr("Disputed by %(by)s, %(day)s") % values
        if review.comment:
            said += f": “{plain(review.comment)}”"
        if review.stale:
            said += self.tr(" (of other sources than today's)")
        return said


class ReviewBar(QWidget):
    """Says whether anybody has reviewed the answer, and takes the person's own mark."""

    marked = Signal(object, str)
    """ReviewMark, and the person's sentence with it."""
    asking = Signal(bool)
    """The field for that sentence is there, and needs the room of what stands beside."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(tokens.S2))
        self._said = Elided(theme, tokens.META, "text_3", at_right=True, whole=True)
        # The state gives way first: it can be read in the buttons too, which must never be cut.
        self._said.setMinimumWidth(1)
        self.confirm = button(theme, self.tr("Confirm"), "check")
        self.confirm.clicked.connect(self._on_confirm)
        self.dispute = button(theme, self.tr("Dispute"), "flag")
        self.dispute.clicked.connect(self.begin_dispute)
        self.field = QLineEdit()
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText(self.tr("What is wrong with it? Enter sends, Esc leaves"))
        self.field.setAccessibleName(self.tr("What is wrong with this answer"))
        self.field.returnPressed.connect(self._on_disputed)
        self.field.hide()
        row.addWidget(self._said, 1)
        row.addWidget(self.field, 3)
        row.addWidget(self.confirm)
        row.addWidget(self.dispute)

    def show_reviews(self, reviews: tuple[Review, ...], own: str) -> None:
        """Show what was said; ``own`` is the name that this person marks under."""
        confirmed = sum(each.mark is ReviewMark.CONFIRMED for each in reviews)
        disputed = len(reviews) - confirmed
        parts = [
            text % count
            for count, text in ((confirmed, self.tr("%d confirmed")), (disputed, self.tr("%d disputed")))
            if count
        ]
        self._said.set_text(", ".join(parts) if parts else self.tr("Not reviewed yet"))
        mine = next((each.mark for each in reviews if own and each.by == own), None)
        self._relabel(mine)
        self.leave_dispute()

    def begin_dispute(self) -> None:
        """Ask what is wrong, in the place of the state; asked already, send what was typed."""
        if self.dispute.isCheckable():
            self.marked.emit(ReviewMark.WITHDRAWN, "")
            return
        if self.field.isVisible():
            self._on_disputed()
            return
        self._said.hide()
        self.confirm.hide()
        self.field.clear()
        self.field.show()
        self.asking.emit(True)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_dispute(self) -> bool:
        """Ask no more; returns whether it was asked."""
        asked = self.field.isVisible()
        held = self.field.hasFocus()
        self.field.hide()
        self._said.show()
        self.confirm.show()
        self.asking.emit(False)
        if held:
            self.dispute.setFocus(Qt.FocusReason.OtherFocusReason)
        return asked

    # ------------------------------------------------------------------------ private

    def _relabel(self, mine: ReviewMark | None) -> None:
        for each, mark, text, taken in (
            (self.confirm, ReviewMark.CONFIRMED, self.tr("Confirm"), self.tr("Confirmed")),
            (self.dispute, ReviewMark.DISPUTED, self.tr("Dispute"), self.tr("Disputed")),
        ):
            each.setCheckable(mine is mark)
            each.setChecked(mine is mark)
            each.setText(f" {taken if mine is mark else text}")
            each.setAccessibleName(taken if mine is mark else text)
            each.setToolTip(self.tr("Takes your mark back") if mine is mark else "")

    def _on_confirm(self) -> None:
        taken = self.confirm.isCheckable()
        self.marked.emit(ReviewMark.WITHDRAWN if taken else ReviewMark.CONFIRMED, "")

    def _on_disputed(self) -> None:
        self.marked.emit(ReviewMark.DISPUTED, self.field.text().strip())
