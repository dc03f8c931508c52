"""The list that opens while typing: one model, one delegate, and a frame that never takes the focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.commands import shown_key
from desktop.dates import day, lately
from desktop.icons import pixmap
from desktop.oddities import plain, show
from desktop.theme import Theme
from desktop.widgets.floating import Floating
from desktop.widgets.painting import paint_verdict_sign
from desktop.widgets.rail import line
from desktop.widgets.words import words
from indexer.pages import Suggestion, SuggestionGroup, Suggestions

WIDTH = 720
SCOPES = ("path:", "sym:", "who:", "when:")
QUESTION_WORDS = 4
"""So many words are more likely a question than a name."""

Index = QModelIndex | QPersistentModelIndex


class RowKind(Enum):
    """What a row of the list is."""

    ASK = auto()
    HEAD = auto()
    HIT = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a heading with a count, the row that asks, or something found."""

    kind: RowKind
    title: str
    right: str = ""
    group: SuggestionGroup | None = None
    hit: Suggestion | None = None


def is_question(text: str) -> bool:
    """Say whether what is typed reads like a question rather than a name."""
    return text.rstrip().endswith("?") or len(text.split()) >= QUESTION_WORDS


class SuggestionModel(QAbstractListModel):
    """Rows in the order of their groups; an empty group has no heading."""

    def __init__(self, headings: dict[SuggestionGroup, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings = headings
        self.rows: list[Row] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a row's title; the delegate reads `rows` itself."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}, {row.right}" if row.right else row.title
        return row.title if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let headings be passed over."""
        if self.rows[index.row()].kind is RowKind.HEAD:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show(self, ask: Row | None, found: tuple[Suggestion, ...], totals: dict[str, int]) -> None:
        """Take new rows."""
        self.beginResetModel()
        self.rows = [] if ask is None else [ask]
        for group in SuggestionGroup:
            hits = [each for each in found if each.group is group]
            if hits:
                total = totals.get(group.value, len(hits))
                count = f"{total:,}" if total > len(hits) else ""
                self.rows.append(Row(RowKind.HEAD, self._headings[group], count, group))
                self.rows += [Row(RowKind.HIT, plain(each.title), _right(each), group, each) for each in hits]
        self.endResetModel()


class SuggestionDelegate(QStyledItemDelegate):
    """Paints every kind of row."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of one row."""
        kind = _row(index).kind
        height = tokens.ROW_CONTACT if kind is RowKind.HEAD else tokens.ROW_SEARCH
        return QSize(0, self._theme.px(height + (4 if kind is RowKind.ASK else 0)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row over its whole width."""
        theme, row, box = self._theme, _row(index), QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected) and row.kind is not RowKind.HEAD
        if selected:
            painter.fillRect(box, theme.colour("selection"))
        elif state & QStyle.StateFlag.State_MouseOver and row.kind is not RowKind.HEAD:
            painter.fillRect(box, theme.colour("hover"))
        inner = box.adjusted(theme.px(14), 0, -theme.px(14), 0)
        right = self._paint_right(painter, row, inner, selected)
        if row.kind is RowKind.HEAD:
            painter.setFont(theme.font(tokens.META_STRONG))
            painter.setPen(theme.colour("text_2"))
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), row.title)
        else:
            self._paint_icon(painter, row, inner)
            text = inner.adjusted(theme.px(26), 0, 0, 0)
            text.setRight(right - theme.px(12))
            self._paint_title(painter, row, text)
        painter.restore()

    # ------------------------------------------------------------------------ private

    def _paint_right(self, painter: QPainter, row: Row, box: QRect, selected: bool) -> int:
        """Paint what stands at the right; returns where it begins."""
        if not row.right:
            return box.right()
        theme = self._theme
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        metrics = QFontMetricsF(painter.font())
        room = box.width() * (0.5 if row.kind is RowKind.HIT else 1.0)
        fits = metrics.elidedText(row.right, Qt.TextElideMode.ElideLeft, room)
        width = round(metrics.horizontalAdvance(fits)) + 1
        place = QRect(box.right() - width, box.top(), width, box.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), fits)
        return place.left()

    def _paint_icon(self, painter: QPainter, row: Row, box: QRect) -> None:
        theme, side = self._theme, self._theme.px(16)
        top = box.top() + (box.height() - side) // 2
        status = row.hit.status if row.hit is not None else None
        if status is not None:
            paint_verdict_sign(painter, theme, status, QRectF(box.left(), top, side, side))
            return
        name = "ask" if row.group is None else ICONS[row.group]
        device = painter.device()
        ratio = device.devicePixelRatioF() if isinstance(device, QWidget) else 1.0
        painter.drawPixmap(QPoint(box.left(), top), pixmap(name, theme.roles.text_2, side, ratio))

    def _paint_title(self, painter: QPainter, row: Row, box: QRect) -> None:
        theme = self._theme
        left = float(box.left())
        if row.hit is not None and row.hit.commit_id and row.group is SuggestionGroup.COMMIT:
            painter.setFont(theme.font(tokens.CODE))
            painter.setPen(theme.colour("text_2"))
            short = row.hit.commit_id[:9]
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), short)
            left += QFontMetricsF(painter.font()).horizontalAdvance(short) + theme.px(8)
        mono = row.group is SuggestionGroup.SYMBOL
        painter.setFont(theme.font(tokens.CODE if mono else tokens.INTERFACE))
        metrics = QFontMetricsF(painter.font())
        mode = (
            Qt.TextElideMode.ElideLeft if row.group is SuggestionGroup.FILE else Qt.TextElideMode.ElideRight
        )
        fits = metrics.elidedText(row.title, mode, max(0.0, box.right() - left))
        if row.hit is not None and fits == row.title:
            shown = show(row.hit.title)
            for start, length in row.hit.marked:
                begin, end = shown.place(start), shown.place(start + length)
                self._paint_match(painter, box, metrics, left, fits, begin, end)
        painter.setPen(theme.colour("text"))
        rest = QRectF(left, box.top(), box.right() - left + 1, box.height())
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), fits)

    def _paint_match(  # noqa: PLR0913, PLR0917 (a piece of one row)
        self,
        painter: QPainter,
        box: QRect,
        metrics: QFontMetricsF,
        left: float,
        text: str,
        begin: int,
        end: int,
    ) -> None:
        units = text.encode("utf-16-le")
        before = units[: begin * 2].decode("utf-16-le", "replace")
        until = units[: end * 2].decode("utf-16-le", "replace")
        x, until_x = metrics.horizontalAdvance(before), metrics.horizontalAdvance(until)
        height = metrics.height() + 2
        mark = QRectF(left + x - 1, box.top() + (box.height() - height) / 2, until_x - x + 2, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("match"))
        painter.drawRoundedRect(mark, 2, 2)


class SuggestionPopup(Floating):
    """The frame under the field. A child of the window: it takes no focus, no grab and no events."""

    picked = Signal(object)
    """The Suggestion that was opened."""
    asked = Signal()
    scopeWanted = Signal(str)
    selectionTold = Signal(str)
    """What a screen reader says of the row that is selected now."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._field: QWidget | None = None
        self._text = ""
        self._asks = True
        self._moved = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Suggestions"))
        self._model = SuggestionModel(self._headings(), self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(SuggestionDelegate(theme, self))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Suggestions"))
        self.list.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, theme.px(4), 1, 1)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(line())
        self._foot = self._footer()
        column.addWidget(self._foot)

    def show_found(self, text: str, found: Suggestions | None, asks: bool = True) -> None:
        """Show what was found for ``text``; None while nothing is known yet. ``asks`` is False
        where only something found can be opened.
        """
        before = self._selected_key() if self._moved and text == self._text else None
        if text != self._text:
            self._moved = False
        self._text, self._asks = text, asks
        ask = Row(RowKind.ASK, self.tr("Ask “%s”") % plain(text), shown_key("Ctrl+Return")) if asks else None
        self._model.show(ask, found.rows if found else (), found.totals if found else {})
        self._select(self._row_of(before) if before else self._first())
        if not before:
            self.list.scrollToTop()

    def move_selection(self, by: int) -> None:
        """Move to the next row up or down, over headings, and around the ends."""
        rows = [i for i, row in enumerate(self._model.rows) if row.kind is not RowKind.HEAD]
        if not rows:
            return
        here = self.list.currentIndex().row()
        at = rows.index(here) + by if here in rows else 0
        self._moved = True
        self._select(rows[at % len(rows)])

    def take(self) -> None:
        """Open the selected row, or ask."""
        index = self.list.currentIndex()
        if index.isValid():
            self._on_clicked(index)

    def spared(self) -> tuple[QWidget, ...]:
        """Return the field: a click into it is part of typing."""
        return () if self._field is None else (self._field,)

    def place_under(self, field: QWidget) -> None:
        """Stand under ``field``, as high as the rows need and the window allows."""
        self._field = field
        window = self._window
        theme = self._theme
        corner = field.mapTo(window, QPoint(0, field.height() + theme.px(4)))
        width = min(theme.px(WIDTH), window.width() - 2 * theme.px(8))
        left = max(theme.px(8), min(corner.x(), window.width() - width - theme.px(8)))
        room = window.height() - corner.y() - theme.px(36)
        self._foot.setVisible(room > theme.px(160))
        height = sum(self.list.sizeHintForRow(i) for i in range(self._model.rowCount())) + theme.px(4) + 4
        if self._foot.isVisibleTo(self):
            height += self._foot.sizeHint().height()
        self.setGeometry(left, corner.y(), width, min(height, room))
        self.raise_()

    # ------------------------------------------------------------------------ private

    def _first(self) -> int:
        """Return the row that Enter takes: asking for a question, else the best thing found."""
        if self._asks and is_question(self._text):
            return 0
        return next((i for i, row in enumerate(self._model.rows) if row.kind is RowKind.HIT), 0)

    def _select(self, row: int) -> None:
        if not 0 <= row < len(self._model.rows):
            return
        index = self._model.index(row)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        self.selectionTold.emit(str(self._model.data(index, Qt.ItemDataRole.AccessibleTextRole)))

    def _selected_key(self) -> Row | None:
        index = self.list.currentIndex()
        return self._model.rows[index.row()] if index.isValid() else None

    def _row_of(self, wanted: Row) -> int:
        for i, row in enumerate(self._model.rows):
            if row.kind is wanted.kind and row.hit == wanted.hit:
                return i
        return self._first()

    def _on_clicked(self, index: QModelIndex) -> None:
        row = self._model.rows[index.row()]
        if row.kind is RowKind.ASK:
            self.asked.emit()
        elif row.hit is not None:
            self.picked.emit(row.hit)

    def _headings(self) -> dict[SuggestionGroup, str]:
        return {
            SuggestionGroup.SYMBOL: self.tr("Symbols"),
            SuggestionGroup.FILE: self.tr("Files"),
            SuggestionGroup.DOCUMENT: self.tr("Documents"),
            SuggestionGroup.COMMIT: self.tr("Commits"),
            SuggestionGroup.NOTE: self.tr("Notes"),
            SuggestionGroup.ASKED: self.tr("Asked before"),
        }

    def _footer(self) -> QWidget:
        theme = self._theme
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.px(14), theme.px(6), theme.px(14), theme.px(6))
        row.setSpacing(theme.px(6))
        for keys, text in (
            (("↑", "↓"), self.tr("choose")),
            ((shown_key("Return"),), self.tr("open")),
            ((shown_key("Ctrl+Return"),), self.tr("ask")),
        ):
            for key in keys:
                row.addWidget(key_cap(theme, key))
            row.addWidget(words(theme, text, tokens.META, "2"))
            row.addSpacing(theme.px(8))
        row.addStretch(1)
        row.addWidget(words(theme, self.tr("Narrow with"), tokens.META, "3"))
        for scope in SCOPES:
            row.addWidget(_ScopeLabel(theme, scope, self.scopeWanted.emit))
        return foot


class _ScopeLabel(QLabel):
    """A scope that a click puts into the field; by keyboard it is typed."""

    def __init__(self, theme: Theme, scope: str, wanted: Callable[[str], object]) -> None:
        super().__init__(scope)
        self._wanted = wanted
        self.setFont(theme.font(tokens.CODE))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", "2")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: object) -> None:
        """Put the scope into the field."""
        self._wanted(self.text())


class KeyCap(QLabel):
    """A key as it looks on a keyboard."""

    def __init__(self, theme: Theme, key: str) -> None:
        super().__init__(key)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(tokens.META))
        self.setProperty("kind", "tag")
        self._theme = theme


def key_cap(theme: Theme, key: str) -> KeyCap:
    """Return a key as it looks on a keyboard."""
    return KeyCap(theme, key)


ICONS = {
    SuggestionGroup.SYMBOL: "symbol",
    SuggestionGroup.FILE: "code",
    SuggestionGroup.DOCUMENT: "doc",
    SuggestionGroup.COMMIT: "commit",
    SuggestionGroup.NOTE: "note",
    SuggestionGroup.ASKED: "ask",
}


def _row(index: Index) -> Row:
    model = index.model()
    assert isinstance(model, SuggestionModel)
    return model.rows[index.row()]


def _right(each: Suggestion) -> str:
    """Return what stands at the right of a row: where it is, or when it was."""
    if each.group is SuggestionGroup.COMMIT:
        return day(each.when)
    if each.group is SuggestionGroup.ASKED:
        return lately(each.when)
    if each.group is SuggestionGroup.FILE or not each.path:
        return plain(each.detail)
    return f"{plain(each.path)} {each.line}" if each.line else plain(each.path)
