"""A note as a page: its text, the code that it is pinned to, what it answers, and when it goes stale."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.icons import icon, pixmap
from desktop.oddities import plain
from desktop.places import AskPlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.knowledgelist import STATE_ICONS
from desktop.widgets.knowledgewords import (
    anchor_place,
    asked_words,
    category_word,
    short_place,
    stale_when,
    state_meaning,
    state_word,
    written_words,
)
from desktop.widgets.pinned import AROUND, Pin, PinnedCode, differing, excerpt, quoted
from desktop.widgets.prose import Prose
from desktop.widgets.rail import line
from desktop.widgets.scrollpage import PageBar, ScrollPage
from desktop.widgets.words import Elided, button, link, tool, words
from desktop.widgets.wrapping import wrapping
from indexer.pages import Blame, NamePlaces, SourcePage
from indexer.types import AnchorState, Gap, Note

TEXT_WIDTH, ASIDE_WIDTH = 596, 246
WIDE = 860
"""From this width on, px at 100 %, what belongs to the note stands beside its text."""

VERY_WIDE = 1160
"""The same for a stale note, whose two versions of the code stand side by side first."""

MAX_MENTIONS = 6
WHOLE_FILE_LINES = 12


class NotePage(QWidget):
    """Shows one note; what comes later (code, blame, mentions) is put in as it arrives."""

    opened = Signal(object)
    left = Signal()
    editWanted = Signal()
    deleteWanted = Signal()
    publishWanted = Signal()
    """Write the note as a file into the work tree."""
    pinWanted = Signal()
    """Pin the note to the lines as they are now."""

    def __init__(self, theme: Theme, note: Note, gap: Gap | None) -> None:
        super().__init__()
        self._theme = theme
        self.note = note
        self.now: tuple[int, int] | None = None
        self._pinned: list[PinnedCode] = []
        self._shown = (1, 1, 0)
        self.setAccessibleName(self.tr("Note: %s") % plain(note.title))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(line())
        self._scroll = ScrollPage()
        column.addWidget(self._scroll, 1)
        page = QWidget()
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._split.setContentsMargins(0, 0, 0, 0)
        self._split.setSpacing(0)
        self._main = self._text()
        self._aside = self._about(gap)
        self._split.addWidget(self._main, 1)
        self._rule = line(horizontal=False)
        self._split.addWidget(self._rule)
        self._split.addWidget(self._aside)
        self._scroll.setWidget(page)
        self._arrange()

    # ------------------------------------------------------------------------ content

    def show_code(self, page: SourcePage, now: tuple[int, int] | None) -> None:
        """Show the pinned code; for a stale note both versions, ``now`` being today's lines of it."""
        note, anchor = self.note, self.note.anchor
        if anchor is None:
            return
        self.now = now
        if note.state is AnchorState.STALE and now is not None:
            self._show_both(page, now)
            return
        whole = anchor.start_line < 1
        start, end = (1, WHOLE_FILE_LINES) if whole else (anchor.start_line, anchor.end_line)
        self._shown = (start, end, 0 if whole else AROUND)
        card = self._card(self._pin(self._at(page)), "")
        card.show_lines(excerpt(page, *self._shown), None if whole else (start, end))
        self._fill([card])

    def show_colours(self, page: SourcePage) -> None:
        """Lay colours on the lines that are shown; they come later than the text."""
        if self._pinned:
            self._pinned[-1].code.set_tokens(excerpt(page, *self._shown).tokens)

    def show_quote(self) -> None:
        """Show the code as it was when the note was pinned, where there is no other."""
        anchor = self.note.anchor
        if anchor is None or not anchor.quote:
            self._pin_head.hide()
            return
        card = self._card(self._pin(self._then(), to=False), self.tr("As it was"))
        card.show_lines(quoted(anchor.path or "", anchor.quote, max(1, anchor.start_line)), None)
        self._fill([card])

    def show_blame(self, blame: Blame) -> None:
        """Show who changed the pinned lines; only today's code has a blame."""
        if self._pinned:
            self._pinned[-1].show_blame(blame.runs)

    def show_mentions(self, found: NamePlaces) -> None:
        """Show what else speaks of the pinned code."""
        self._mentions_head.setVisible(bool(found.uses))
        for place in found.uses[:MAX_MENTIONS]:
            metrics = QFontMetricsF(self._theme.font(tokens.INTERFACE))
            room = self._theme.px(ASIDE_WIDTH - 2 * tokens.S5)
            shown = metrics.elidedText(
                short_place(place.path, place.line), Qt.TextElideMode.ElideMiddle, room
            )
            to = link(self._theme, shown, tokens.INTERFACE)
            to.setAccessibleName(f"{place.path} {place.line}")
            to.setToolTip(plain(place.path).replace("<", ""))
            to.clicked.connect(partial(self.opened.emit, SourcePlace(place.path, place.line, place.line)))
            self._mentions.addWidget(to)
        rest = found.uses_total - min(len(found.uses), MAX_MENTIONS)
        if found.uses and rest > 0:
            self._mentions.addWidget(words(self._theme, self.tr("and %d more") % rest, tokens.META, "3"))

    def set_narrow(self, narrow: bool) -> None:
        """Show the way back to the list, or not."""
        self._back.setVisible(narrow)

    def focus_first(self) -> None:
        """Put the keyboard on the page."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what belongs to the note beside its text, or below."""
        super().resizeEvent(event)
        self._arrange()

    # ------------------------------------------------------------------------ the bar

    def _bar(self) -> QWidget:
        theme, note = self._theme, self.note
        bar = PageBar(theme)
        bar.left.connect(self.left)
        self._back, row = bar.back, bar.row
        if note.state in STATE_ICONS:
            name, role = STATE_ICONS[note.state]
            sign = QLabel()
            side = theme.px(16)
            sign.setPixmap(pixmap(name, getattr(theme.roles, role), side, self.devicePixelRatioF()))
            row.addSpacing(theme.px(tokens.S3))
            row.addWidget(sign)
            tone = {"grounded": "grounded", "partial": "partial"}.get(role, "2")
            row.addWidget(words(theme, state_word(note.state), tokens.STRONG, tone))
        meaning = Elided(theme, tokens.INTERFACE, "text_2")
        meaning.set_text(state_meaning(note.state))
        row.addWidget(meaning, 1)
        self.edit = button(theme, self.tr("Edit"), "pen")
        self.edit.clicked.connect(self.editWanted)
        row.addWidget(self.edit)
        self.publish = button(theme, self._publish_word(), "export")
        self.publish.setToolTip(self.tr("Writes a file into the repository, for you to look at and commit"))
        self.publish.clicked.connect(self.publishWanted)
        self.publish.setVisible("/" not in note.source)
        row.addWidget(self.publish)
        self.more = tool(theme, "more", self.tr("More"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        menu = QMenu(self.more)
        menu.addAction(icon("copy", theme.roles.text_2), self.tr("Copy as Markdown"), self._on_copy)
        menu.addAction(icon("trash", theme.roles.text_2), self.tr("Delete this note"), self.deleteWanted.emit)
        self.more.setMenu(menu)
        row.addWidget(self.more)
        return bar

    def _publish_word(self) -> str:
        return self.tr("Publish again") if self.note.published else self.tr("Publish")

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(f"# {self.note.title}\n\n{self.note.text}\n")

    # ------------------------------------------------------------------------ the text

    def _text(self) -> QWidget:
        theme, note = self._theme, self.note
        holder = QWidget()
        outer = QHBoxLayout(holder)
        side = theme.px(tokens.S6)
        outer.setContentsMargins(side, theme.px(tokens.S5 - 4), side, side)
        inner = QWidget()
        inner.setMaximumWidth(theme.px(TEXT_WIDTH))
        self._inner = inner
        outer.addWidget(inner, 1, Qt.AlignmentFlag.AlignTop)
        outer.addStretch(0)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(tokens.S1))
        title = words(theme, plain(note.title), tokens.QUESTION, wrap=True)
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(title)
        meta, row = wrapping(theme.px(tokens.S3), theme.px(tokens.S1))
        row.addWidget(words(theme, plain(written_words(note)), tokens.INTERFACE, "3"))
        if note.category is not None:
            tag = words(theme, category_word(note.category), tokens.META)
            tag.setProperty("kind", "tag")
            row.addWidget(tag)
        column.addWidget(meta)
        column.addSpacing(theme.px(tokens.S2))
        self.prose = Prose(theme, self.tr("Text of the note"))
        self.prose.opened.connect(self.opened)
        self.prose.show_markdown(note.text)
        column.addWidget(self.prose)
        for notice in self.prose.notices:
            column.addWidget(words(theme, notice, tokens.META, "3", wrap=True))
        column.addSpacing(theme.px(tokens.S3))
        self._pin_head = words(theme, self.tr("Pinned to"), tokens.STRONG)
        self._pin_head.setVisible(note.anchor is not None)
        column.addWidget(self._pin_head)
        column.addSpacing(theme.px(tokens.S1))
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.setSpacing(theme.px(tokens.S3))
        column.addLayout(self._cards)
        return holder

    def _show_both(self, page: SourcePage, now: tuple[int, int]) -> None:
        """Show what was pinned beside what stands there now, with what differs marked in each."""
        anchor = self.note.anchor
        if anchor is None:
            return
        first = max(1, anchor.start_line)
        old = anchor.quote.split("\n")
        new = list(page.lines[now[0] - page.first_line : now[1] - page.first_line + 1])
        was, is_ = differing(old, new)
        before = self._card(self._pin(self._then(), to=False), self.tr("As it was"))
        before.show_lines(quoted(anchor.path or "", anchor.quote, first), _span(was, first))
        after = self._card(self._pin(self._at(page)), self.tr("As it is now"))
        self._shown = (*now, 0)
        after.show_lines(excerpt(page, *self._shown), _span(is_, now[0]))
        self._inner.setMaximumWidth(self._theme.px(TEXT_WIDTH * 2))
        self._pin_head.setText(self.tr("Pinned to code that has changed"))
        self._fill([before, after])
        still = button(self._theme, self.tr("The note still holds"), "check")
        still.setToolTip(self.tr("Pins the note to the lines as they are now"))
        still.clicked.connect(self.pinWanted)
        self.still = still
        layout = self._inner.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addSpacing(self._theme.px(tokens.S2))
            layout.addWidget(still, 0, Qt.AlignmentFlag.AlignLeft)

    def _pin(self, where: str, *, to: bool = True) -> Pin:
        anchor = self.note.anchor
        if anchor is None:
            return Pin("", "", "", None)
        place = anchor_place(anchor) if to else None
        if place is not None and self.now is not None and self.note.state is AnchorState.STALE:
            place = SourcePlace(place.path, *self.now)
        return Pin(anchor.path or "", anchor.symbol, where, place)

    def _then(self) -> str:
        commit = self.note.anchor.commit_id if self.note.anchor is not None else None
        return self.tr("at %s") % commit[:7] if commit else ""

    def _at(self, page: SourcePage) -> str:
        return self.tr("at %s") % page.commit_id[:7] if page.commit_id else ""

    def _card(self, pin: Pin, title: str) -> PinnedCode:
        card = PinnedCode(self._theme, pin, title)
        card.opened.connect(self.opened)
        return card

    def _fill(self, cards: Sequence[PinnedCode]) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        self._pinned = list(cards)
        for card in cards:
            self._cards.addWidget(card, 1, Qt.AlignmentFlag.AlignTop)
        self._arrange()

    # ------------------------------------------------------------------------ beside the text

    def _about(self, gap: Gap | None) -> QWidget:
        theme = self._theme
        aside = QWidget()
        column = QVBoxLayout(aside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(tokens.S1))
        if gap is not None:
            column.addWidget(words(theme, self.tr("Answers"), tokens.META_STRONG, "2"))
            column.addWidget(words(theme, plain(gap.question), tokens.INTERFACE, wrap=True))
            before = self.tr("%s before this note") % asked_words(gap.asked)
            column.addWidget(words(theme, before, tokens.INTERFACE, "3", wrap=True))
            again = link(theme, self.tr("Ask it again"))
            again.clicked.connect(partial(self.opened.emit, AskPlace(question=gap.question)))
            column.addWidget(again)
            column.addSpacing(theme.px(tokens.S3))
        self._mentions_head = words(theme, self.tr("Also mentions this"), tokens.META_STRONG, "2")
        self._mentions_head.hide()
        column.addWidget(self._mentions_head)
        self._mentions = QVBoxLayout()
        self._mentions.setSpacing(0)
        column.addLayout(self._mentions)
        column.addSpacing(theme.px(tokens.S3))
        kept = self.note.source if "/" in self.note.source else self.note.published
        if kept:
            title = self.tr("Kept in") if "/" in self.note.source else self.tr("Published as")
            column.addWidget(words(theme, title, tokens.META_STRONG, "2"))
            # A path breaks at its folders, or nowhere.
            shown = words(theme, plain(kept).replace("/", "/\u200b"), tokens.CODE, wrap=True)
            column.addWidget(shown)
            column.addSpacing(theme.px(tokens.S3))
        if self.note.state is AnchorState.ORPHANED:
            column.addWidget(words(theme, self.tr("What now"), tokens.META_STRONG, "2"))
            text = self.tr("Edit the note to pin it to other code, or delete it. It is still found.")
            column.addWidget(words(theme, text, tokens.INTERFACE, wrap=True))
        elif self.note.state is not AnchorState.STALE:
            column.addWidget(words(theme, self.tr("Goes stale when"), tokens.META_STRONG, "2"))
            column.addWidget(words(theme, stale_when(self.note), tokens.INTERFACE, wrap=True))
        column.addStretch(1)
        return aside

    def _arrange(self) -> None:
        theme = self._theme
        wide = self.width() >= theme.px(VERY_WIDE if self.note.state is AnchorState.STALE else WIDE)
        directions = QBoxLayout.Direction
        self._split.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._split.setStretchFactor(self._main, 1 if wide else 0)
        self._split.setStretchFactor(self._aside, 0 if wide else 1)
        self._rule.setVisible(wide)
        self._aside.setMinimumWidth(theme.px(ASIDE_WIDTH) if wide else 0)
        self._aside.setMaximumWidth(theme.px(ASIDE_WIDTH) if wide else 16_777_215)
        left, top = theme.px(20 if wide else tokens.S6), theme.px(tokens.S5 if wide else 0)
        self._aside.setContentsMargins(left, top, theme.px(tokens.S4), theme.px(tokens.S4))
        beside = self.width() >= theme.px(WIDE - 140)
        self._cards.setDirection(directions.LeftToRight if beside else directions.TopToBottom)


def _span(lines: tuple[int, int], first: int) -> tuple[int, int] | None:
    """Return lines counted from 0 as lines of the file, or None when there are none."""
    return (first + lines[0], first + lines[1]) if lines[1] >= lines[0] else None
