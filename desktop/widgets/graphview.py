"""The layered graph of modules, painted as one picture: what is chosen shows its lines, others step back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import tip
from desktop.widgets.zoomed import Zoomed
from indexer.drawing.graph import Graph, Tie, arrow, lay_graph, line_width, short_names, taller, tie_curve
from indexer.drawing.layered import Drawing, Route, Spacing
from indexer.shapes.modules import Dependencies

NONE = -1
MARGIN, PAD, NODE, WIDEST = 24, 10, 24, 200
"""Room around the picture, beside a name, height and largest width of a node; px at 100 %."""

SINGLE_WIDTH = 760
"""Width of the rows of modules that nothing joins, px at 100 %."""

GAPS = (64, 34)
"""Room between layers, usually and where there is little; px at 100 %."""

TALLEST = 2.2
"""A graph is drawn at most so many times higher than it was laid out."""

READABLE = 0.62
"""Scale below which no name can be read: a graph that is larger than that shows its beginning first."""

FAINT = 0.14
"""How much is seen of the lines that do not touch what is chosen."""


class GraphView(Zoomed):
    """Shows Dependencies. One module is current: the keyboard moves it, a click sets it."""

    picked = Signal(int)
    """The current module has changed by the person's hand: its number, or -1."""
    entered = Signal(int)
    """A module to go into."""
    raised = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._wide = self._narrow = self.graph = Graph((), (), Drawing((), (), 0.0, 0.0), (), ())
        self._current = NONE
        self._under = NONE
        self._begun = True
        """True while nobody has zoomed: what is in view follows the size then."""
        self.setAccessibleName(self.tr("Dependencies"))

    # ------------------------------------------------------------------------ content

    def show_graph(self, found: Dependencies, within: str) -> None:
        """Show other dependencies, those of the modules within a path."""
        px = self.theme.px
        metrics = QFontMetricsF(self.theme.font(tokens.INTERFACE))
        names = short_names(found.nodes, within)
        widths = [min(px(WIDEST), metrics.horizontalAdvance(plain(name)) + 2 * px(PAD) + 2) for name in names]
        least = px(SINGLE_WIDTH)
        wide, narrow = (Spacing(px(NODE), px(12), px(gap), px(6)) for gap in GAPS)
        self._wide = lay_graph(found, within, widths, wide, least)
        self._narrow = lay_graph(found, within, widths, narrow, least)
        self._stretch()
        self._current = self._under = NONE
        self._describe()
        self._begin()

    def zoom(self, by: float, at: QPointF | None = None) -> None:
        """Show the content larger or smaller; from now on a resize leaves the zoom as it is."""
        self._begun = False
        super().zoom(by, at)

    def whole(self) -> None:
        """Show all of the graph, however small."""
        self._begun = False
        super().whole()

    def content_size(self) -> QSizeF:
        """Return the size of the drawing with its margin."""
        edge = 2 * self.theme.px(MARGIN)
        drawing = self.graph.drawing
        return QSizeF(drawing.width + edge, drawing.height + edge)

    @property
    def current(self) -> int:
        """The number of the current module, -1 for none."""
        return self._current

    def choose(self, number: int) -> None:
        """Make a module the current one, without telling; -1 is none."""
        self._current = number if 0 <= number < len(self.graph.nodes) else NONE
        if self._current != NONE:
            self.bring(self._box(self._current))
        self._describe()
        self.update()

    def node_at(self, point: QPointF) -> int:
        """Return the number of the module at a point of the widget, -1 for none."""
        place = self.content_at(point)
        return next((at for at in range(len(self.graph.nodes)) if self._box(at).contains(place)), NONE)

    def spoken(self) -> str:
        """Return what the current module is joined to, as a sentence."""
        graph = self.graph
        if self._current == NONE:
            return self.tr(
                "%(modules)d modules, %(lines)d dependencies. The arrow keys go from one to the next."
            ) % {
                "modules": len(graph.nodes),
                "lines": len(graph.drawing.routes),
            }
        row = graph.nodes[self._current]
        uses = [graph.names[r.arc.target] for r in graph.drawing.routes if r.arc.origin == self._current]
        users = [graph.names[r.arc.origin] for r in graph.drawing.routes if r.arc.target == self._current]
        said = self.tr("%(name)s: %(files)s files, %(lines)s lines; uses %(uses)s; used by %(users)s") % {
            "name": plain(graph.names[self._current]),
            "files": f"{row.files:,}",
            "lines": f"{row.lines:,}",
            "uses": plain(", ".join(uses)) or self.tr("none"),
            "users": plain(", ".join(users)) or self.tr("none"),
        }
        return said + (self.tr("; part of a circle") if graph.circle[self._current] else "")

    # ------------------------------------------------------------------------ Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint lines, then modules, then the focus."""
        theme, painter = self.theme, QPainter(self)
        painter.fillRect(self.rect(), theme.colour("page"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.translate(self.origin)
        painter.scale(self.scale, self.scale)
        edge = theme.px(MARGIN)
        painter.translate(edge, edge)
        chosen = self._under if self._under != NONE else self._current
        for tie in self.graph.ties:
            self._paint_tie(painter, tie, chosen)
        routes = sorted(self.graph.drawing.routes, key=lambda r: (_touches(r, chosen), r.against))
        for route in routes:
            self._paint_route(painter, route, chosen)
        beside = self._beside(chosen)
        for number in range(len(self.graph.nodes)):
            self._paint_node(painter, number, faint=chosen != NONE and number not in beside)
        painter.restore()
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that there is."""
        self._stretch()
        super().resizeEvent(event)
        if self._begun:
            self._begin()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the lines of the module under the pointer."""
        super().mouseMoveEvent(event)
        under = NONE if self.dragged else self.node_at(event.position())
        if under != self._under:
            self._under = under
            hand = Qt.CursorShape.PointingHandCursor if under != NONE else Qt.CursorShape.ArrowCursor
            self.setCursor(hand)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Make the module under the pointer the current one; beside all of them none is."""
        moved = self.dragged
        super().mouseReleaseEvent(event)
        if not moved and event.button() == Qt.MouseButton.LeftButton:
            self._pick(self.node_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go into the module under the pointer."""
        number = self.node_at(event.position())
        if number != NONE:
            self.entered.emit(number)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was pointed at."""
        super().leaveEvent(event)
        if self._under != NONE:
            self._under = NONE
            self.update()

    def event(self, event: QEvent) -> bool:
        """Tell in a tooltip what is under the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self.node_at(QPointF(event.pos()))
            if number != NONE:
                QToolTip.showText(event.globalPos(), tip(self._tip(number)), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from module to module, Enter goes in, Backspace out, Escape lets go."""
        key = Qt.Key(event.key())
        ways = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if key in ways and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._pick(self._next(*ways[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current != NONE:
            self.entered.emit(self._current)
        elif key == Qt.Key.Key_Backspace:
            self.raised.emit()
        elif key == Qt.Key.Key_Escape and self._current != NONE:
            self._pick(NONE)
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------ private

    def _begin(self) -> None:
        """Show all of the graph, or as much of its beginning as can be read."""
        super().whole()
        if 0 < self.fit() < READABLE:
            super().zoom(READABLE / self.fit(), QPointF(0, self.height() / 2))
        self._begun = True

    def _stretch(self) -> None:
        """Draw a wide graph as high as there is room for, so that its lines lie less close; where it is
        wider than its room, its layers move together, so that its names can be read.
        """
        edge = 2 * self.theme.px(MARGIN)
        laid = self._wide if self._wide.drawing.width + edge <= self.width() else self._narrow
        drawing = laid.drawing
        across = self.width() / max(1.0, drawing.width + edge)
        room = self.height() / max(0.1, min(1.0, across)) - edge
        by = room / max(1.0, drawing.height)
        self.graph = replace(laid, drawing=taller(drawing, min(TALLEST, max(1.0, by))))

    def _box(self, number: int) -> QRectF:
        place, edge, height = self.graph.drawing.nodes[number], self.theme.px(MARGIN), self.theme.px(NODE)
        return QRectF(place.left + edge, place.middle - height / 2 + edge, place.width, height)

    def _pick(self, number: int) -> None:
        if number != self._current:
            self.choose(number)
            self.picked.emit(number)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _next(self, across: int, down: int) -> int:
        """Return the nearest module in a direction; the current one where there is none."""
        if not self.graph.nodes:
            return NONE
        if self._current == NONE:
            return 0
        here = self._box(self._current).center()
        best, nearest = self._current, float("inf")
        for number in range(len(self.graph.nodes)):
            there = self._box(number).center() - here
            along = there.x() * across + there.y() * down
            aside = abs(there.y()) if across else abs(there.x())
            if along > 4 and along + 2 * aside < nearest:
                best, nearest = number, along + 2 * aside
        return best

    def _beside(self, chosen: int) -> set[int]:
        """Return a module with those that it is joined to."""
        if chosen == NONE:
            return set()
        found = {chosen}
        for route in self.graph.arcs_of(chosen):
            found |= {route.arc.origin, route.arc.target}
        for tie in self.graph.ties:
            if chosen in (tie.one, tie.other):
                found |= {tie.one, tie.other}
        return found

    def _describe(self) -> None:
        self.setAccessibleDescription(self.spoken())

    def _tip(self, number: int) -> str:
        row = self.graph.nodes[number]
        lines = [
            row.path or self.graph.names[number],
            self.tr("%(files)s files, %(lines)s lines, %(changes)s commits in 12 months")
            % {"files": f"{row.files:,}", "lines": f"{row.lines:,}", "changes": f"{row.changes:,}"},
        ]
        if self.graph.circle[number]:
            lines.append(self.tr("Part of a circle of imports"))
        for tie in self.graph.ties:
            if number in (tie.one, tie.other):
                other = self.graph.names[tie.other if number == tie.one else tie.one]
                lines.append(
                    self.tr("Changes together with %(other)s: %(commits)d of %(of)d commits, no import")
                    % {"other": other, "commits": tie.commits, "of": tie.of}
                )
        return "\n".join(lines)

    # ------------------------------------------------------------------------ painting

    def _paint_route(self, painter: QPainter, route: Route, chosen: int) -> None:
        theme = self.theme
        touched = _touches(route, chosen)
        colour = QColor(theme.colour("partial" if route.against else "accent" if touched else "text_3"))
        strength = 0.9 if route.against else 0.45
        if chosen != NONE:
            strength = 0.95 if touched else FAINT
        colour.setAlphaF(strength)
        width = line_width(route.arc.weight) * theme.scale
        path = QPainterPath(QPointF(*route.points[0]))
        for first, second, end in route.curves():
            path.cubicTo(QPointF(*first), QPointF(*second), QPointF(*end))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, width))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in arrow(route)]))

    def _paint_tie(self, painter: QPainter, tie: Tie, chosen: int) -> None:
        colour = self.theme.colour("accent")
        touched = chosen in (tie.one, tie.other)
        colour.setAlphaF(0.8 if chosen == NONE or touched else FAINT)
        pen = QPen(colour, self.theme.px(1.5))
        pen.setDashPattern([4, 3])
        nodes = self.graph.drawing.nodes
        start, first, second, end = tie_curve(nodes[tie.one], nodes[tie.other])
        path = QPainterPath(QPointF(*start))
        path.cubicTo(QPointF(*first), QPointF(*second), QPointF(*end))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_node(self, painter: QPainter, number: int, *, faint: bool) -> None:
        theme, edge = self.theme, self.theme.px(MARGIN)
        box = self._box(number).translated(-edge, -edge)
        ring, current = bool(self.graph.circle[number]), number == self._current
        role = "accent" if current else "partial" if ring else "border"
        painter.setPen(QPen(theme.colour(role), 2.0 if current else 1.5 if ring else 1.0))
        painter.setBrush(
            theme.colour("selection" if current else "hover" if number == self._under else "page")
        )
        painter.drawRoundedRect(
            box.adjusted(0.5, 0.5, -0.5, -0.5), tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL
        )
        font = theme.font(tokens.INTERFACE)
        painter.setFont(font)
        painter.setPen(theme.colour("text_3" if faint else "text"))
        room = box.adjusted(theme.px(PAD), 0, -theme.px(PAD) + 2, 0)
        name = QFontMetricsF(font).elidedText(
            plain(self.graph.names[number]), Qt.TextElideMode.ElideMiddle, room.width() + 2
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)


def _touches(route: Route, node: int) -> bool:
    return node in (route.arc.origin, route.arc.target)
