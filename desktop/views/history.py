"""The history: a timeline to choose from, the commits behind it, and the page of one commit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import day
from desktop.asking import Asking
from desktop.commands import Command
from desktop.engine import Link
from desktop.icons import icon
from desktop.places import CommitPlace, HistoryPlace
from desktop.theme import Theme
from desktop.widgets.commitlist import SLICE, CommitList
from desktop.widgets.commitpage import CommitPaper
from desktop.widgets.pair import Pair
from desktop.widgets.rail import line
from desktop.widgets.states import StatePage
from desktop.widgets.timeline import TimelineView
from desktop.widgets.words import button, clearable, tool, words
from desktop.widgets.wrapping import wrapping
from indexer.errors import LorebaseError
from indexer.pages import CommitName, CommitPage, CommitSlice, CommitsWanted, Timeline, TimelineWanted
from indexer.protocol import COMMIT, COMMITS, TIMELINE

TYPING_MS = 180
"""How long typing must rest before the list is asked for."""

DRAGGING_MS = 120
FIELD_WIDTH = 340
SHORT = 560
"""Lower views than this, px at 100 %, get a lower timeline."""

MAX_FETCHES = 2
"""Slices asked for at a time; those scrolled past meanwhile are never asked for."""

_PATH = re.compile(r'(?:^|\s)path:(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a new view of the same history needs to look like this one."""

    place: HistoryPlace
    commit_id: str
    scroll: int
    split: bytes


class HistoryView(QWidget):
    """Timeline above, list at the left, page at the right."""

    opened = Signal(object)
    noticed = Signal(str)
    placeChanged = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._link: Link | None = None
        self._asking = Asking(self)
        self._calls: dict[str, int] = {}
        self._fetches: dict[int, int] = {}
        self._after = self._before = 0
        self._asked = CommitsWanted()
        self._everything = 0
        self._path = ""
        self._scroll_to = 0
        self._commit = ""
        self.setAccessibleName(self.tr("History"))
        self.timeline = TimelineView(theme)
        self.timeline.rangeChanged.connect(self._on_range)
        self.list = CommitList(theme)
        self.list.wanted.connect(self._on_wanted)
        self.list.picked.connect(self._on_picked)
        self.list.clicked.connect(self._on_clicked)
        self.list.activatedRow.connect(self._on_activated)
        self.paper = CommitPaper(theme)
        self.paper.opened.connect(self.opened)
        self.paper.left.connect(self._on_left)
        self.paper.againWanted.connect(self._on_again)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.timeout.connect(self._on_rested)
        self._build()
        self._show_state()

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        self._asking.set_link(new)
        self._calls.clear()
        self._fetches.clear()
        self._typed.stop()
        self._link = new
        self._after = self._before = self._everything = 0
        self._path = self._commit = ""
        self._asked = CommitsWanted()
        blocked = self.field.blockSignals(True)
        self.field.clear()
        self.field.blockSignals(blocked)
        self.timeline.show_timeline(Timeline(0, (), (), False))
        self.list.commits.begin(0)
        self.paper.say("", "")
        self.pair.show_list()
        self._show_state()
        if new is not None:
            self._load()

    def show_place(self, place: object) -> None:
        """Show a commit, or the history narrowed by text and time; a bare place leaves it as it is."""
        if isinstance(place, CommitPlace):
            self._show_commit(place.commit_id)
            self.pair.show_page()
        elif isinstance(place, HistoryPlace):
            if place != HistoryPlace():
                self._narrow(place)
            self.pair.show_list()

    def refresh(self) -> None:
        """Ask again after the index has changed; what is shown stays until the answer is there."""
        if self._link is not None:
            self._load()

    def keep(self) -> object:
        """Return what a new view of the same content needs to look like this one."""
        scroll = self.list.verticalScrollBar().value()
        return _Kept(self._place(), self._commit, round(scroll / self._theme.scale), self.pair.state())

    def recall(self, kept: object) -> None:
        """Take what ``keep`` returned."""
        if isinstance(kept, _Kept):
            self._narrow(kept.place)
            self._scroll_to = round(kept.scroll * self._theme.scale)
            if kept.commit_id:
                self._show_commit(kept.commit_id)

    def focus_first(self) -> None:
        """Put the keyboard on the list, or on the page that stands in its place."""
        if self.list.isVisible():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid() and self.list.commits.rowCount():
                self.list.choose(row.commit_id if (row := self.list.commits.row(0)) else "")
        else:
            self.paper.focus_first()

    def title(self) -> str:
        """Return what the window calls this page."""
        page = self.paper.page
        return page.row.subject if page is not None else self.tr("History")

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here."""
        group = self.tr("History")
        return (
            Command(self.tr("Filter commits"), "Ctrl+F", self.filter_commits, group),
            Command(self.tr("Go to the timeline"), "", self.timeline.setFocus, group),
            Command(self.tr("Show the whole history"), "", self.clear, group),
            Command(self.tr("Zoom the timeline in"), "", self._zoom_in, group),
            Command(self.tr("Zoom the timeline out"), "", self._zoom_out, group),
        )

    def filter_commits(self) -> None:
        """Put the keyboard into the filter."""
        self.pair.show_list()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def clear(self) -> None:
        """Take filter and range back."""
        self._narrow(HistoryPlace())
        self.placeChanged.emit(HistoryPlace())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the list its room in a low window."""
        super().resizeEvent(event)
        self.timeline.set_low(self.height() < self._theme.px(SHORT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the page for the list with Escape; F6 goes between the two."""
        if event.key() == Qt.Key.Key_Escape and self.pair.narrow and not self.list.isVisible():
            self._on_left()
        elif event.key() == Qt.Key.Key_Escape and self.field.hasFocus() and self.field.text():
            self.field.clear()
        elif event.key() == Qt.Key.Key_F6:
            self._swap()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------ layout

    def _build(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(line())
        column.addWidget(self.timeline)
        self._below = line()
        column.addWidget(self._below)
        left = QWidget()
        below = QVBoxLayout(left)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        self._notice = words(theme, "", tokens.META, "2", wrap=True)
        self._notice.setContentsMargins(*(theme.px(tokens.S4), theme.px(6)) * 2)
        self._notice.hide()
        below.addWidget(self._notice)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._state = StatePage(theme)
        self._state.stepWanted.connect(self._on_step)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._state)
        below.addWidget(holder, 1)
        self.pair = Pair(theme, left, self.paper)
        self.pair.narrowed.connect(self.paper.set_narrow)
        self.pair.arranged.connect(self._on_arranged)
        column.addWidget(self.pair, 1)

    def _bar(self) -> QWidget:
        theme = self._theme
        bar = QFrame()
        bar.setProperty("kind", "bar")
        bar.setMinimumHeight(theme.px(tokens.VIEW_BAR))
        outer = QVBoxLayout(bar)
        outer.setContentsMargins(*(theme.px(tokens.S3), theme.px(6)) * 2)
        holder, row = wrapping(theme.px(tokens.S3), theme.px(tokens.S1))
        outer.addWidget(holder)
        self.field = QLineEdit()
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.setFixedWidth(theme.px(FIELD_WIDTH))
        self.field.setPlaceholderText(self.tr("Filter by words, who: or path:"))
        self.field.setAccessibleName(self.tr("Filter commits"))
        self.field.addAction(icon("filter", theme.roles.text_2), QLineEdit.ActionPosition.LeadingPosition)
        clearable(self.field)
        self.field.textChanged.connect(self._on_typed)
        self._count = words(theme, "", tokens.INTERFACE, "2")
        self._clear_range = button(theme, "", "close", flat=True)
        self._clear_range.clicked.connect(self.timeline.clear)
        closer = tool(theme, "plus", self.tr("Zoom the timeline in (+)"))
        closer.clicked.connect(self._zoom_in)
        wider = tool(theme, "minus", self.tr("Zoom the timeline out (-)"))
        wider.clicked.connect(self._zoom_out)
        self._clear_range.hide()
        row.addWidget(self.field)
        row.addWidget(self._count)
        row.push()
        row.addWidget(self._clear_range)
        row.addWidget(wider)
        row.addWidget(closer)
        return bar

    # ------------------------------------------------------------------------ asking

    def _load(self) -> None:
        """Ask for the list and for the bars."""
        self._ask_list()
        self._ask_bars(force=True)

    def _ask_list(self) -> None:
        if self._link is None:
            return
        self._cancel("list")
        for call in self._fetches.values():
            self._asking.cancel(call)
        self._fetches.clear()
        self._asked = CommitsWanted(self.field.text().strip(), self._after, self._before, 0, SLICE)
        self._calls["list"] = self._asking.ask(COMMITS, self._asked, self._on_list, self._on_list_failed)
        if not self.list.commits.rowCount():
            self._show_state()

    def _ask_bars(self, *, force: bool = False) -> None:
        """Ask for the bars of the path in the filter; other words do not change them."""
        found = _PATH.search(self.field.text())
        path = (found[1] or found[2] or "") if found else ""
        if self._link is None or (path == self._path and not force):
            return
        self._path = path
        self._cancel("bars")
        self.timeline.loading = True
        self.timeline.update()
        wanted = TimelineWanted(path)
        self._calls["bars"] = self._asking.ask(TIMELINE, wanted, self._on_bars, self._on_bars_failed)

    def _on_wanted(self, slices: list[int]) -> None:
        if self._link is None or "list" in self._calls:
            return
        for number in [each for each in self._fetches if each not in slices]:
            self._asking.cancel(self._fetches.pop(number))
        for number in slices:
            if len(self._fetches) >= MAX_FETCHES:
                break
            if number not in self._fetches:
                self._fetch(number)

    def _fetch(self, number: int) -> None:
        asked = self._asked
        wanted = CommitsWanted(asked.text, asked.after, asked.before, number * SLICE, SLICE)

        def on_slice(found: CommitSlice) -> None:
            self._fetches.pop(number, None)
            if asked == self._asked:
                self.list.commits.put(number, found.rows)
                self.list.ask()

        def on_failed(error: LorebaseError) -> None:
            self._fetches.pop(number, None)
            self.noticed.emit(error.message)

        self._fetches[number] = self._asking.ask(COMMITS, wanted, on_slice, on_failed)

    def _show_commit(self, commit_id: str) -> None:
        self._commit = commit_id
        self.list.choose(commit_id)
        if self._link is None or not commit_id:
            return
        self._cancel("commit")
        self._calls["commit"] = self._asking.ask(
            COMMIT, CommitName(commit_id), self._on_commit, self._on_commit_failed
        )

    def _cancel(self, name: str) -> None:
        self._asking.cancel(self._calls.pop(name, 0))

    # ------------------------------------------------------------------------ answers

    def _on_list(self, found: CommitSlice) -> None:
        self._calls.pop("list", None)
        asked = self._asked
        if not (asked.text or asked.after or asked.before):
            self._everything = found.total
        scroll = self._scroll_to or (self.list.verticalScrollBar().value() if self._again(found) else 0)
        self._scroll_to = 0
        self.list.commits.begin(found.total, found.rows)
        self.list.choose(self._commit)
        self.list.verticalScrollBar().setValue(scroll)
        self._notice.setText(" ".join(found.notices))
        self._notice.setVisible(bool(found.notices))
        self._count.setText(self._count_words(found.total))
        self._show_state()
        if not self._commit and found.rows and not self.pair.narrow:
            self._show_commit(found.rows[0].commit_id)

    def _again(self, found: CommitSlice) -> bool:
        """Say whether this is the list that is shown, as it is after an update without new commits."""
        row = self.list.commits.row(0)
        same = row is not None and bool(found.rows) and row.commit_id == found.rows[0].commit_id
        return same and self.list.commits.rowCount() == found.total

    def _on_list_failed(self, error: LorebaseError) -> None:
        self._calls.pop("list", None)
        self.list.commits.begin(0)
        self._count.clear()
        self._state.say(self.tr("The history could not be read"), _said(error), self.tr("Try again"))
        self._stack.setCurrentWidget(self._state)

    def _on_bars(self, found: Timeline) -> None:
        self._calls.pop("bars", None)
        self.timeline.show_timeline(found)
        self.timeline.choose(self._after, self._before)
        self._show_range()
        for notice in found.notices:
            self.noticed.emit(notice)

    def _on_bars_failed(self, error: LorebaseError) -> None:
        # The list says what is wrong; without bars it still works.
        self._calls.pop("bars", None)
        self.timeline.loading = False
        self.timeline.update()

    def _on_commit(self, found: CommitPage) -> None:
        self._calls.pop("commit", None)
        self._commit = found.row.commit_id
        self.paper.show_commit(found)
        if not self.list.current():
            self.list.choose(self._commit)

    def _on_commit_failed(self, error: LorebaseError) -> None:
        self._calls.pop("commit", None)
        self.paper.say(self.tr("This commit cannot be shown"), _said(error), self.tr("Try again"))

    # ------------------------------------------------------------------------ the person's side

    def _on_typed(self) -> None:
        self._typed.start(TYPING_MS)

    def _on_rested(self) -> None:
        self._ask_bars()
        self._ask_list()
        self.placeChanged.emit(self._place())

    def _on_range(self, after: int, before: int) -> None:
        self._after, self._before = after, before
        self._show_range()
        if not self._typed.isActive():
            self._typed.start(DRAGGING_MS)

    def _show_range(self) -> None:
        chosen = bool(self._after or self._before)
        self._clear_range.setVisible(chosen)
        if chosen:
            words_ = {"after": day(self._after), "before": day(max(0, self._before - 1))}
            text = self.tr("%(after)s to %(before)s") % words_
            if not self._before:
                text = self.tr("since %s") % words_["after"]
            elif not self._after:
                text = self.tr("until %s") % words_["before"]
            self._clear_range.setText(text)
            self._clear_range.setAccessibleName(self.tr("Take the range back: %s") % text)

    def _on_picked(self, commit_id: str) -> None:
        self._show_commit(commit_id)
        self.placeChanged.emit(CommitPlace(commit_id))

    def _on_clicked(self) -> None:
        if self.pair.narrow:
            self.pair.show_page()
            self.paper.focus_first()

    def _on_activated(self, commit_id: str) -> None:
        if commit_id != self._commit:
            self._on_picked(commit_id)
        self.pair.show_page()
        self.paper.focus_first()

    def _on_left(self) -> None:
        self.pair.show_list()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_arranged(self) -> None:
        # Where the page stands alone, it has no timeline over it.
        alone = self.pair.page_alone
        self.timeline.setVisible(not alone)
        self._below.setVisible(not alone)

    def _swap(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.paper.isAncestorOf(focused):
            self._on_left()
        else:
            self.pair.show_page()
            self.paper.focus_first()

    def _on_again(self) -> None:
        self._show_commit(self._commit)

    def _on_step(self) -> None:
        if self.field.text() or self._after or self._before:
            self.clear()
        else:
            self._load()

    def _zoom_in(self) -> None:
        self.timeline.zoom(2.0)

    def _zoom_out(self) -> None:
        self.timeline.zoom(0.5)

    # ------------------------------------------------------------------------ private

    def _narrow(self, place: HistoryPlace) -> None:
        blocked = self.field.blockSignals(True)
        self.field.setText(place.text)
        self.field.blockSignals(blocked)
        self._after, self._before = place.after, place.before
        self.timeline.choose(place.after, place.before)
        self._show_range()
        self._typed.stop()
        self._ask_bars()
        self._ask_list()

    def _place(self) -> HistoryPlace:
        return HistoryPlace(self.field.text().strip(), self._after, self._before)

    def _count_words(self, total: int) -> str:
        if self._everything and total != self._everything:
            values = {"total": f"{total:,}", "all": f"{self._everything:,}"}
            return self.tr("%(total)s of %(all)s commits") % values
        return self.tr("1 commit") if total == 1 else self.tr("%s commits") % f"{total:,}"

    def _show_state(self) -> None:
        if self.list.commits.rowCount():
            self._stack.setCurrentWidget(self.list)
            return
        if self._link is None:
            self._state.say(self.tr("No repository is open"))
        elif "list" in self._calls:
            self._state.say(self.tr("Reading the history"))
        elif self.field.text().strip() or self._after or self._before:
            self._state.say(self.tr("No commit fits"), "", self.tr("Show the whole history"))
        else:
            text = self.tr("Commits show here as soon as the history is read.")
            self._state.say(self.tr("No commits yet"), text)
        self._stack.setCurrentWidget(self._state)


def _said(error: LorebaseError) -> str:
    return f"{error.message} {error.hint}".strip()
