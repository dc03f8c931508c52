"""What Health shows of an index: its figures, and tables of what was left out, hidden and read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import amounts, tokens
from desktop.counting import counted
from desktop.theme import Theme
from desktop.turns import in_a_turn
from desktop.widgets.figures import Figure, Figures
from desktop.widgets.logtail import LogTail
from desktop.widgets.tables import Cell, Column, Row
from desktop.widgets.tablesection import TableSection
from desktop.widgets.words import button, words
from indexer.pages import HealthPage, LanguageRow, SecretRow, SkippedRow
from indexer.types import IndexStatus

FEW = 5
LANGUAGES = 7
LOG_LINES = 6


class HealthBody(QWidget):
    """Shows an IndexStatus and a HealthPage; the slices of a long table are asked for as it scrolls.

    What stands below the first table is made a part a turn, or when it is wanted.
    """

    sliceWanted = Signal(int, int)
    """First row and count of the skipped files that come into view."""
    includeWanted = Signal(str, bool)
    """A path that the person wants read, or no longer."""
    secretOpened = Signal(object)
    """The SecretRow."""
    copyWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._secrets: tuple[SecretRow, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.figures = Figures(theme, self._figures(None))
        self._column.addWidget(self.figures)
        self.skipped = self._skipped_table()
        self._add(self.skipped)
        self._missing: list[Callable[[], None]] = [self._add_secrets, self._add_languages, self._add_log]
        in_a_turn(self, self._add_next)

    # ------------------------------------------------------------------------ content

    def show_status(self, status: IndexStatus | None) -> None:
        """Show the figures; None while they are not known."""
        self.figures.show_figures(self._figures(status))

    def show_page(self, page: HealthPage) -> None:
        """Fill the tables."""
        self._complete()
        self._secrets = page.secrets
        self.skipped.show_rows(
            counted(
                page.skipped_total,
                self.tr("1 file left out or read by lines only, with its reason"),
                self.tr("%s files left out or read by lines only, each with its reason"),
            )
            if page.skipped_total
            else self.tr("Nothing is left out."),
            [_skipped_row(each) for each in page.skipped],
            page.skipped_total,
        )
        self.secrets.show_rows(
            self.tr("%s, cut out before anything is stored; the value is never shown")
            % f"{page.secrets_total:,}"
            if page.secrets_total
            else self.tr("None was found."),
            [_secret_row(each) for each in page.secrets],
        )
        self._show_languages(page.languages)
        self.log.show_lines(page.log)

    def show_slice(self, start: int, rows: tuple[SkippedRow, ...]) -> None:
        """Show more of the skipped files."""
        self.skipped.table.rows.put(start, [_skipped_row(each) for each in rows])

    def lose_slice(self, start: int) -> None:
        """Take it that a slice does not come; it is asked for again when it is seen again."""
        self.skipped.table.rows.lost(start)

    def keep(self) -> object:
        """Return which tables are open."""
        self._complete()
        return tuple(section.keep() for section in (self.skipped, self.secrets, self.languages))

    def recall(self, kept: object) -> None:
        """Open the tables that were open."""
        self._complete()
        if isinstance(kept, tuple):
            for section, opened in zip((self.skipped, self.secrets, self.languages), kept, strict=True):
                section.recall(opened)

    # ------------------------------------------------------------------------ layout

    def _add(self, part: QWidget) -> None:
        self._column.addSpacing(self._theme.px(24))
        self._column.addWidget(part)

    def _add_next(self) -> None:
        if self._missing:
            self._missing.pop(0)()
            in_a_turn(self, self._add_next)

    def _complete(self) -> None:
        """Make at once what is not there yet."""
        while self._missing:
            self._missing.pop(0)()

    def _add_secrets(self) -> None:
        self.secrets = self._secret_table()
        self._add(self.secrets)

    def _add_languages(self) -> None:
        self.languages = self._language_table()
        self._add(self.languages)

    def _add_log(self) -> None:
        self._add(self._log_part())

    def _skipped_table(self) -> TableSection:
        made = TableSection(
            self._theme,
            self.tr("Skipped"),
            (
                Column(self.tr("Path"), elide_left=True),
                Column(self.tr("Reason"), 280, tone="text_2"),
                Column(self.tr("Size"), 84, right=True, tone="text_2"),
                Column(self.tr("Deed"), 92, right=True, tone="link"),
            ),
            FEW,
        )
        made.table.rowOpened.connect(self._on_skipped)
        made.table.rows.wanted.connect(self.sliceWanted)
        return made

    def _secret_table(self) -> TableSection:
        made = TableSection(
            self._theme,
            self.tr("Secrets hidden"),
            (
                Column(self.tr("Kind"), 210),
                Column(self.tr("Place"), elide_left=True, tone="text_2"),
                Column(self.tr("Count"), 64, right=True, tone="text_2"),
            ),
            FEW,
        )
        made.table.rowOpened.connect(self._on_secret)
        return made

    def _language_table(self) -> TableSection:
        return TableSection(
            self._theme,
            self.tr("Languages"),
            (
                Column("", 150),
                Column(self.tr("Cut"), tone="text_2"),
                Column(self.tr("Files"), 84, right=True, tone="text_2"),
                Column(self.tr("Lines"), 96, right=True, tone="text_2"),
            ),
            LANGUAGES,
            head=True,
        )

    def _log_part(self) -> QWidget:
        theme = self._theme
        made = QWidget()
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.addWidget(words(theme, self.tr("Log"), tokens.SECTION))
        head.addStretch(1)
        self.copy_button = button(theme, self.tr("Copy diagnostics"), "copy", flat=True)
        self.copy_button.clicked.connect(self.copyWanted)
        head.addWidget(self.copy_button)
        column.addLayout(head)
        self.log = LogTail(theme, LOG_LINES)
        column.addWidget(self.log)
        return made

    def _figures(self, status: IndexStatus | None) -> tuple[Figure, ...]:
        if status is None:
            return tuple(
                Figure("…", counts)
                for counts in (
                    self.tr("passages"),
                    self.tr("searchable by meaning"),
                    self.tr("files"),
                    self.tr("on disk"),
                )
            )
        fresh = status.freshness
        share = int(100 * fresh.embedded / fresh.passages) if fresh.passages else 0
        words_told = (
            self.tr("passages, all searchable by words")
            if fresh.words_complete
            else self.tr("passages, words are being read")
        )
        meaning = (
            self.tr("by meaning: switched off")
            if status.model == "none"
            else self.tr("searchable by meaning, %d%%") % share
        )
        kept = self.tr("on disk, 1 generation") if status.generation else self.tr("on disk")
        return (
            Figure(f"{fresh.passages:,}", words_told),
            Figure(f"{fresh.embedded:,}", meaning),
            Figure(f"{status.files:,}", self.tr("files in, %s skipped") % f"{status.skipped:,}"),
            Figure(amounts.size(status.disk_bytes) or "0", kept),
        )

    def _show_languages(self, rows: tuple[LanguageRow, ...]) -> None:
        total = sum(each.lines for each in rows)
        most = max((each.lines for each in rows), default=0)
        self.languages.show_rows(
            self.tr("%s lines") % f"{total:,}" if total else self.tr("Nothing is read yet."),
            [_language_row(each, most) for each in sorted(rows, key=lambda each: -each.lines)],
        )

    def _on_skipped(self, number: int) -> None:
        row = self.skipped.table.rows.row(number)
        if row is not None and row[-1].text:
            self.includeWanted.emit(row[0].text, row[-1].text == _include_word())

    def _on_secret(self, number: int) -> None:
        if number < len(self._secrets):
            self.secretOpened.emit(self._secrets[number])


def _skipped_row(found: SkippedRow) -> Row:
    tr = QCoreApplication.translate
    reason = tr("Health", "still read: %s") % found.reason if found.searchable else found.reason
    deed = _include_word() if found.includable else tr("Health", "Leave out") if found.included else ""
    return (Cell(found.path), Cell(reason), Cell(amounts.size(found.size)), Cell(deed))


def _include_word() -> str:
    return QCoreApplication.translate("Health", "Include")


def _secret_row(found: SecretRow) -> Row:
    return (Cell(amounts.secret_name(found.type), "key"), Cell(found.path), Cell(f"{found.count:,}"))


def _language_row(found: LanguageRow, most: int) -> Row:
    share = found.lines / most if most else 0.0
    return (
        Cell(amounts.language_name(found.language)),
        Cell(amounts.cut_words(found.language, found.read_as), share=share),
        Cell(f"{found.files:,}"),
        Cell(f"{found.lines:,}"),
    )
