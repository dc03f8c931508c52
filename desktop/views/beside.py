"""What stands under a source: who else mentions it, the history of its lines, where a name is used."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.answer_page import day, span_words
from desktop.asking import Asking
from desktop.engine import Link
from desktop.places import CommitPlace, SourcePlace
from desktop.reading import Wanted
from desktop.theme import Theme
from desktop.widgets.related import RelatedPanel, RelatedRow
from desktop.widgets.sources import path_icon
from indexer.errors import LorebaseError
from indexer.pages import CommitSlice, NamedPlace, NamePlaces, NameWanted, SpanWanted
from indexer.protocol import NAME, SPAN_HISTORY


class Beside(QObject):
    """Fills the list under a source; mentions are what it shows of itself."""

    opened = Signal(object)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.panel = RelatedPanel(theme)
        self.panel.opened.connect(self.opened)
        self.panel.closed.connect(self._on_closed)
        self._asking = Asking(self)
        self._wanted: Wanted | None = None
        self._mentions: NamePlaces | None = None
        self._special = False

    def set_link(self, link: Link | None) -> None:
        """Ask this engine from now on."""
        self.clear()
        self._asking.set_link(link)

    def clear(self) -> None:
        """Show nothing."""
        self._asking.stop()
        self._wanted = self._mentions = None
        self._special = False
        self.panel.show_rows("", (), "")

    def begin(self, wanted: Wanted) -> None:
        """Get ready for another source."""
        self.clear()
        self._wanted = wanted

    def show_mentions(self, found: NamePlaces) -> None:
        """Show what else speaks of the source, unless something else was asked for."""
        self._mentions = found
        if not self._special:
            self._show_mentions()

    def ask_history(self) -> None:
        """Ask which commits changed the lines of the source."""
        if self._wanted is None:
            return
        self._begin_special()
        wanted = self._wanted
        title = self.tr("History of %s") % (span_words(wanted.start_line, wanted.end_line) or wanted.path)
        self.panel.show_rows(title, (), "", self.tr("Reading the history of these lines…"), closable=True)
        span = SpanWanted(wanted.path, max(1, wanted.start_line), max(1, wanted.end_line), wanted.blob_id)
        self._asking.ask(
            SPAN_HISTORY, span, partial(self._on_history, title), partial(self._on_failed, title)
        )

    def ask_name(self, name: str, path: str, *, follow: bool = False) -> None:
        """Ask where a name is defined and used; ``follow`` goes to its only definition."""
        self._begin_special()
        self._asking.ask(
            NAME,
            NameWanted(name, path),
            partial(self._on_name, follow),
            partial(self._on_failed, name),
        )

    # ------------------------------------------------------------------------ private

    def _begin_special(self) -> None:
        self._asking.stop()
        self._special = True

    def _show_mentions(self) -> None:
        found = self._mentions
        if found is None:
            self.panel.show_rows("", (), "")
            return
        # One line may define and use; it is told once.
        rows = list(dict.fromkeys(_row(each) for each in (*found.definitions, *found.uses)))
        double = len(found.definitions) + len(found.uses) - len(rows)
        total = len(found.definitions) + max(found.uses_total, len(found.uses)) - double
        if rows:
            self.panel.show_rows(self.tr("Also mentions this"), rows, f"{total:,}")
        else:
            self.panel.show_rows("", (), "")

    def _on_history(self, title: str, found: CommitSlice) -> None:
        rows = [
            RelatedRow(
                each.subject,
                CommitPlace(each.commit_id),
                "commit",
                right=f"{each.author}, {day(each.authored)}",
            )
            for each in found.rows
        ]
        note = "" if rows else self.tr("No commit of this clone changed these lines.")
        notices = " ".join((note, *found.notices)).strip()
        self.panel.show_rows(title, rows, f"{max(found.total, len(rows)):,}", notices, closable=True)

    def _on_name(self, follow: bool, found: NamePlaces) -> None:
        if follow and found.definitions:
            first = found.definitions[0]
            self._special = False
            self.opened.emit(SourcePlace(first.path, first.line, max(first.line, first.end_line)))
            return
        rows: list[RelatedRow] = []
        if found.definitions:
            rows.append(RelatedRow(self.tr("Defined")))
            rows += [_row(each, whole=True) for each in found.definitions]
        if found.uses:
            rows.append(RelatedRow(self.tr("Used")))
            rows += [_row(each) for each in found.uses]
        if not rows:
            # Most words of a text are no names of code; nothing is said of those.
            self._on_closed()
            return
        count = self.tr("%(defined)d defined, %(used)s used") % {
            "defined": len(found.definitions),
            "used": f"{max(found.uses_total, len(found.uses)):,}",
        }
        self.panel.show_rows(found.name, rows, count, " ".join(found.notices), closable=True, most=9)

    def _on_failed(self, title: str, error: LorebaseError) -> None:
        self.panel.show_rows(title, (), "", f"{error.message} {error.hint}".strip(), closable=True)

    def _on_closed(self) -> None:
        self._asking.stop()
        self._special = False
        self._show_mentions()


def _row(place: NamedPlace, *, whole: bool = False) -> RelatedRow:
    end = max(place.line, place.end_line) if whole else place.line
    return RelatedRow(
        place.path,
        SourcePlace(place.path, place.line, end),
        path_icon(place.path),
        right=span_words(place.line, place.end_line if whole else 0),
        detail=place.text,
        is_path=True,
    )
