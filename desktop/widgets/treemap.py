"""The treemap, painted as one picture: size is lines, colour changes, hatch no recorded reason."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.painting import tile_hatch
from desktop.widgets.zoomed import Zoomed
from indexer.drawing import heat
from indexer.drawing.folders import Folder, gather, within
from indexer.drawing.treemap import Group, Measures, Plan, plan
from indexer.shapes.modules import FileRow

HEADER, LABEL_LEFT, LABEL_TOP, HATCH_TOP = 18, 5, 2, 18
EDGE = 4
LEAST_LABEL_WIDTH, LEAST_LABEL_HEIGHT = 30, 17
LEAST_HATCHED = 6
"""Smaller sides than this, px at 100 %, show no hatch and no outline."""

VEIL = 0.78
"""How much of a tile is hidden that a filter leaves out."""

NONE = -1


@dataclass(frozen=True, slots=True)
class _Looks:
    """What each file looks like, worked out once for all paintings."""

    steps: list[int]
    hatched: list[bool]
    outlined: list[bool]


@dataclass(frozen=True, slots=True)
class _Picture:
    """A painted plan, and what it was painted for."""

    pixmap: QPixmap
    key: tuple[object, ...]


class TreemapView(Zoomed):
    """Shows the files of one folder. One file is current: the keyboard moves it, a click sets it."""

    picked = Signal(int)
    """The current file has changed by the person's hand, by its number among the rows."""
    pointed = Signal(int)
    """The file under the pointer, -1 for none."""
    drilled = Signal(str)
    """A folder to go into."""
    fileOpened = Signal(str)
    raised = Signal()
    """The folder around is wanted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.rows: tuple[FileRow, ...] = ()
        self.root = Folder("", "")
        self._everything = Folder("", "")
        self._name = ""
        self._looks = _Looks([], [], [])
        self._plan = Plan((), [], [])
        self._plan_size = QSizeF()
        self._picture: _Picture | None = None
        self._current = NONE
        self._under = NONE
        self._group_under: Group | None = None
        self._tile_of: dict[int, int] = {}
        self._lit: frozenset[int] | None = None
        self.setAccessibleName(self.tr("Map"))

    # ------------------------------------------------------------------------ content

    def content_size(self) -> QSizeF:
        """Return the room of the map: the ring of the focus lies around it."""
        edge = 2 * self.theme.px(EDGE)
        return QSizeF(max(1, self.width() - edge), max(1, self.height() - edge))

    def show_files(self, rows: tuple[FileRow, ...], name: str) -> None:
        """Show other files; ``name`` is the repository's. The folder stays the same where it still is."""
        self.rows, self._name = rows, name
        self._everything = gather([row.path for row in rows], [row.lines for row in rows])
        self._looks = _Looks(
            [heat.step(row.changes) for row in rows],
            [heat.hatched(row) for row in rows],
            [heat.outlined(row) for row in rows],
        )
        self._current = self._under = NONE
        self.show_folder(self.root.path)

    def show_folder(self, path: str) -> bool:
        """Show the files below ``path``; the whole where there is no such folder, which returns False."""
        found = within(self._everything, path)
        self.root = found or self._everything
        self._forget_plan()
        self.whole()
        if self._current != NONE and self._current not in self._tiles():
            self._current = NONE
        self._describe()
        return found is not None

    def light(self, numbers: frozenset[int] | None) -> None:
        """Let only these files stand out; None: all of them."""
        if numbers != self._lit:
            self._lit = numbers
            self._picture = None
            self.update()

    def files(self) -> list[int]:
        """Return the numbers of the files that are shown."""
        return list(self.root.every_file())

    def nearest(self, path: str) -> str:
        """Return the innermost folder around ``path``, itself included, that holds more than one folder."""
        place = path
        while place and (found := within(self._everything, place)) is not None and found.path != place:
            place = place.rpartition("/")[0]
        return place

    @property
    def under(self) -> int:
        """The number of the file under the pointer, -1 for none."""
        return self._under

    @property
    def current(self) -> int:
        """The number of the current file, -1 for none."""
        return self._current

    def choose(self, number: int) -> None:
        """Make a file the current one, without telling."""
        self._current = number if 0 <= number < len(self.rows) else NONE
        tile = self._tiles().get(self._current)
        if tile is not None:
            self.bring(QRectF(*self._plan.tiles[tile]))
        self._describe()
        self.update()

    def box_of(self, number: int) -> QRectF:
        """Return where a file is on the screen; empty when it is not shown."""
        tile = self._tiles().get(number)
        return QRectF() if tile is None else self.on_screen(QRectF(*self._plan.tiles[tile]))

    def file_at(self, point: QPointF) -> int:
        """Return the number of the file at a point of the widget, -1 for none."""
        place = self.content_at(point)
        group = self._group_at(place)
        if group is None:
            return NONE
        x, y = place.x(), place.y()
        tiles = self.plan().tiles
        for at in range(group.first, group.end):
            left, top, width, height = tiles[at]
            if left <= x < left + width and top <= y < top + height:
                return self._plan.files[at]
        return NONE

    def folder_of(self, number: int) -> str:
        """Return the folder to go into from a file: the group that it lies in; empty for the root's own."""
        tile = self._tiles().get(number, NONE)
        for group in self._plan.groups:
            if group.first <= tile < group.end:
                return "" if group.own else group.folder.path
        return ""

    def plan(self) -> Plan:
        """Return the plan at the present size, laid out once for each."""
        size = self.content_size()
        if self._plan_size != size:
            px = self.theme.px
            measures = Measures(px(HEADER), px(3))
            self._plan = plan(self.root, (0.0, 0.0, size.width(), size.height()), measures)
            self._plan_size = size
            self._tile_of = {}
        return self._plan

    def spoken(self) -> str:
        """Return what the current file is, as a sentence."""
        if self._current == NONE:
            return self.tr("%(files)d files. The arrow keys go from one to the next.") % {
                "files": self.root.count
            }
        return self.words_of(self._current)

    def words_of(self, number: int) -> str:
        """Return the numbers of a file in words."""
        return self.words_of_row(self.rows[number])

    def words_of_row(self, row: FileRow) -> str:
        """Return the numbers of a row in words."""
        said = self.tr("%(path)s: %(lines)s lines, %(changes)s changes, %(authors)s authors") % {
            "path": plain(row.path),
            "lines": f"{row.lines:,}",
            "changes": f"{row.changes:,}",
            "authors": f"{row.authors:,}",
        }
        if row.why.definitions:
            said += self.tr(", %(with)s of %(all)s definitions with a reason") % {
                "with": f"{row.why.reasons:,}",
                "all": f"{row.why.definitions:,}",
            }
        return said

    # ------------------------------------------------------------------------ Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, and over it what is current, pointed at and focused."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._painted())
        theme = self.theme
        for number, role, width in ((self._under, "text_2", 1.0), (self._current, "accent", 2.0)):
            box = self.box_of(number) if number != NONE else QRectF()
            if box.isEmpty():
                continue
            if role == "accent":
                painter.setPen(QPen(theme.colour("page"), 4))
                painter.drawRect(box.adjusted(-1, -1, 1, 1))
            painter.setPen(QPen(theme.colour(role), width))
            painter.drawRect(box.adjusted(-1, -1, 1, 1) if role == "accent" else box.adjusted(0, 0, -1, -1))
        if self._group_under is not None and self._group_under.header:
            self._paint_header(painter, self._group_under, under=True)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew where the size is another."""
        if self.content_size() != self._plan_size:
            self._forget_plan()
        super().resizeEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which file is under the pointer."""
        super().mouseMoveEvent(event)
        if self.dragged:
            self._point_at(NONE, None)
            return
        group = self._header_at(event.position())
        self._point_at(NONE if group is not None else self.file_at(event.position()), group)
        shape = Qt.CursorShape.PointingHandCursor if group is not None else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Make the file under the pointer the current one; a folder's name leads into it."""
        moved = self.dragged
        super().mouseReleaseEvent(event)
        if moved or event.button() != Qt.MouseButton.LeftButton:
            return
        group = self._header_at(event.position())
        if group is not None:
            self.drilled.emit(group.folder.path)
        else:
            self._pick(self.file_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go into the folder of the file under the pointer, or open it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._enter(self.file_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was pointed at."""
        super().leaveEvent(event)
        self._point_at(NONE, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from file to file, Enter goes in, Backspace out."""
        key = Qt.Key(event.key())
        ways = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if key in ways and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._pick(self._next(*ways[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self._current)
        elif key == Qt.Key.Key_Backspace:
            self.raised.emit()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.plan().files:
            # Groups come in falling size, and so do their files.
            self._pick(self._plan.files[0 if key == Qt.Key.Key_Home else -1])
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------ private

    def _forget_plan(self) -> None:
        self._plan_size = QSizeF()
        self._picture = None
        self._tile_of = {}
        self._group_under = None
        self._under = NONE

    def _tiles(self) -> dict[int, int]:
        """Return the tile of each file that is shown."""
        files = self.plan().files
        if len(self._tile_of) != len(files):
            self._tile_of = {number: at for at, number in enumerate(files)}
        return self._tile_of

    def _group_at(self, place: QPointF) -> Group | None:
        x, y = place.x(), place.y()
        for group in self.plan().groups:
            left, top, width, height = group.box
            if left <= x < left + width and top <= y < top + height:
                return group
        return None

    def _header_at(self, point: QPointF) -> Group | None:
        """Return the group whose name is at a point, if one can go into it."""
        place = self.content_at(point)
        group = self._group_at(place)
        if group is None or group.own or not group.header or place.y() >= group.box[1] + group.header:
            return None
        return group

    def _point_at(self, number: int, group: Group | None) -> None:
        if number != self._under or group is not self._group_under:
            told = number != self._under
            self._under, self._group_under = number, group
            self.update()
            if told:
                self.pointed.emit(number)

    def _pick(self, number: int) -> None:
        if number not in (NONE, self._current):
            self.choose(number)
            self.picked.emit(number)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _enter(self, number: int) -> None:
        if number == NONE:
            return
        folder = self.folder_of(number)
        if folder:
            self.drilled.emit(folder)
        else:
            self.fileOpened.emit(self.rows[number].path)

    def _next(self, across: int, down: int) -> int:
        """Return the nearest file in a direction; the current one where there is none."""
        tiles = self.plan().tiles
        here = self._tiles().get(self._current)
        if here is None:
            return self._plan.files[0] if self._plan.files else NONE
        left, top, width, height = tiles[here]
        best, nearest = self._current, float("inf")
        for at, (x, y, w, h) in enumerate(tiles):
            if across:
                beyond = (x - (left + width)) if across > 0 else (left - (x + w))
                aside = max(0.0, max(y, top) - min(y + h, top + height))
                off = abs((y + h / 2) - (top + height / 2))
            else:
                beyond = (y - (top + height)) if down > 0 else (top - (y + h))
                aside = max(0.0, max(x, left) - min(x + w, left + width))
                off = abs((x + w / 2) - (left + width / 2))
            if at == here or beyond < -1.5:
                continue
            distance = max(0.0, beyond) + 4 * aside + off / 50
            if distance < nearest:
                best, nearest = self._plan.files[at], distance
        return best

    def _describe(self) -> None:
        name = plain(self.root.path or self._name)
        self.setAccessibleName(self.tr("Map of %s") % name if name else self.tr("Map"))
        self.setAccessibleDescription(self.spoken())

    # ------------------------------------------------------------------------ painting

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        corner = self.origin
        key = (self.width(), self.height(), ratio, self.factor, corner.x(), corner.y(), id(self.plan()))
        if self._picture is None or self._picture.key != key:
            pixmap = QPixmap(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(self.theme.colour("page"))
            painter = QPainter(pixmap)
            self._paint_tiles(painter)
            for group in self._plan.groups:
                if group.header:
                    self._paint_header(painter, group)
            painter.end()
            self._picture = _Picture(pixmap, key)
        return self._picture.pixmap

    def _paint_tiles(self, painter: QPainter) -> None:
        theme, roles = self.theme, self.theme.roles
        colours = [QColor(each) for each in (roles.sunken, *roles.heat)]
        inks = [QColor(each) for each in (roles.text_3, *roles.on_heat)]
        hatches = [tile_hatch(theme, self.devicePixelRatioF(), ink) for ink in inks]
        font = theme.font(tokens.META)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        least_wide, least_high = theme.px(LEAST_LABEL_WIDTH), theme.px(LEAST_LABEL_HEIGHT)
        least_outlined = theme.px(heat.LEAST_OUTLINED)
        least_hatched, hatch_top = theme.px(LEAST_HATCHED), theme.px(HATCH_TOP)
        scale, origin_x, origin_y = self.scale, self.origin.x(), self.origin.y()
        right, bottom = self.width(), self.height()
        steps, hatched, outlined = self._looks.steps, self._looks.hatched, self._looks.outlined
        fill, lit = painter.fillRect, self._lit
        veil = theme.colour("page")
        veil.setAlphaF(VEIL)
        outlines: list[QRectF] = []
        for (left, top, width, height), number in zip(self._plan.tiles, self._plan.files, strict=True):
            x, y = int(left * scale + origin_x), int(top * scale + origin_y)
            end_x, end_y = int((left + width) * scale + origin_x), int((top + height) * scale + origin_y)
            if x >= right or y >= bottom or end_x < 0 or end_y < 0:
                continue  # out of view, where the picture is zoomed
            wide, high = max(1, end_x - x - 1), max(1, end_y - y - 1)
            step = steps[number]
            fill(x, y, wide, high, colours[step])
            if lit is not None and number not in lit:
                fill(x, y, wide, high, veil)
                continue
            if wide < least_hatched or high < least_hatched:
                continue
            named = wide >= least_wide and high >= least_high
            if named:
                self._paint_name(
                    painter, metrics, QRectF(x, y, wide, high), self.rows[number].path, inks[step]
                )
            if hatched[number]:
                above = hatch_top if named else 0
                if high - above >= least_hatched:
                    fill(x, y + above, wide, high - above, hatches[step])
            if outlined[number] and min(wide, high) >= least_outlined:
                outlines.append(QRectF(x + 1, y + 1, wide - 2, high - 2))
        painter.setPen(QPen(theme.colour("text"), theme.px(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects(outlines)

    def _paint_name(
        self, painter: QPainter, metrics: QFontMetricsF, box: QRectF, path: str, ink: QColor
    ) -> None:
        px = self.theme.px
        room = box.width() - px(LABEL_LEFT) - 2
        name = metrics.elidedText(plain(path.rpartition("/")[2]), Qt.TextElideMode.ElideRight, room)
        if len(name) >= 3:
            painter.setPen(ink)
            place = QRectF(box.left() + px(LABEL_LEFT), box.top() + px(LABEL_TOP), room, px(14))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)

    def _paint_header(self, painter: QPainter, group: Group, *, under: bool = False) -> None:
        theme = self.theme
        box = self.on_screen(QRectF(group.box[0], group.box[1], group.box[2], group.header))
        font = theme.font(tokens.META_STRONG)
        if under:
            font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(theme.colour("link" if under else "text_2"))
        name = self.tr("%s, top level") % (self.root.name or self._name) if group.own else group.folder.name
        shown = QFontMetricsF(font).elidedText(plain(name), Qt.TextElideMode.ElideRight, box.width() - 4)
        if len(shown) >= 3 or shown == name:
            if under:
                painter.fillRect(box.adjusted(0, 1, 0, -1), theme.colour("page"))
            painter.drawText(box.adjusted(1, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), shown)
