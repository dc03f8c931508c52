"""A module at a glance: its reasons, what it uses and who uses it, how it changed, who may know."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from desktop import tokens
from desktop.dates import day
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.rail import line
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.signs import ReasonMeter
from desktop.widgets.words import Elided, tip, words
from indexer.drawing.graph import line_width
from indexer.shapes.modules import Heat, ModuleLink, ModulePage, ModulePerson, PersonRole

MOST = 6
"""Modules on each side of the sketch."""

PEOPLE = 5
ROW = 22
MONTH_SECONDS = 2_629_800


class Glance(ScrollPage):
    """Shows the numbers of a ModulePage. ``moduleWanted`` carries the path of another module."""

    moduleWanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(self.tr("At a glance"))
        self.show_page(None)

    def show_page(self, page: ModulePage | None) -> None:
        """Show another module; None shows nothing."""
        body = QFrame()
        body.setProperty("kind", "pane")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if page is not None:
            parts = [part for part in (self._reasons(page), self._links(page)) if part is not None]
            if page.heat is not None:
                parts.append(self._changes(page.heat))
            if page.people:
                parts.append(self._people(page.people))
            for at, part in enumerate(parts):
                if at:
                    column.addWidget(line())
                column.addWidget(part)
        column.addStretch(1)
        self.setWidget(body)

    # ------------------------------------------------------------------------ private

    def _part(self, title: str, right: str = "") -> tuple[QWidget, QVBoxLayout]:
        theme = self._theme
        part = QWidget()
        column = QVBoxLayout(part)
        side = theme.px(tokens.S4)
        column.setContentsMargins(side, theme.px(14), side, theme.px(14))
        column.setSpacing(theme.px(tokens.S2))
        head = QHBoxLayout()
        head.setSpacing(theme.px(tokens.S2))
        head.addWidget(words(theme, title, tokens.STRONG))
        head.addStretch(1)
        if right:
            head.addWidget(words(theme, right, tokens.INTERFACE, "2"))
        column.addLayout(head)
        return part, column

    def _reasons(self, page: ModulePage) -> QWidget | None:
        why = page.row.why
        if not why.definitions:
            return None
        said = self.tr("%(share)d%%, %(reasons)s of %(all)s") % {
            "share": round(why.share * 100),
            "reasons": f"{why.reasons:,}",
            "all": f"{why.definitions:,}",
        }
        part, column = self._part(self.tr("Reasons recorded"), said)
        column.addWidget(ReasonMeter(self._theme, why.share))
        told = self.tr("Weighed by how often a definition changes and is used.")
        if page.why is not None and page.row.path:
            told = self.tr("Whole repository: %d%%. ") % round(page.why.whole.share * 100) + told
        column.addWidget(words(self._theme, told, tokens.META, "3", wrap=True))
        return part

    def _links(self, page: ModulePage) -> QWidget | None:
        if not page.uses and not page.used_by and not page.together:
            return None
        part, column = self._part(self.tr("Used by"), self.tr("Uses"))
        sketch = LinkSketch(self._theme, page)
        sketch.moduleWanted.connect(self.moduleWanted)
        column.addWidget(sketch)
        told = self.tr("Thickness: imports. Dashed: changes together, no import.")
        column.addWidget(words(self._theme, told, tokens.META, "3", wrap=True))
        return part

    def _changes(self, heat: Heat) -> QWidget:
        said = self.tr("%s commits in 12 months") % f"{heat.changes:,}"
        part, column = self._part(self.tr("Changes"), said)
        column.addWidget(MonthBars(self._theme, heat))
        return part

    def _people(self, people: tuple[ModulePerson, ...]) -> QWidget:
        theme = self._theme
        part, column = self._part(self.tr("Who may know"))
        table = QGridLayout()
        table.setHorizontalSpacing(theme.px(tokens.S4))
        table.setVerticalSpacing(theme.px(4))
        table.setColumnStretch(0, 1)
        column.addLayout(table)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for at, each in enumerate(people[:PEOPLE]):
            gone = each.role is PersonRole.LEFT
            name = Elided(theme, tokens.INTERFACE, "text_2" if gone else "text")
            name.set_text(each.contact.name)
            commits = (
                self.tr("1 commit") if each.commits == 1 else self.tr("%s commits") % f"{each.commits:,}"
            )
            if each.role is PersonRole.OWNER:
                commits = self.tr("owner, %s") % commits if each.commits else self.tr("owner")
            last = day(each.last) if each.last else ""
            if gone and last:
                last = self.tr("none since %s") % last[:7]
            table.addWidget(name, at, 0)
            table.addWidget(words(theme, commits, tokens.INTERFACE, "2"), at, 1)
            table.addWidget(words(theme, last, tokens.META, "3"), at, 2, right)
        return part


class LinkSketch(QWidget):
    """The module in the middle, who uses it at the left, what it uses at the right: painted as one."""

    moduleWanted = Signal(str)

    def __init__(self, theme: Theme, page: ModulePage) -> None:
        super().__init__()
        self._theme = theme
        self._name = plain(page.row.name or page.row.path)
        self._left = page.used_by[:MOST]
        self._right = page.uses[:MOST]
        self._below = page.together[:2]
        self._under: ModuleLink | None = None
        rows = max(len(self._left), len(self._right), 1)
        self._high = rows * theme.px(ROW)
        below = len(self._below) * theme.px(30) + (theme.px(16) if self._below else 0)
        self.setFixedHeight(self._high + below + theme.px(4))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Used by and uses"))
        told = [self.tr("used by %s") % each.path for each in page.used_by]
        told += [self.tr("uses %s") % each.path for each in page.uses]
        told += [self.tr("changes together with %s") % each.path for each in page.together]
        self.setAccessibleDescription(plain("; ".join(told)))

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        return QSize(self._theme.px(340), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint lines first, then names."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        node = self._node()
        for link, box, at_left in self._boxes():
            self._paint_line(painter, link, box, node, at_left=at_left)
        for at, (link, box) in enumerate(self._lower()):
            colour = theme.colour("accent")
            pen = QPen(colour, 1.5)
            pen.setDashPattern([3, 3])
            painter.setPen(pen)
            if at == 0:
                painter.drawLine(
                    QPointF(node.center().x(), node.bottom()), QPointF(node.center().x(), box.top())
                )
            painter.setPen(QPen(theme.colour("outline"), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            self._paint_text(painter, box.adjusted(8, 0, -8, 0), _short(link.path), link, centre=True)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.setBrush(theme.colour("page"))
        painter.drawRoundedRect(node, tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        font = theme.font(tokens.STRONG)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        name = QFontMetricsF(font).elidedText(self._name, Qt.TextElideMode.ElideMiddle, node.width() - 8)
        painter.drawText(node, int(Qt.AlignmentFlag.AlignCenter), name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a module can be gone to."""
        found = self._link_at(event.position())
        if found is not self._under:
            self._under = found
            self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the module that was clicked."""
        found = self._link_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.moduleWanted.emit(found.path)

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what joins the two."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._link_at(QPointF(event.pos()))
            if found is not None:
                QToolTip.showText(event.globalPos(), tip(found.statement.text), self)
            return True
        return super().event(event)

    # ------------------------------------------------------------------------ private

    def _node(self) -> QRectF:
        theme = self._theme
        width = min(theme.px(130), max(theme.px(64), self.width() * 0.26))
        height = theme.px(32)
        return QRectF((self.width() - width) / 2, (self._high - height) / 2, width, height)

    def _boxes(self) -> list[tuple[ModuleLink, QRectF, bool]]:
        high = self._theme.px(ROW)
        width = (self.width() - self._node().width()) / 2 - self._theme.px(44)
        found: list[tuple[ModuleLink, QRectF, bool]] = []
        for links, left in ((self._left, True), (self._right, False)):
            top = (self._high - len(links) * high) / 2
            x = 0.0 if left else self.width() - width
            found += [
                (link, QRectF(x, top + at * high, max(20.0, width), high), left)
                for at, link in enumerate(links)
            ]
        return found

    def _lower(self) -> list[tuple[ModuleLink, QRectF]]:
        theme = self._theme
        width, top = min(self.width() - 2.0, theme.px(220)), self._high + theme.px(16)
        return [
            (link, QRectF((self.width() - width) / 2, top + at * theme.px(30), width, theme.px(24)))
            for at, link in enumerate(self._below)
        ]

    def _link_at(self, point: QPointF) -> ModuleLink | None:
        boxes = [(link, box) for link, box, _ in self._boxes()] + self._lower()
        return next((link for link, box in boxes if box.contains(point)), None)

    def _paint_line(
        self, painter: QPainter, link: ModuleLink, box: QRectF, node: QRectF, *, at_left: bool
    ) -> None:
        theme = self._theme
        number = f"{link.imports:,}"
        font = theme.font(tokens.INTERFACE)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        wide = metrics.horizontalAdvance(number) + 4
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.colour("text_3"))
        place = QRectF(box.right() - wide if at_left else box.left(), box.top(), wide, box.height())
        painter.drawText(place, middle | int(Qt.AlignmentFlag.AlignHCenter), number)
        room = box.adjusted(0, 0, -wide - 6, 0) if at_left else box.adjusted(wide + 6, 0, 0, 0)
        self._paint_text(painter, room, _short(link.path), link, right=at_left)
        start = (
            QPointF(box.right() + 4, box.center().y())
            if at_left
            else QPointF(node.right(), node.center().y())
        )
        end = (
            QPointF(node.left(), node.center().y()) if at_left else QPointF(box.left() - 4, box.center().y())
        )
        path = QPainterPath(start)
        half = (start.x() + end.x()) / 2
        path.cubicTo(QPointF(half, start.y()), QPointF(half, end.y()), end)
        colour = theme.colour("accent" if link is self._under else "text_3")
        colour.setAlphaF(0.6)
        painter.setPen(QPen(colour, line_width(link.imports)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_text(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        link: ModuleLink,
        *,
        right: bool = False,
        centre: bool = False,
    ) -> None:
        theme = self._theme
        font = theme.font(tokens.INTERFACE)
        font.setUnderline(link is self._under)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        fits = QFontMetricsF(font).elidedText(plain(text), Qt.TextElideMode.ElideLeft, box.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        if centre:
            side = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | side), fits)


class MonthBars(QWidget):
    """Commits of the last 24 months, a bar each; the highest says when it was."""

    def __init__(self, theme: Theme, heat: Heat) -> None:
        super().__init__()
        self._theme = theme
        self._heat = heat
        self.setFixedHeight(theme.px(72))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        most = max(heat.months, default=0)
        self.setAccessibleName(self.tr("Commits a month"))
        if most:
            said = {"most": most, "month": self._month(heat.months.index(most))}
            self.setAccessibleDescription(self.tr("At most %(most)d, in %(month)s") % said)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars, the word above the highest, and the first and last month."""
        theme, painter, months = self._theme, QPainter(self), self._heat.months
        if not months:
            return
        most = max(months)
        top, bottom = theme.px(18), self.height() - theme.px(18)
        step = self.width() / len(months)
        high = months.index(most)
        for at, count in enumerate(months):
            height = max(1.0, (bottom - top) * count / most) if most else 1.0
            colour = theme.colour("accent" if at == high and most else "text_3")
            if at != high or not most:
                colour.setAlphaF(0.55)
            painter.fillRect(QRectF(at * step + 1, bottom - height, max(1.0, step - 3), height), colour)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_3"))
        foot = QRectF(0, bottom + 2, self.width(), theme.px(16))
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), self._month(0))
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), self._month(len(months) - 1))
        if most:
            painter.setPen(theme.colour("text_2"))
            said = self.tr("%(most)d in %(month)s") % {"most": most, "month": self._month(high)}
            width = QFontMetricsF(painter.font()).horizontalAdvance(said) + 4
            left = min(max(0.0, (high + 0.5) * step - width / 2), self.width() - width)
            painter.drawText(QRectF(left, 0, width, theme.px(16)), int(Qt.AlignmentFlag.AlignCenter), said)

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip how many commits a month had."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._heat.months:
            at = min(
                len(self._heat.months) - 1,
                int(event.pos().x() / max(1, self.width()) * len(self._heat.months)),
            )
            QToolTip.showText(event.globalPos(), f"{self._month(at)}: {self._heat.months[at]:,}", self)
            return True
        return super().event(event)

    def _month(self, at: int) -> str:
        back = len(self._heat.months) - 1 - at
        return day(self._heat.ends - back * MONTH_SECONDS)[:7]


def _short(path: str) -> str:
    return path or "top level"
