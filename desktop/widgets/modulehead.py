"""The head of a summary: name and size, the mark of whoever reviewed it, and a person's own paragraph."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop import tokens
from desktop.dates import spoken_day
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.widgets.paragrapheditor import ParagraphEditor
from desktop.widgets.prose import Prose
from desktop.widgets.related import RelatedPanel, RelatedRow
from desktop.widgets.sources import path_icon
from desktop.widgets.words import button, link, words
from desktop.widgets.wrapping import wrapping
from indexer.shapes.modules import ModulePage, ModuleReview


class ModuleHead(QWidget):
    """Emits ``reviewed`` with whether the mark is set, and ``kept`` with the text of a paragraph."""

    reviewed = Signal(bool)
    kept = Signal(str)
    drafted = Signal(str)
    """What is typed so far; empty when it was left or kept."""
    opened = Signal(object)

    def __init__(self, theme: Theme, page: ModulePage, by: str, whole: str) -> None:
        super().__init__()
        self._theme = theme
        self._page = page
        self._by = by
        self._called = page.row.path or page.row.name or whole
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, theme.px(tokens.S2))
        self._column.setSpacing(theme.px(tokens.S2))
        self._column.addWidget(self._title())
        self._column.addWidget(self._review())
        self._changed = RelatedPanel(theme)
        self._changed.opened.connect(self.opened)
        self._changed.show_rows("", (), "")
        self._column.addWidget(self._changed)
        self.editor: ParagraphEditor | None = None
        self._own: QWidget | None = None
        if page.paragraph is not None:
            self._own = self._paragraph()
            self._column.addWidget(self._own)

    def begin(self, text: str | None = None) -> None:
        """Open the editor on the paragraph, or on what was typed before."""
        if self.editor is not None:
            self.editor.begin()
            return
        known = self._page.paragraph.text if self._page.paragraph is not None else ""
        self.editor = ParagraphEditor(self._theme, known if text is None else text)
        self.editor.kept.connect(self.kept)
        self.editor.left.connect(self.leave)
        self.editor.drafted.connect(self.drafted)
        if self._own is not None:
            self._own.hide()
        self._column.addWidget(self.editor)
        self.editor.begin()

    def leave(self) -> bool:
        """Close the editor; returns whether it was open."""
        if self.editor is None:
            return False
        self.editor.hide()
        self.editor.deleteLater()
        self.editor = None
        if self._own is not None:
            self._own.show()
        self.drafted.emit("")
        return True

    # ------------------------------------------------------------------------ private

    def _title(self) -> QWidget:
        theme, row = self._theme, self._page.row
        holder, line = wrapping(theme.px(tokens.S3), 0)
        folder, _, name = self._called.rpartition("/")
        named = QWidget()
        inner = QHBoxLayout(named)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        if folder:
            around = words(theme, f"{plain(folder)}/", tokens.TITLE, "2")
            font = around.font()
            font.setWeight(font.Weight.Normal)
            around.setFont(font)
            around.setText(
                around.fontMetrics().elidedText(around.text(), Qt.TextElideMode.ElideLeft, theme.px(280))
            )
            inner.addWidget(around)
        title = words(theme, "", tokens.TITLE)
        title.setText(
            title.fontMetrics().elidedText(plain(name), Qt.TextElideMode.ElideMiddle, theme.px(320))
        )
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner.addWidget(title)
        named.setAccessibleName(self.tr("Module: %s") % plain(self._called))
        said = self.tr("%(files)s files, %(lines)s lines") % {
            "files": f"{row.files:,}",
            "lines": f"{row.lines:,}",
        }
        if row.why.definitions:
            said += self.tr(", %s definitions") % f"{row.why.definitions:,}"
        if row.build:
            said += self.tr(", built by %s") % plain(row.build)
        line.addWidget(named)
        line.addWidget(words(theme, said, tokens.INTERFACE, "2"))
        return holder

    def _review(self) -> QWidget:
        theme, review = self._theme, self._page.review
        holder, row = wrapping(theme.px(tokens.S2), theme.px(tokens.S1))
        withdrawn = review is not None and bool(review.changed_count or review.changed)
        if review is not None:
            sign = QLabel()
            name, role = ("clock", "partial") if withdrawn else ("check", "grounded")
            sign.setPixmap(pixmap(name, getattr(theme.roles, role), theme.px(16), self.devicePixelRatioF()))
            row.addWidget(sign)
        row.addWidget(words(theme, self._said(review), tokens.INTERFACE, "2"))
        if review is not None and withdrawn:
            show = link(theme, self.tr("Show"))
            show.setAccessibleName(self.tr("Show the files that changed since"))
            show.clicked.connect(self._on_show)
            row.addWidget(show)
        row.push()
        if self._page.paragraph is None:
            self.write = button(theme, self.tr("Write a paragraph"), "pen", flat=True)
            self.write.clicked.connect(self._on_write)
            row.addWidget(self.write)
        own = review is not None and not withdrawn and bool(self._by) and review.by == self._by
        if own:
            text = self.tr("Take mark back")
        else:
            text = self.tr("Reviewed again") if withdrawn else self.tr("Mark as reviewed")
        self.mark = button(theme, text, "undo" if own else "check")
        self.mark.clicked.connect(self._on_take_back if own else self._on_mark)
        row.addWidget(self.mark)
        return holder

    def _said(self, review: ModuleReview | None) -> str:
        if review is None:
            return self.tr("Generated; nobody has reviewed it yet.")
        values = {"by": plain(review.by) or self.tr("somebody"), "day": spoken_day(review.when)}
        if self._by and review.by == self._by:
            said = self.tr("You reviewed this on %(day)s.") % values
        else:
            said = self.tr("%(by)s reviewed this on %(day)s.") % values
        count = max(review.changed_count, len(review.changed))
        if count:
            said += (
                self.tr(" 1 file changed since.")
                if count == 1
                else self.tr(" %d files changed since.") % count
            )
        return said

    def _paragraph(self) -> QWidget:
        theme, paragraph = self._theme, self._page.paragraph
        assert paragraph is not None
        card = QFrame()
        card.setProperty("kind", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(theme.px(14), theme.px(tokens.S3), theme.px(14), theme.px(tokens.S2))
        column.setSpacing(theme.px(tokens.S2))
        text = Prose(theme, self.tr("Own paragraph"))
        text.show_markdown(paragraph.text)
        text.opened.connect(self.opened)
        column.addWidget(text)
        holder, row = wrapping(theme.px(tokens.S3), theme.px(tokens.S1))
        said = self.tr("Written by %(by)s, %(day)s") % {
            "by": plain(paragraph.by) or self.tr("somebody"),
            "day": spoken_day(paragraph.when),
        }
        row.addWidget(words(theme, said, tokens.META, "3"))
        row.push()
        edit = button(theme, self.tr("Edit"), "pen", flat=True)
        edit.setAccessibleName(self.tr("Edit the paragraph"))
        edit.clicked.connect(self._on_write)
        row.addWidget(edit)
        column.addWidget(holder)
        return card

    def _on_show(self) -> None:
        review = self._page.review
        assert review is not None
        rows = [RelatedRow(path, SourcePlace(path), path_icon(path), is_path=True) for path in review.changed]
        count = max(review.changed_count, len(rows))
        self._changed.show_rows(self.tr("Changed since"), rows, f"{count:,}", closable=True, most=8)
        self._changed.closed.connect(self._on_hide)

    def _on_hide(self) -> None:
        self._changed.show_rows("", (), "")

    def _on_write(self) -> None:
        self.begin()

    def _on_mark(self) -> None:
        self.reviewed.emit(True)

    def _on_take_back(self) -> None:
        self.reviewed.emit(False)
