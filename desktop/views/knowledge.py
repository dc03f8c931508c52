"""What nobody wrote down, and what people did: gaps and notes, the page of one, and where it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QVBoxLayout,
    QWidget,
)

from desktop.asking import Asking
from desktop.commands import Command
from desktop.drafts import NEW
from desktop.engine import Link
from desktop.notewriting import NoteWriting, gap_draft, note_draft
from desktop.oddities import plain
from desktop.places import KnowledgePlace
from desktop.theme import Theme
from desktop.widgets.gappage import GapPage
from desktop.widgets.knowledgelist import ShelfRow
from desktop.widgets.knowledgepane import KnowledgePane
from desktop.widgets.notedesk import NoteDesk
from desktop.widgets.notepage import NotePage
from desktop.widgets.pair import Pair
from desktop.widgets.pinfill import fill
from desktop.widgets.states import StatePage
from desktop.widgets.undobar import PutAway
from indexer.errors import LorebaseError
from indexer.protocol import (
    GAP_DISMISS,
    GAP_RESTORE,
    GAPS,
    NOTE_DELETE,
    NOTE_EDIT,
    NOTE_LIST,
    NOTE_RESTORE,
    NOTE_SHOW,
    PUBLISH,
    GapFilter,
    GapList,
    GapName,
    NoteChange,
    NoteList,
    NoteName,
    Nothing,
    Publish,
)
from indexer.types import Gap, Note, NoteDraft, PublishOutcome, PublishReport

AnyPage = NotePage | GapPage | NoteDesk | StatePage


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a new view of the same knowledge needs to look like this one."""

    place: KnowledgePlace
    text: str
    mine: bool
    key: str
    notes: tuple[Note, ...]
    gaps: tuple[Gap, ...]
    away: PutAway | None


@dataclass(frozen=True, slots=True)
class _Discarded:
    """A draft that was put away, and where it was written."""

    key: str
    draft: NoteDraft
    place: KnowledgePlace


class KnowledgeView(QWidget):
    """List at the left, page at the right. What is typed is kept as a draft until it is saved."""

    opened = Signal(object)
    noticed = Signal(str)
    placeChanged = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._writing: NoteWriting | None = None
        self._notes: tuple[Note, ...] | None = None
        self._gaps: tuple[Gap, ...] | None = None
        self._asking = Asking(self)
        self._page_asking = self._asking
        """What the page that is shown asks ends with it."""
        self._place = KnowledgePlace()
        self._key = ""
        self._error: LorebaseError | None = None
        self.setAccessibleName(self.tr("Knowledge"))
        self.pane = KnowledgePane(theme)
        self.pane.narrowed.connect(self._show_lists)
        self.list, self.undo, self.field = self.pane.list, self.pane.undo, self.pane.field
        self.undo.undone.connect(self._bring_back)
        self.list.picked.connect(self._on_picked)
        self.list.activatedRow.connect(self._on_activated)
        self.list.newWanted.connect(self.new_note)
        self._build()
        self.page: AnyPage = StatePage(theme)
        self._show_page(self.page)
        self._show_state()

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        self._flush()
        self._page_asking.stop()
        self._asking.set_link(new)
        self._link = new
        self._writing = NoteWriting(new.location) if new is not None else None
        self._notes = self._gaps = self._error = None
        self._place, self._key = KnowledgePlace(), ""
        self.undo.clear()
        self.pair.show_list()
        self._show_lists()
        self._show_state()
        self.refresh()

    def show_place(self, place: object) -> None:
        """Show a note or a gap, or open the editor on a draft."""
        if not isinstance(place, KnowledgePlace):
            return
        if place.draft is not None:
            self._flush()
            key = f"gap:{place.draft.gap_id}" if place.draft.gap_id else NEW
            self._write(key, place.draft, place)
        elif place.note_id or place.gap_id:
            self._flush()
            self._place, self._key = place, ""
            self.pair.show_page()
            self._show_placed()
        else:
            self.pair.show_list()

    def refresh(self) -> None:
        """Ask for notes and gaps again; what is shown stays until the answer is there."""
        if self._link is not None:
            self._asking.ask(NOTE_LIST, Nothing(), self._on_notes, self._on_failed)
            self._asking.ask(GAPS, GapFilter(answered=True), self._on_gaps, self._on_failed)

    def seen(self) -> None:
        """Be brought to front: the states of notes may have changed with the code."""
        if self._notes is not None:
            self.refresh()

    def keep(self) -> object:
        """Return what a new view of the same content needs to look like this one."""
        self._flush()
        mine, notes, gaps = self.pane.mine.isChecked(), self._notes or (), self._gaps or ()
        return _Kept(self._place, self.field.text(), mine, self._key, notes, gaps, self.undo.held)

    def recall(self, kept: object) -> None:
        """Take what ``keep`` returned."""
        if not isinstance(kept, _Kept):
            return
        self._notes, self._gaps = kept.notes, kept.gaps
        self.field.setText(kept.text)
        self.pane.mine.setChecked(kept.mine)
        self._place = kept.place
        self._show_lists()
        if kept.away is not None:
            self.undo.offer(kept.away)
        if kept.key:
            self._write(kept.key, self._draft_of(kept.key), kept.place)
        else:
            self._show_placed()

    def focus_first(self) -> None:
        """Put the keyboard on the list, or on the page that stands in its place."""
        if self.list.isVisible():
            self.list.focus_first()
        elif not isinstance(self.page, StatePage):
            self.page.focus_first()

    def title(self) -> str:
        """Return what the window calls this page."""
        if isinstance(self.page, NotePage):
            return self.page.note.title
        return self.page.gap.question if isinstance(self.page, GapPage) else self.tr("Knowledge")

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here."""
        group = self.tr("Knowledge")
        return (
            Command(self.tr("New note"), "Ctrl+N", self.new_note, group),
            Command(self.tr("Edit this note"), "", self.edit, group, self._is_note),
            Command(self.tr("Delete this note"), "", self.delete, group, self._is_note),
            Command(self.tr("Publish this note into the repository"), "", self.publish, group, self._is_note),
            Command(self.tr("Dismiss this gap"), "", self.dismiss, group, self._is_gap),
            Command(
                self.tr("Bring back what was put away"), "Ctrl+Z", self.undo.undo, group, self.undo.possible
            ),
            Command(self.tr("Filter gaps and notes"), "Ctrl+F", self.filter_rows, group),
        )

    # ------------------------------------------------------------------------ what can be done

    def new_note(self) -> None:
        """Open the editor on an empty note, or go on with the draft that was left."""
        self._flush()
        self._write(NEW, NoteDraft("", ""), KnowledgePlace())

    def write_down(self) -> None:
        """Open the editor on the gap that is shown."""
        if isinstance(self.page, GapPage):
            gap = self.page.gap
            self._write(f"gap:{gap.id}", gap_draft(gap), KnowledgePlace(gap_id=gap.id))

    def edit(self) -> None:
        """Open the editor on the note that is shown."""
        if isinstance(self.page, NotePage):
            note = self.page.note
            self._write(f"note:{note.id}", note_draft(note), KnowledgePlace(note_id=note.id))

    def delete(self) -> None:
        """Put the shown note away; the undo bar brings it back."""
        if isinstance(self.page, NotePage):
            note = self.page.note
            self._asking.ask(NOTE_DELETE, NoteName(note.id), self._on_deleted, self._on_refused)

    def publish(self) -> None:
        """Write the shown note as a file into the repository, for the person to look at and commit."""
        if isinstance(self.page, NotePage):
            wanted = Publish(notes=(self.page.note.id,))
            self._asking.ask(PUBLISH, wanted, self._on_published, self._on_refused)

    def dismiss(self) -> None:
        """Put the shown gap away; the undo bar brings it back."""
        if isinstance(self.page, GapPage):
            self._asking.ask(GAP_DISMISS, GapName(self.page.gap.id), self._on_dismissed, self._on_refused)

    def filter_rows(self) -> None:
        """Put the keyboard into the filter."""
        self.pair.show_list()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def next_pane(self) -> bool:
        """Go from the list to the page; False when the keyboard is there already."""
        if isinstance(self.page, StatePage) or self.page.isAncestorOf(QApplication.focusWidget() or self):
            return False
        self.pair.show_page()
        self.page.focus_first()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete puts away, Escape goes back to the list, F6 goes between the two."""
        key = event.key()
        within = self.list.isAncestorOf(QApplication.focusWidget() or self)
        if key == Qt.Key.Key_Delete and within:
            self.delete()
            self.dismiss()
        elif key == Qt.Key.Key_Escape and self.field.hasFocus() and self.field.text():
            self.field.clear()
        elif key == Qt.Key.Key_Escape and self.pair.page_alone:
            self._on_left()
        elif key == Qt.Key.Key_F6:
            if not self.next_pane():
                self._on_left()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed."""
        super().hideEvent(event)
        self._flush()

    # ------------------------------------------------------------------------ layout

    def _build(self) -> None:
        self._right = QWidget()
        self._pages = QVBoxLayout(self._right)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self.pair = Pair(self._theme, self.pane, self._right)
        self.pair.narrowed.connect(self._on_narrowed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pair)

    def _show_page(self, page: AnyPage) -> None:
        if self._page_asking is not self._asking:
            self._page_asking.stop()
        while (item := self._pages.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._page_asking = Asking(page)
        self._page_asking.set_link(self._link)
        self.page = page
        self._pages.addWidget(page)
        if not isinstance(page, StatePage):
            page.set_narrow(self.pair.narrow)

    # ------------------------------------------------------------------------ pages

    def _show_lists(self) -> None:
        self.pane.show_lists(self._notes, self._gaps, self._writing, waiting=self._error is None)
        self.list.choose(self._place.note_id or self._place.gap_id)

    def _show_state(self) -> None:
        page = StatePage(self._theme)
        if self._link is None:
            page.say(self.tr("No repository is open"))
        elif self._error is not None:
            error = self._error
            page.say(
                self.tr("Notes and gaps could not be read"),
                f"{error.message} {error.hint}".strip(),
                self.tr("Try again"),
            )
            page.stepWanted.connect(self.refresh)
        elif self._notes is None or self._gaps is None:
            page.say(self.tr("Reading notes and gaps"))
        elif not self._notes and not self._gaps:
            text = self.tr(
                "Notes say what the code does not: why it is so, and who decided. Questions that find no"
                " reason come here by themselves."
            )
            page.say(self.tr("Nothing is written down yet"), text, self.tr("Write the first note"))
            page.stepWanted.connect(self.new_note)
        else:
            page.say(self.tr("Choose a gap or a note"))
        self._show_page(page)

    def _show_placed(self) -> None:
        """Show the note or the gap of the present place, as soon as it is known."""
        place = self._place
        self.list.choose(place.note_id or place.gap_id)
        if place.note_id:
            note = next((each for each in self._notes or () if each.id.startswith(place.note_id)), None)
            if note is not None:
                self._open_note(note)
            elif self._notes is not None:
                self._page_asking.ask(NOTE_SHOW, NoteName(place.note_id), self._open_note, self._on_gone)
        elif place.gap_id:
            gap = next((each for each in self._gaps or () if each.id == place.gap_id), None)
            if gap is not None and gap.note_id is not None:
                self._place = KnowledgePlace(note_id=gap.note_id)
                self._show_placed()
            elif gap is not None:
                self._open_gap(gap)
            elif self._gaps is not None:
                self._on_gone(None)
        else:
            self._show_state()

    def _open_note(self, note: Note) -> None:
        gap = next((each for each in self._gaps or () if each.id == note.gap_id), None)
        page = NotePage(self._theme, note, gap)
        page.opened.connect(self.opened)
        page.left.connect(self._on_left)
        page.editWanted.connect(self.edit)
        page.deleteWanted.connect(self.delete)
        page.pinWanted.connect(self._on_pin_wanted)
        page.publishWanted.connect(self.publish)
        self._show_page(page)
        fill(page, self._page_asking)

    def _open_gap(self, gap: Gap) -> None:
        page = GapPage(self._theme, gap)
        page.opened.connect(self.opened)
        page.left.connect(self._on_left)
        page.writeWanted.connect(self.write_down)
        page.dismissWanted.connect(self.dismiss)
        self._show_page(page)

    def _write(self, key: str, draft: NoteDraft, place: KnowledgePlace) -> None:
        """Open the editor; a draft that was left under this key is gone on with."""
        if self._writing is None:
            return
        given, went_on = self._writing.begin(key, draft)
        title = self.tr("Edit note") if key.startswith("note:") else self.tr("New note")
        desk = NoteDesk(self._theme, given, title, went_on)
        desk.changed.connect(partial(self._on_draft, key))
        desk.kept.connect(partial(self._on_keep_wanted, key))
        desk.left.connect(self._on_desk_left)
        desk.discarded.connect(partial(self._on_discarded, key))
        desk.opened.connect(self.opened)
        self._key = key
        self._place = replace(place, draft=None)
        self._show_page(desk)
        self.list.choose(place.note_id or place.gap_id)
        self.pair.show_page()
        desk.focus_first()

    # ------------------------------------------------------------------------ answers

    def _on_notes(self, found: NoteList) -> None:
        before = self._notes
        self._notes, self._error = found.notes, None
        self._on_loaded(before != found.notes)

    def _on_gaps(self, found: GapList) -> None:
        before = self._gaps
        self._gaps, self._error = found.gaps, None
        self._on_loaded(before != found.gaps)

    def _on_loaded(self, changed: bool) -> None:
        if self._notes is None or self._gaps is None:
            return
        if changed:
            self._show_lists()
        if not isinstance(self.page, NoteDesk) and self._outdated():
            self._show_placed()

    def _outdated(self) -> bool:
        """Say whether the page shows another state of things than the lists."""
        if isinstance(self.page, NotePage):
            return self.page.note not in (self._notes or ())
        return self.page.gap not in (self._gaps or ()) if isinstance(self.page, GapPage) else True

    def _on_failed(self, error: LorebaseError) -> None:
        if self._notes is None or self._gaps is None:
            self._error = error
            self._show_lists()
            self._show_state()
        else:
            self.noticed.emit(error.message)

    def _on_gone(self, error: LorebaseError | None) -> None:
        page = StatePage(self._theme)
        page.say(self.tr("This is no longer here"), self.tr("It was put away or answered."))
        self._show_page(page)

    def _on_deleted(self, note: Note) -> None:
        self._forget_page()
        text = self.tr("The note “%s” was deleted") % note.title
        self.undo.offer(PutAway(text, NoteName(note.id)))
        self.refresh()

    def _on_dismissed(self, gap: Gap) -> None:
        self._forget_page()
        text = self.tr("The gap “%s” was dismissed") % gap.question
        self.undo.offer(PutAway(text, GapName(gap.id)))
        self.refresh()

    def _on_published(self, report: PublishReport) -> None:
        for file in report.files:
            told = {
                PublishOutcome.WRITTEN: self.tr("Written as %s. Commit it to share it."),
                PublishOutcome.UPDATED: self.tr("Written anew as %s. Commit it to share it."),
                PublishOutcome.UNCHANGED: self.tr("%s holds this note already."),
                PublishOutcome.REFUSED: self.tr("%s was left as it is."),
            }[file.outcome] % plain(file.path)
            self.noticed.emit(f"{told} {plain(file.detail)}".strip())
        self.refresh()

    def _bring_back(self, what: object) -> None:
        if isinstance(what, NoteName):
            self._asking.ask(NOTE_RESTORE, what, self._on_saved, self._on_refused)
        elif isinstance(what, GapName):
            self._asking.ask(GAP_RESTORE, what, self._on_gap_restored, self._on_refused)
        elif isinstance(what, _Discarded):
            self._on_draft(what.key, what.draft)
            self._write(what.key, what.draft, what.place)

    def _on_gap_restored(self, gap: Gap) -> None:
        self._go(KnowledgePlace(gap_id=gap.id))
        self.refresh()

    def _on_saved(self, note: Note) -> None:
        """Show a note that was just written, changed or brought back."""
        self._notes = (note, *(each for each in self._notes or () if each.id != note.id))
        self._go(KnowledgePlace(note_id=note.id))
        self._show_lists()
        self._show_placed()
        self.refresh()

    def _go(self, place: KnowledgePlace) -> None:
        self._place, self._key = place, ""
        self.placeChanged.emit(place)

    def _forget_page(self) -> None:
        self._go(KnowledgePlace())
        self._show_state()
        self.pair.show_list()

    # ------------------------------------------------------------------------ writing

    def _on_draft(self, key: str, draft: NoteDraft) -> None:
        if self._writing is not None and self._writing.keep(key, draft):
            self._show_lists()

    def _on_keep_wanted(self, key: str, draft: NoteDraft) -> None:
        if not isinstance(self.page, NoteDesk) or self._writing is None:
            return
        self._flush()
        answers = (partial(self._on_written, self.page), partial(self._on_not_written, self.page))
        self._writing.save(self._asking, key, draft, self._notes or (), answers)

    def _on_written(self, desk: NoteDesk, note: Note) -> None:
        if desk is self.page:
            self._on_saved(note)
        else:
            # The person has gone on to something else meanwhile.
            self.refresh()

    def _on_not_written(self, desk: NoteDesk, error: LorebaseError) -> None:
        if desk is self.page:
            desk.editor.show_problem(f"{error.message} {error.hint}".strip())
        else:
            self._on_refused(error)

    def _on_desk_left(self) -> None:
        self._flush()
        self._key = ""
        self._show_placed()
        self._show_lists()
        self._on_left()

    def _on_discarded(self, key: str) -> None:
        if not isinstance(self.page, NoteDesk) or self._writing is None:
            return
        draft, place = self.page.draft(), self._place
        self._writing.drop(key)
        self._key = ""
        self._show_placed()
        self._show_lists()
        if draft.text.strip():
            away = PutAway(self.tr("The draft was discarded"), _Discarded(key, draft, place))
            self.undo.offer(away)
        self._on_left()

    def _on_pin_wanted(self) -> None:
        """Pin a stale note to the lines that its code has become."""
        if isinstance(self.page, NotePage) and self.page.now is not None and self.page.note.anchor:
            start, end = self.page.now
            about = f"{self.page.note.anchor.path}:{start}-{end}"
            change = NoteChange(self.page.note.id, NoteDraft("", "", about=about))
            self._asking.ask(NOTE_EDIT, change, self._on_saved, self._on_refused)

    def _flush(self) -> None:
        if isinstance(self.page, NoteDesk):
            self.page.flush()

    def _draft_of(self, key: str) -> NoteDraft:
        if key.startswith("gap:"):
            gap = next((each for each in self._gaps or () if f"gap:{each.id}" == key), None)
            return gap_draft(gap) if gap is not None else NoteDraft("", "", gap_id=key[4:])
        note = next((each for each in self._notes or () if f"note:{each.id}" == key), None)
        return note_draft(note) if note is not None else NoteDraft("", "")

    # ------------------------------------------------------------------------ the person's side

    def _on_picked(self, row: ShelfRow) -> None:
        self._flush()
        self._go(KnowledgePlace(gap_id=row.id) if row.gap else KnowledgePlace(note_id=row.id))
        self._show_placed()

    def _on_activated(self, row: ShelfRow) -> None:
        if row.id != (self._place.note_id or self._place.gap_id):
            self._on_picked(row)
        self.pair.show_page()
        if not isinstance(self.page, StatePage):
            self.page.focus_first()

    def _on_left(self) -> None:
        self.pair.show_list()
        self.list.focus_first()

    def _on_narrowed(self, narrow: bool) -> None:
        if not isinstance(self.page, StatePage):
            self.page.set_narrow(narrow)

    def _is_note(self) -> bool:
        return isinstance(self.page, NotePage)

    def _is_gap(self) -> bool:
        return isinstance(self.page, GapPage)

    def _on_refused(self, error: LorebaseError) -> None:
        self.noticed.emit(f"{error.message} {error.hint}".strip())
