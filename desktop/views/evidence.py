"""The evidence pane: numbered sources, and below them the lines, the commit or the note that they name."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import AnswerPage, Source, day, only_hinted, span_words
from desktop.asking import Asking
from desktop.counting import counted
from desktop.engine import Link
from desktop.oddities import plain
from desktop.places import CommitPlace, HealthPlace, Place, SourcePlace
from desktop.reading import Reading, Wanted
from desktop.theme import Theme
from desktop.views.beside import Beside
from desktop.widgets.code import CodeView
from desktop.widgets.findbar import FindBar
from desktop.widgets.panebar import EvidenceBar
from desktop.widgets.papers import Paper
from desktop.widgets.rail import line
from desktop.widgets.searched import Searched
from desktop.widgets.sourcehead import CommitStrip, SourceHead
from desktop.widgets.sources import SourceList, SourceRow
from desktop.widgets.words import words
from indexer.errors import LorebaseError
from indexer.pages import Blame, CommitName, CommitPage, SourcePage
from indexer.protocol import COMMIT, NOTE_SHOW, NoteName
from indexer.types import Answer, Citation, CitationKind, Note, Section, VerdictStatus

LIST_SHARE = 0.34
"""Share of the pane's height that the list of sources may take."""

LEAST_LINES = 12
"""Lines of the source that stay in view before the list below it gets a row."""

BOTH_FROM = 640
"""Height in px at 100 % from which "What was searched" leaves room for the source below."""


class EvidencePane(QFrame):
    """Shows the sources of an answer, or any place of the repository."""

    opened = Signal(object)
    noticed = Signal(str)
    editorWanted = Signal(str, int)
    picked = Signal(int)
    """A source was chosen here, by its number."""
    backWanted = Signal()
    """Back to the answer, where the two do not stand side by side."""
    stale = Signal(int)
    """The lines of this source have changed since they were cited."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asking = Asking(self)
        self._page: AnswerPage | None = None
        self._kept_answer = False
        self._source: Source | None = None
        self._place: SourcePlace | CommitPlace | None = None
        self._pinned: list[Source] = []
        self._stale: set[int] = set()
        self._unsearched: tuple[Answer, int] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show_searched)
        self._reading = Reading(self)
        self._beside = Beside(self, theme)
        self.setProperty("kind", "pane")
        self.setAccessibleName(self.tr("Evidence"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._build()
        self._connect()
        self._show_nothing()

    # ------------------------------------------------------------------------ public

    def set_link(self, link: Link | None) -> None:
        """Read through this engine; None when no repository is open."""
        self._asking.set_link(link)
        self._reading.set_link(link)
        self._beside.set_link(link)
        self._pinned.clear()
        self.show_answer(None, None)

    def show_answer(
        self, answer: Answer | None, page: AnswerPage | None, *, skipped: int = -1, kept: bool = False
    ) -> None:
        """Show the sources of an answer; ``kept`` ones are compared with what is there today."""
        self._page = page
        self._kept_answer = kept
        self._stale.clear()
        self._source = self._place = None
        self._show_rows(-1)
        self._bar.searched_tab.setVisible(answer is not None)
        self._unsearched = None if answer is None else (answer, skipped)
        missing = answer is not None and answer.verdict.status in (
            VerdictStatus.MISSING,
            VerdictStatus.UNKNOWN,
        )
        self._bar.choose(searched=missing)
        if page is not None and page.sources:
            self.select(1)
        else:
            self._show_nothing()
        self._on_tab()

    def add_sources(self, page: AnswerPage) -> None:
        """List more sources after those that are there; what is shown stays."""
        self._page = page
        self._show_rows(self.selected() - 1)

    def show_place(self, place: SourcePlace | CommitPlace) -> None:
        """Show any lines of a file, or a commit."""
        self._source = None
        self._place = place
        self._list.choose(-1)
        self._bar.choose(searched=False)
        self._show_position()
        if isinstance(place, CommitPlace):
            self._show_commit(place.commit_id, ())
        else:
            wanted = Wanted(place.path, place.start_line, place.end_line, place.blob_id, place.commit_id)
            self._read(wanted)

    def select(self, number: int) -> bool:
        """Show source ``number`` of the answer; returns whether there is one."""
        source = self._page.source(number) if self._page is not None else None
        if source is None:
            return False
        self._list.choose(number - 1)
        self._show_source(source)
        return True

    def step(self, by: int) -> None:
        """Walk to the next (1) or the previous (-1) source, around the ends."""
        count = len(self._page.sources) if self._page is not None else 0
        if not count:
            return
        here = self._source.number if self._source is not None else (0 if by > 0 else 1)
        number = (here - 1 + by) % count + 1
        self._bar.choose(searched=False)
        self.select(number)
        self.picked.emit(number)

    def selected(self) -> int:
        """Return the number of the source that is shown; 0 when it is none of the answer's."""
        return self._source.number if self._source is not None else 0

    def show_searched(self) -> None:
        """Show what was searched."""
        self._bar.choose(searched=True)
        self._bar.searched_tab.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_in_editor(self) -> None:
        """Ask for the person's editor at the line that is shown."""
        wanted = self._reading.wanted
        if wanted is not None:
            self.editorWanted.emit(wanted.path, max(1, wanted.start_line))

    def begin_find(self, *, to_line: bool = False) -> None:
        """Open the field that finds text in the source, or goes to a line."""
        if self._content.currentWidget() is self.code:
            selected = self.code.textCursor().selectedText()
            self._find.begin(to_line=to_line, text="" if to_line or "\u2029" in selected else selected)

    def leave_find(self) -> bool:
        """Close the field that finds text; returns whether it was open."""
        return self._find.leave()

    def take_focus(self) -> None:
        """Put the focus on the sources, or on the text where there are none."""
        shown = self.code if self._content.currentWidget() is self.code else self.paper
        (self._list if self._list.rows() and self._list.isVisible() else shown).setFocus()

    def forget(self) -> None:
        """Read everything anew from now on: the index has changed."""
        self._reading.forget()

    def related(self) -> Beside:
        """Return the list under the source."""
        return self._beside

    # ------------------------------------------------------------------------ building

    def _build(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar = EvidenceBar(theme)
        self.back = self._bar.back
        column.addWidget(self._bar)
        column.addWidget(line())
        self._list = SourceList(theme)
        self._searched = Searched(theme)
        column.addWidget(self._list)
        column.addWidget(self._searched, 1)
        self._lower = QWidget()
        lower = QVBoxLayout(self._lower)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(0)
        self.head = SourceHead(theme)
        self._notice = words(theme, "", tokens.META, "2", wrap=True)
        self._notice.setContentsMargins(theme.px(tokens.S4), theme.px(4), theme.px(tokens.S4), theme.px(6))
        self.code = CodeView(theme)
        self._find = FindBar(theme, self.code)
        self._find.hide()
        self.paper = Paper(theme)
        self._content = QStackedWidget()
        self._content.addWidget(self.code)
        self._content.addWidget(self.paper)
        self.strip = CommitStrip(theme)
        self._rules = (line(), line(), line())
        for widget in (self._rules[0], self.head, self._rules[1], self._notice, self._find):
            lower.addWidget(widget)
        lower.addWidget(self._content, 1)
        lower.addWidget(self.strip)
        lower.addWidget(self._rules[2])
        lower.addWidget(self._beside.panel)
        column.addWidget(self._lower, 3)

    def _connect(self) -> None:
        self._bar.tabChanged.connect(self._on_tab)
        self._bar.stepped.connect(self.step)
        self._bar.backWanted.connect(self.backWanted)
        self._list.picked.connect(self._on_row)
        self._searched.healthWanted.connect(partial(self.opened.emit, HealthPlace()))
        self.head.editorWanted.connect(self.open_in_editor)
        self.head.historyWanted.connect(self._on_history)
        self.head.pinToggled.connect(self._on_pin)
        self.strip.picked.connect(self._on_commit)
        self.code.commitClicked.connect(self._on_commit)
        self.code.nameClicked.connect(self._on_name)
        self.code.nameFollowed.connect(partial(self._on_name, follow=True))
        self.paper.opened.connect(self._on_opened)
        self._beside.opened.connect(self.opened)
        self._reading.pageRead.connect(self._on_page)
        self._reading.coloured.connect(self._on_colours)
        self._reading.blamed.connect(self._on_blame)
        self._reading.mentioned.connect(self._beside.show_mentions)
        self._reading.failed.connect(self._on_failed)

    # ------------------------------------------------------------------------ showing

    def _show_rows(self, current: int) -> None:
        rows: list[SourceRow] = []
        last: Section | None = None
        names = {
            Section.WHAT: self.tr("What"),
            Section.WHY: self.tr("Why"),
            Section.MISSING: self.tr("Missing"),
        }
        if self._page is not None and only_hinted(self._page):
            names[Section.WHY] = self.tr("Hint")
        for source in self._page.sources if self._page is not None else ():
            word = names[source.section] if source.section is not last else ""
            rows.append(SourceRow(source, word, source.number, source.number in self._stale))
            last = source.section
        shown = {_key(row.source) for row in rows}
        pinned = [source for source in self._pinned if _key(source) not in shown]
        rows += [
            SourceRow(source, self.tr("Pinned") if place == 0 else "") for place, source in enumerate(pinned)
        ]
        self._list.show_rows(rows, current)
        self._share_height()
        self._show_position()

    def _show_position(self) -> None:
        self._bar.show_position(self.selected(), len(self._page.sources) if self._page is not None else 0)

    def _show_nothing(self) -> None:
        self._reading.stop()
        self._beside.clear()
        self.strip.hide()
        self._notice.hide()
        self._show_head(False)
        self._content.setCurrentWidget(self.paper)
        self.paper.show_message(
            self.tr("The sources of an answer are shown here."),
            self.tr("Every statement has a number; its lines, who wrote them and why stand here."),
        )

    def _show_source(self, source: Source) -> None:
        self._source, self._place = source, None
        self._show_position()
        first = source.first
        self._show_head(True)
        if first.kind is CitationKind.SPAN and first.path:
            self._read(
                Wanted(
                    first.path,
                    source.start_line,
                    source.end_line,
                    first.blob_id or "",
                    compare=self._kept_answer,
                )
            )
        elif first.kind is CitationKind.COMMIT and first.commit_id:
            cited = [text for each in source.citations for text in each.quote.split("\n")]
            self._show_commit(first.commit_id, cited)
        elif first.kind is CitationKind.NOTE and first.note_id:
            self._show_note(first.note_id)
        else:
            self._show_paper(self.tr("Counted"), "")
            self.paper.show_count(source)

    def _read(self, wanted: Wanted) -> None:
        self._asking.stop()
        self._show_head(True)
        self.head.show_file(plain(wanted.path), "")
        self.head.set_pinned(any(_key(each) == _wanted_key(wanted) for each in self._pinned))
        self._find.hide()
        self.strip.show_run(None)
        self.strip.show()
        self._beside.begin(wanted)
        self._reading.read(wanted)

    def _show_paper(self, title: str, detail: str) -> None:
        self._asking.stop()
        self._reading.stop()
        self._beside.clear()
        self.strip.hide()
        self._notice.hide()
        self._find.hide()
        self._show_head(True)
        self.head.show_title(title, detail)
        self._content.setCurrentWidget(self.paper)

    def _show_commit(self, commit_id: str, cited: list[str] | tuple[str, ...]) -> None:
        self._show_paper(commit_id[:9], self.tr("commit"))
        shown = partial(self._on_commit_page, tuple(cited))
        self._asking.ask(COMMIT, CommitName(commit_id), shown, self._on_failed)

    def _show_note(self, note_id: str) -> None:
        self._show_paper(self.tr("Note"), "")
        self._asking.ask(NOTE_SHOW, NoteName(note_id), self._on_note, self._on_failed)

    def _show_head(self, shown: bool) -> None:
        for each in (self.head, *self._rules):
            each.setVisible(shown)

    # ------------------------------------------------------------------------ answers of the engine

    def _on_page(self, page: SourcePage, stale: bool) -> None:
        wanted = self._reading.wanted
        if wanted is None:
            return
        mark = ""
        if stale:
            mark = self.tr("changed since")
            if self._source is not None:
                self._stale.add(self._source.number)
                self._show_rows(self._source.number - 1)
                self.stale.emit(self._source.number)
        elif wanted.commit_id:
            mark = self.tr("as of %s") % wanted.commit_id[:9]
        self.head.show_file(plain(page.path), mark)
        self._content.setCurrentWidget(self.code)
        cited = (wanted.start_line, max(wanted.start_line, wanted.end_line)) if wanted.start_line else None
        self.code.show_page(page, cited)
        self._say_notices(page)

    def _say_notices(self, page: SourcePage) -> None:
        notices = [plain(each) for each in page.notices]
        if self.code.cut_lines:
            notices.append(self.tr("Over-long text is cut in %s.") % self._lines(self.code.cut_lines))
        if self.code.odd:
            notices.append(
                self.tr("Odd characters are shown by their codes in %s.") % self._lines(self.code.odd)
            )
        hidden = sum("[REDACTED:" in each for each in page.lines)
        if hidden:
            notices.append(self.tr("Secrets are hidden in %s.") % self._lines(hidden))
        self._notice.setText("  ".join(notices))
        self._notice.setVisible(bool(notices))

    def _lines(self, count: int) -> str:
        return counted(count, self.tr("1 line"), self.tr("%s lines"))

    def _on_colours(self, page: SourcePage) -> None:
        self.code.set_tokens(page.tokens)

    def _on_blame(self, blame: Blame) -> None:
        self.code.set_blame(blame.runs)
        wanted = self._reading.wanted
        if wanted is not None:
            runs = [
                run
                for run in blame.runs
                if run.start_line <= wanted.end_line and wanted.start_line <= run.end_line
            ]
            self.strip.show_run(max(runs, key=lambda run: run.authored, default=None))

    def _on_commit_page(self, cited: tuple[str, ...], page: CommitPage) -> None:
        self.head.show_title(page.row.commit_id[:9], plain(f"{page.row.author}, {day(page.row.authored)}"))
        self.paper.show_commit(page, cited)

    def _on_note(self, note: Note) -> None:
        self.paper.show_note(note)

    def _on_failed(self, error: LorebaseError) -> None:
        source = self._source
        self.strip.hide()
        self._beside.clear()
        if source is not None and any(each.quote for each in source.citations):
            self._show_quotes(source)
            return
        self._content.setCurrentWidget(self.paper)
        self.paper.show_message(error.message, error.hint)

    def _show_quotes(self, source: Source) -> None:
        """Show the lines as they were cited, since their source cannot be read any more."""
        first = source.citations[0]
        lines = first.quote.split("\n")
        page = SourcePage(
            path=first.path or "",
            blob_id=first.blob_id or "",
            commit_id=first.commit_id,
            language="",
            first_line=max(1, first.start_line),
            total_lines=len(lines),
            lines=tuple(lines),
            notices=(self.tr("The file is not here any more; these are the lines as they were cited."),),
        )
        self._content.setCurrentWidget(self.code)
        self.code.show_page(page, None)
        self._say_notices(page)

    # ------------------------------------------------------------------------ what the person does

    def _on_tab(self) -> None:
        searched = self._bar.searched
        if searched and self._unsearched is not None:
            # Most answers are read without this page; it is made when somebody looks, in a turn of its own.
            self._later.start()
        self._list.setVisible(not searched)
        self._searched.setVisible(searched)
        both = self.height() >= self._theme.px(BOTH_FROM) and bool(self._source)
        self._lower.setVisible(not searched or both)
        self._beside.panel.set_away(searched)
        wanted = self._searched.wanted_height() if searched else 0
        self._searched.setMinimumHeight(min(wanted, self.height() // 2) if both else 0)

    def _show_searched(self) -> None:
        if self._unsearched is not None:
            self._searched.show_answer(*self._unsearched)
            self._unsearched = None
            self._on_tab()

    def _on_row(self, row: SourceRow) -> None:
        self._show_source(row.source)
        if row.number:
            self.picked.emit(row.number)

    def _on_opened(self, place: Place | None) -> None:
        if place is not None:
            self.opened.emit(place)

    def _on_commit(self, commit_id: str) -> None:
        self.opened.emit(CommitPlace(commit_id))

    def _on_name(self, name: str, follow: bool = False) -> None:
        wanted = self._reading.wanted
        self._beside.ask_name(name, wanted.path if wanted is not None else "", follow=follow)

    def _on_history(self) -> None:
        self._beside.ask_history()

    def _on_pin(self, pinned: bool) -> None:
        wanted = self._reading.wanted
        if wanted is None:
            return
        self._pinned = [each for each in self._pinned if _key(each) != _wanted_key(wanted)]
        if pinned:
            self._pinned.append(self._source or _source_of(wanted))
            self.noticed.emit(
                self.tr("Pinned: %s stays in the list.")
                % f"{plain(wanted.path)} {span_words(wanted.start_line, wanted.end_line)}"
            )
        self._show_rows(self._source.number - 1 if self._source is not None else -1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height anew."""
        super().resizeEvent(event)
        self._share_height()
        self._on_tab()

    def _share_height(self) -> None:
        """Share the height: the source comes first, the lists around it take what is left."""
        row = self._theme.px(tokens.ROW)
        self._list.set_room(round(self.height() * LIST_SHARE) // row)
        bars = self._theme.px(tokens.VIEW_BAR + 3 * 40)
        rest = self.height() - bars - self._list.height() - LEAST_LINES * self._theme.px(tokens.CODE_LINE)
        self._beside.panel.set_room(max(0, rest // row))


def _key(source: Source) -> tuple[object, ...]:
    first = source.first
    return (first.path, first.commit_id if first.path is None else "", source.start_line, source.end_line)


def _wanted_key(wanted: Wanted) -> tuple[object, ...]:
    return (wanted.path, "", wanted.start_line, wanted.end_line)


def _source_of(wanted: Wanted) -> Source:
    """Return a source for lines that no statement cites."""
    cited = Citation(
        CitationKind.SPAN,
        wanted.path,
        wanted.start_line,
        wanted.end_line,
        wanted.commit_id or None,
        wanted.blob_id or None,
        "",
    )
    return Source(0, Section.WHAT, (cited,))
