"""The summary of one module with its evidence: what stands right of the tree."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.answer_text import file_name
from desktop.asking import Asking
from desktop.drafts import Drafts
from desktop.engine import Link
from desktop.module_page import Summary, arrange, as_markdown
from desktop.theme import Theme
from desktop.views.evidence import EvidencePane
from desktop.widgets.glance import Glance
from desktop.widgets.hovercard import HoverCard
from desktop.widgets.modulebody import ModuleBody
from desktop.widgets.pair import Sided
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.states import StatePage
from desktop.widgets.viewbar import side_pane, view_bar
from desktop.widgets.words import button, tool, words
from desktop.widgets.wrapping import together
from indexer.errors import LorebaseError
from indexer.shapes.modules import (
    MODULE,
    MODULE_MARK,
    MODULE_TEXT,
    ModuleMark,
    ModulePage,
    ModuleText,
    ModuleWanted,
)
from indexer.types import NoteDraft, Person

WIDTHS = (500, 410, 360)
LABELS_BESIDE_FROM = 560
"""Width of the page from which labels hang beside their parts, px at 100 %."""

MAX_COLUMN = 820
KEPT = 30
"""Summaries that are shown again without asking."""


class ModulePane(QWidget):
    """Asks for summaries, shows them, and keeps what a person says of them."""

    opened = Signal(object)
    noticed = Signal(str)
    editorWanted = Signal(str, int)
    saveWanted = Signal(str, str)
    moduleWanted = Signal(str)
    asked = Signal(str)
    marked = Signal()
    """What people say of a module has changed: the tree shows it too."""
    left = Signal()

    def __init__(self, theme: Theme, tabs: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._asking = Asking(self)
        self._call = 0
        self._drafts: Drafts | None = None
        self._person: Person | None = None
        self._name = ""
        self._path: str | None = None
        self._number = 0
        self._known: dict[str, Summary] = {}
        self.summary: Summary | None = None
        self.body: ModuleBody | None = None
        self._link: Link | None = None
        self._evidence: EvidencePane | None = None
        self._build(tabs)
        self._card = HoverCard(theme, self)

    # ------------------------------------------------------------------------ public

    def set_link(self, link: Link | None) -> None:
        """Speak of another repository."""
        self._link = link
        self._asking.set_link(link)
        if self._evidence is not None:
            self._evidence.set_link(link)
        self._drafts = Drafts(link.location) if link is not None else None
        self._known.clear()
        self._path = None
        self._clear()
        self._say(self.tr("No repository is open") if link is None else self.tr("Reading the modules"))

    def set_name(self, name: str) -> None:
        """Call the repository so."""
        self._name = name

    def set_person(self, person: Person) -> None:
        """Mark and write under this name."""
        self._person = person

    def forget(self) -> None:
        """Ask anew from now on: the index has changed."""
        self._known.clear()
        if self._evidence is not None:
            self._evidence.forget()

    def show_module(self, path: str, number: int = 0, *, again: bool = False) -> None:
        """Show the summary of a module; ``number`` is the source to show beside it."""
        same = path == self._path and self.summary is not None
        self._path, self._number = path, number
        if not number and not again:
            self.sided.show_side(False)
        if same and not again:
            if number:
                self.show_citation(number)
            return
        self._asking.cancel(self._call)
        known = self._known.get(path)
        if known is not None and not again:
            self._show(known)
            return
        if not same:
            self._clear()
            self._say(self.tr("Reading %s") % path if path else self.tr("Reading the modules"))
        self._call = self._asking.ask(MODULE, ModuleWanted(path), self._on_page, self._on_failed)

    def show_citation(self, number: int) -> None:
        """Show source ``number`` beside the summary."""
        if self.evidence.select(number):
            self._on_evidence_picked(number)
            self._bring_evidence()

    def step(self, by: int) -> None:
        """Show the next (1) or the previous (-1) source."""
        if self.summary is not None and self.summary.sources.sources:
            self._bring_evidence()
            self.evidence.step(by)

    def mark(self) -> None:
        """Mark the summary as reviewed."""
        self._on_reviewed(True)

    def write(self) -> None:
        """Open the editor of the person's own paragraph."""
        if self.body is not None:
            self.body.head.begin(self._draft())
            self._scroll.verticalScrollBar().setValue(0)

    def copy(self) -> None:
        """Put the summary with its sources on the clipboard, as Markdown."""
        if self.summary is not None and self.body is not None:
            QGuiApplication.clipboard().setText(self._markdown())
            count = len(self.summary.sources.sources)
            self.noticed.emit(self.tr("Copied the summary with %d sources.") % count)

    def save(self) -> None:
        """Let the window save the summary as a file."""
        if self.summary is not None and self.body is not None:
            row = self.summary.page.row
            name = file_name(f"module {row.path or row.name or self._name}")
            self.saveWanted.emit(name, self._markdown())

    def _markdown(self) -> str:
        assert self.summary is not None
        assert self.body is not None
        return as_markdown(self.summary, self.body.titles(), self._name)

    def take_focus(self) -> None:
        """Put the keyboard on the page, or on the evidence that stands in its place."""
        if self.sided.side_alone:
            self._focus_side()
        elif self.body is not None:
            self.body.first_text().setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._state.step.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_pane(self) -> bool:
        """Go from the page to what stands beside it; False when the keyboard is there already."""
        held = QApplication.focusWidget()
        if held is not None and self.sided.side.isAncestorOf(held):
            return False
        self.sided.show_side()
        self._focus_side()
        return True

    def leave(self) -> bool:
        """Leave what is open: the editor, the field that finds, the evidence in a narrow window."""
        if self.body is not None and self.body.head.leave():
            return True
        if self._evidence is not None and self._evidence.leave_find():
            return True
        if self.sided.side_alone:
            self._on_back()
            return True
        return False

    def set_alone(self, alone: bool) -> None:
        """Offer the way back to the tree, where the page stands alone."""
        self._back.setVisible(alone)

    def flush(self) -> None:
        """Keep what was typed."""
        if self.body is not None and self.body.head.editor is not None:
            self._on_drafted(self.body.head.editor.text.toPlainText())

    # ------------------------------------------------------------------------ layout

    def _build(self, tabs: QWidget) -> None:
        theme = self._theme
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar(tabs))
        self._scroll = ScrollPage()
        self._scroll.setAccessibleName(self.tr("Summary"))
        self._state = StatePage(theme)
        self._state.stepWanted.connect(self._on_again)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._state)
        self._pages.addWidget(self._scroll)
        column.addWidget(self._pages, 1)
        self.sided = Sided(theme, main, self._side(), WIDTHS)
        self.sided.narrowed.connect(self._on_narrowed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.sided)

    def _bar(self, tabs: QWidget) -> QWidget:
        theme = self._theme
        self._back = button(theme, self.tr("Modules"), "back", flat=True)
        self._back.clicked.connect(self.left)
        self._back.hide()
        self._toggle = button(theme, self.tr("Evidence"), "doc")
        self._toggle.clicked.connect(self._on_toggle)
        self._toggle.hide()
        self._copy = tool(theme, "copy", self.tr("Copy the summary (Ctrl+Shift+C)"))
        self._copy.clicked.connect(self.copy)
        self._save = tool(theme, "export", self.tr("Save the summary as Markdown (Ctrl+S)"))
        self._save.clicked.connect(self.save)
        deeds = together(theme.px(tokens.S1), self._toggle, self._copy, self._save)
        return view_bar(theme, (self._back, tabs), (deeds,))

    def _side(self) -> QWidget:
        theme = self._theme
        self.glance = Glance(theme)
        self.glance.moduleWanted.connect(self.moduleWanted)
        self._page_back = button(theme, self.tr("Summary"), "back", flat=True)
        self._page_back.clicked.connect(self._on_back)
        self._page_back.hide()
        self._sources = button(theme, self.tr("Evidence"), "doc", flat=True)
        self._sources.clicked.connect(self._on_sources)
        title = words(theme, self.tr("At a glance"), tokens.STRONG)
        self._beside = QStackedWidget()
        self._beside.addWidget(side_pane(theme, (self._page_back, title), self._sources, 0, self.glance))
        return self._beside

    @property
    def evidence(self) -> EvidencePane:
        """What stands behind a number; made with the first summary, as an empty view needs none."""
        if self._evidence is None:
            made = self._evidence = EvidencePane(self._theme, self._beside)
            made.set_link(self._link)
            made.opened.connect(self.opened)
            made.noticed.connect(self.noticed)
            made.editorWanted.connect(self.editorWanted)
            made.picked.connect(self._on_evidence_picked)
            made.stale.connect(self._on_stale)
            made.backWanted.connect(self._on_back)
            made.back.setText(self.tr(" Glance"))
            made.back.setAccessibleName(self.tr("Back to the glance"))
            made.back.show()
            self._beside.addWidget(made)
        return self._evidence

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hang labels beside their parts, or put them above."""
        super().resizeEvent(event)
        self._arrange()

    # ------------------------------------------------------------------------ showing

    def _say(self, title: str, text: str = "", step: str = "") -> None:
        self._state.say(title, text, step)
        self._pages.setCurrentWidget(self._state)

    def _clear(self) -> None:
        self.flush()
        self.summary = self.body = None
        if self._evidence is not None:
            self._evidence.show_answer(None, None)
        self.glance.show_page(None)
        self._show_count(0)
        self._beside.setCurrentIndex(0)

    def _show(self, summary: Summary) -> None:
        self.flush()
        again = self.summary is not None and self.summary.page.row.path == summary.page.row.path
        scroll = self._scroll.verticalScrollBar().value() if again else 0
        self.summary = summary
        body = ModuleBody(self._theme, summary, self._who()[0], self._name)
        body.setMaximumWidth(self._theme.px(MAX_COLUMN))
        body.chipPicked.connect(self.show_citation)
        body.chipPointed.connect(self._on_pointed)
        body.moduleWanted.connect(self.moduleWanted)
        body.asked.connect(self.asked)
        body.opened.connect(self.opened)
        body.head.reviewed.connect(self._on_reviewed)
        body.head.kept.connect(self._on_kept)
        body.head.drafted.connect(self._on_drafted)
        self.body = body
        self._arrange()
        self._scroll.setWidget(body)
        self._pages.setCurrentWidget(self._scroll)
        if again:
            body.finish()
        self._scroll.verticalScrollBar().setValue(scroll)
        self.glance.show_page(summary.page)
        self.evidence.show_answer(None, summary.sources)
        self.evidence.back.show()
        self._show_count(len(summary.sources.sources))
        draft = self._draft()
        if draft is not None:
            body.head.begin(draft)
        if self._number:
            self.show_citation(self._number)

    def _show_count(self, count: int) -> None:
        said = self.tr("Evidence  %d") % count if count else self.tr("Evidence")
        for each in (self._toggle, self._sources):
            each.setText(f" {said}")
            each.setEnabled(bool(count))
        for tool_button in (self._copy, self._save):
            tool_button.setEnabled(bool(count))

    def _arrange(self) -> None:
        if self.body is not None:
            self.body.set_labels_above(self._scroll.width() < self._theme.px(LABELS_BESIDE_FROM))

    def _bring_evidence(self) -> None:
        self._beside.setCurrentWidget(self.evidence)
        self.sided.show_side()

    def _focus_side(self) -> None:
        if self._beside.currentIndex() == 1:
            self.evidence.take_focus()
        else:
            self._sources.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------ answers

    def _on_page(self, page: ModulePage) -> None:
        summary = arrange(page)
        self._known.pop(page.row.path, None)
        self._known[page.row.path] = summary
        while len(self._known) > KEPT:
            self._known.pop(next(iter(self._known)))
        self._show(summary)

    def _on_failed(self, error: LorebaseError) -> None:
        text = f"{error.message} {error.hint}".strip()
        self._clear()
        self._say(self.tr("This module cannot be shown"), text, self.tr("Try again"))

    def _on_refused(self, error: LorebaseError) -> None:
        text = f"{error.message} {error.hint}".strip()
        if self.body is not None and self.body.head.editor is not None:
            self.body.head.editor.show_problem(text)
        self.noticed.emit(text)

    def _on_said(self, page: ModulePage) -> None:
        """Show a summary after somebody said something of it."""
        if self.body is not None:
            self.body.head.leave()
        self._on_page(page)
        self.marked.emit()

    # ------------------------------------------------------------------------ the person's side

    def _on_reviewed(self, reviewed: bool) -> None:
        if self.summary is not None:
            by, email = self._who()
            mark = ModuleMark(self.summary.page.row.path, reviewed, by, email)
            self._asking.ask(MODULE_MARK, mark, self._on_said, self._on_refused)

    def _on_kept(self, text: str) -> None:
        if self.summary is not None:
            by, email = self._who()
            wanted = ModuleText(self.summary.page.row.path, text, by, email)
            self._asking.ask(MODULE_TEXT, wanted, self._on_said, self._on_refused)

    def _on_drafted(self, text: str) -> None:
        if self._drafts is None or self.summary is None:
            return
        key = f"module:{self.summary.page.row.path}"
        if text:
            self._drafts.keep(key, NoteDraft("", text))
        else:
            self._drafts.drop(key)

    def _draft(self) -> str | None:
        if self._drafts is None or self.summary is None:
            return None
        found = self._drafts.find(f"module:{self.summary.page.row.path}")
        return found.text if found is not None else None

    def _who(self) -> tuple[str, str]:
        return (self._person.name, self._person.email) if self._person is not None else ("", "")

    def _on_pointed(self, number: int, where: QRect) -> None:
        source = self.summary.sources.source(number) if self.summary is not None else None
        self._card.point_at(source, where)

    def _on_evidence_picked(self, number: int) -> None:
        if self.body is not None:
            self.body.select(number)

    def _on_stale(self, number: int) -> None:
        if self.body is not None:
            self.body.mark_stale(frozenset((number,)))

    def _on_toggle(self) -> None:
        self.sided.show_side()
        self._focus_side()

    def _on_sources(self) -> None:
        self.show_citation(self.evidence.selected() or 1)

    def _on_back(self) -> None:
        if self._beside.currentIndex() == 1 and not self.sided.narrow:
            self._beside.setCurrentIndex(0)
            if self.body is not None:
                self.body.select(0)
        else:
            self._beside.setCurrentIndex(0)
            self.sided.show_side(False)
            self.take_focus()

    def _on_narrowed(self, narrow: bool) -> None:
        self._toggle.setVisible(narrow)
        self._page_back.setVisible(narrow)

    def _on_again(self) -> None:
        if self._path is not None:
            self.show_module(self._path, again=True)
