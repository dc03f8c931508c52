"""Commits a week as one painted picture: bars, tags, a range to choose by mouse or by keys, zoom."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QDate, QDateTime, QEvent, QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop import tokens
from desktop.dates import day
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import tip
from indexer.pages import Tag, Timeline

WEEK = 604_800
TAGS, AXIS, SIDE, BAND = 22, 20, 16, 104
"""Heights of the tags' line and of the axis, the margin at both sides, and the width of the band that
says where a shallow history starts; px at 100 %."""

HEIGHT, LOW = 148, 108
BAR = 4
"""Least width of a bar with its gap; where weeks have less, a bar stands for several."""

GRIP = 5
CLOSEST_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Span:
    """Weeks ``first`` to ``last`` of the timeline, inclusive."""

    first: int
    last: int


class TimelineView(QWidget):
    """Shows a Timeline. ``rangeChanged`` carries (after, before) in seconds, (0, 0) for everything."""

    rangeChanged = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line = Timeline(0, (), (), False)
        self._tags: list[tuple[Tag, str, float]] = []
        """Tags with their names' widths, those first that get room first."""
        self._left, self._right = 0.0, 1.0
        self._cursor = 0
        self._anchor = 0
        self._chosen: Span | None = None
        self._dragging = False
        self.loading = False
        self.setFixedHeight(theme.px(HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Timeline of commits"))

    # ------------------------------------------------------------------------ content

    def show_timeline(self, line: Timeline) -> None:
        """Show other bars; the part in view and the range stay where the weeks are the same."""
        metrics = QFontMetricsF(self._theme.font(tokens.META))
        ordered = sorted(line.tags, key=lambda tag: (_greatness(tag.name), -tag.when))
        self._tags = [
            (tag, name, metrics.horizontalAdvance(name)) for tag in ordered if (name := plain(tag.name))
        ]
        same = line.first == self._line.first and len(line.counts) == len(self._line.counts)
        chosen = self.chosen()
        self._line = line
        self.loading = False
        if not same:
            self._left, self._right = 0.0, float(max(1, len(line.counts)))
            self._cursor = self._anchor = max(0, len(line.counts) - 1)
            self._chosen = None
            self.choose(*chosen)
        self._describe()
        self.update()

    def set_low(self, low: bool) -> None:
        """Take less height, where there is little."""
        self.setFixedHeight(self._theme.px(LOW if low else HEIGHT))

    def choose(self, after: int, before: int) -> None:
        """Mark a range in seconds, without telling; 0 is open on that side."""
        weeks = len(self._line.counts)
        if (not after and not before) or not weeks:
            self._chosen = None
        else:
            first = max(0, (after - self._line.first) // WEEK) if after else 0
            last = (before - 1 - self._line.first) // WEEK if before else weeks - 1
            first = min(first, weeks - 1)
            self._chosen = Span(first, min(weeks - 1, max(first, last)))
        self.update()

    def chosen(self) -> tuple[int, int]:
        """Return the range in seconds, (0, 0) when there is none."""
        if self._chosen is None:
            return 0, 0
        first = self._line.first
        return first + self._chosen.first * WEEK, first + (self._chosen.last + 1) * WEEK

    def clear(self) -> None:
        """Take the range back, and tell."""
        if self._chosen is not None:
            self._chosen = None
            self._tell()

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Show fewer weeks (a factor above 1) or more, around ``at`` px or what is chosen."""
        weeks = len(self._line.counts)
        if weeks < 2:
            return
        middle = self._week_at(at) if at is not None else self._middle()
        span = min(float(weeks), max(min(CLOSEST_WEEKS, weeks), (self._right - self._left) / factor))
        share = (middle - self._left) / (self._right - self._left)
        self._look(middle - span * share, span)

    def zoom_out(self) -> None:
        """Show the whole history."""
        self._look(0.0, float(max(1, len(self._line.counts))))

    @property
    def zoomed(self) -> bool:
        """True when a part of the history is out of view."""
        return self._right - self._left < len(self._line.counts)

    def spoken(self) -> str:
        """Return what stands at the cursor, as a sentence."""
        bar = self._bar_of(self._cursor)
        return self._bar_words(bar) if self._line.counts else self.tr("No commits")

    # ------------------------------------------------------------------------ Qt

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        return QSize(self._theme.px(640), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint range, bars, tags, axis, cursor."""
        theme, painter = self._theme, QPainter(self)
        painter.fillRect(self.rect(), theme.colour("page"))
        plot = self._plot()
        if not self._line.counts:
            self._paint_empty(painter, plot)
            return
        self._paint_band(painter, plot)
        if self._chosen is not None:
            box = self._box(self._chosen)
            painter.fillRect(box, theme.colour("cite"))
        painter.save()
        painter.setClipRect(plot.adjusted(-1, -theme.px(TAGS), 1, theme.px(AXIS)))
        self._paint_axis(painter, plot)
        self._paint_bars(painter, plot)
        self._paint_tags(painter, plot)
        painter.restore()
        self._paint_chosen(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a range, or take hold of one of its ends."""
        if event.button() != Qt.MouseButton.LeftButton or not self._line.counts:
            return
        x = event.position().x()
        end = self._end_near(x)
        week = self._whole_week(x)
        self._dragging = True
        if end is not None and self._chosen is not None:
            self._anchor = self._chosen.last if end == self._chosen.first else self._chosen.first
            self._cursor = end
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag_to(week)
        else:
            self._anchor = self._cursor = week
            self._chosen = self._bar_of(week)
            self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Widen the range, or show that an end can be taken hold of."""
        x = event.position().x()
        if self._dragging:
            self._drag_to(self._whole_week(x))
            return
        near = self._end_near(x) is not None
        self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a range."""
        self._dragging = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; sideways, or with Shift, move along."""
        turned = event.angleDelta()
        if turned.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            steps = (turned.x() or turned.y()) / 120
            span = self._right - self._left
            self._look(self._left - steps * span / 8, span)
        elif turned.y():
            self.zoom(1.25 ** (turned.y() / 120), event.position().x())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, choose, zoom; what is no key of the timeline goes on."""
        key = event.key()
        keys = Qt.Key
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = self._weeks_a_bar()
        month = max(step, 4)
        moves = {
            keys.Key_Left: self._cursor - step,
            keys.Key_Right: self._cursor + step,
            keys.Key_PageUp: self._cursor - month * 6,
            keys.Key_PageDown: self._cursor + month * 6,
            keys.Key_Home: 0,
            keys.Key_End: len(self._line.counts) - 1,
        }
        if key in moves:
            self._move(moves[Qt.Key(key)], shift)
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_Space):
            self._anchor = self._cursor
            self._chosen = self._bar_of(self._cursor)
            self._tell()
        elif key in (keys.Key_Plus, keys.Key_Equal):
            self.zoom(1.5)
        elif key == keys.Key_Minus:
            self.zoom(1 / 1.5)
        elif key == keys.Key_0:
            self.zoom_out()
        elif key == keys.Key_Escape and self._chosen is not None:
            self.clear()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tip(self._words_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    # ------------------------------------------------------------------------ geometry

    def _plot(self) -> QRectF:
        px = self._theme.px
        left = px(SIDE) + (px(BAND) if self._line.starts_here and self._left <= 0 else 0)
        return QRectF(left, px(TAGS), max(1, self.width() - px(SIDE) - left), self.height() - px(TAGS + AXIS))

    def _a_week(self) -> float:
        return self._plot().width() / max(1e-6, self._right - self._left)

    def _x(self, week: float) -> float:
        return self._plot().left() + (week - self._left) * self._a_week()

    def _week_at(self, x: float) -> float:
        return self._left + (x - self._plot().left()) / self._a_week()

    def _whole_week(self, x: float) -> int:
        return min(max(0, math.floor(self._week_at(x))), len(self._line.counts) - 1)

    def _weeks_a_bar(self) -> int:
        return max(1, math.ceil(self._theme.px(BAR) / self._a_week()))

    def _bar_of(self, week: int) -> Span:
        step = self._weeks_a_bar()
        first = week // step * step
        return Span(first, min(first + step, len(self._line.counts)) - 1)

    def _box(self, span: Span) -> QRectF:
        plot = self._plot()
        left = max(plot.left(), self._x(span.first))
        right = min(plot.right(), self._x(span.last + 1))
        return QRectF(left, plot.top(), max(0.0, right - left), plot.height())

    def _middle(self) -> float:
        if self._chosen is not None:
            return min(max((self._chosen.first + self._chosen.last + 1) / 2, self._left), self._right)
        return min(max(float(self._cursor), self._left), self._right)

    def _end_near(self, x: float) -> int | None:
        if self._chosen is None:
            return None
        for end, week in (
            (self._chosen.first, self._chosen.first),
            (self._chosen.last, self._chosen.last + 1),
        ):
            if abs(self._x(week) - x) <= self._theme.px(GRIP):
                return end
        return None

    def _look(self, left: float, span: float) -> None:
        weeks = float(max(1, len(self._line.counts)))
        span = min(span, weeks)
        self._left = min(max(0.0, left), weeks - span)
        self._right = self._left + span
        self.update()

    # ------------------------------------------------------------------------ choosing

    def _drag_to(self, week: int) -> None:
        self._cursor = week
        first, last = self._bar_of(min(self._anchor, week)), self._bar_of(max(self._anchor, week))
        span = Span(first.first, last.last)
        if span != self._chosen:
            self._chosen = span
            self._tell()

    def _move(self, week: int, extend: bool) -> None:
        if not self._line.counts:
            return
        week = min(max(0, week), len(self._line.counts) - 1)
        if extend:
            if self._chosen is None:
                self._anchor = self._cursor
            self._drag_to(week)
        self._cursor = week
        span = self._right - self._left
        if week < self._left or week >= self._right:
            self._look(week - span / 2, span)
        self._describe()
        self.update()

    def _tell(self) -> None:
        self._describe()
        self.update()
        self.rangeChanged.emit(*self.chosen())

    def _describe(self) -> None:
        words = [self.spoken()]
        if self._chosen is not None:
            words.append(self.tr("Chosen: %s") % self._bar_words(self._chosen))
        said = ". ".join(words)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # ------------------------------------------------------------------------ words

    def _bar_words(self, span: Span) -> str:
        count = sum(self._line.counts[span.first : span.last + 1])
        first = self._line.first + span.first * WEEK
        last = self._line.first + (span.last + 1) * WEEK - 1
        values = {"first": day(first), "last": day(last), "count": f"{count:,}"}
        if count == 1:
            return self.tr("%(first)s to %(last)s, 1 commit") % values
        return self.tr("%(first)s to %(last)s, %(count)s commits") % values

    def _words_at(self, place: QPointF) -> str:
        if not self._line.counts:
            return ""
        plot = self._plot()
        if place.x() < plot.left() - self._theme.px(4):
            return self.tr("Earlier history is not in this clone.") if self._line.starts_here else ""
        if place.y() < plot.top():
            near = [tag for tag in self._line.tags if abs(self._tag_x(tag) - place.x()) < self._theme.px(4)]
            named = ", ".join(f"{plain(tag.name)} ({day(tag.when)})" for tag in near[:8])
            if named:
                return named
        return self._bar_words(self._bar_of(self._whole_week(place.x())))

    # ------------------------------------------------------------------------ painting

    def _paint_empty(self, painter: QPainter, plot: QRectF) -> None:
        theme = self._theme
        painter.setPen(theme.colour("text_3"))
        painter.setFont(theme.font(tokens.INTERFACE))
        if self.loading:
            for place in range(0, int(plot.width()), theme.px(12)):
                height = plot.height() * (0.25 + 0.5 * abs(math.sin(place)))
                box = QRectF(plot.left() + place, plot.bottom() - height, theme.px(8), height)
                painter.fillRect(box, theme.colour("sunken"))
        else:
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, self.tr("No commits to draw"))

    def _paint_band(self, painter: QPainter, plot: QRectF) -> None:
        if not self._line.starts_here or self._left > 0:
            return
        theme = self._theme
        box = QRectF(theme.px(SIDE), plot.top(), theme.px(BAND - 4), plot.height())
        painter.fillRect(box, theme.colour("sunken"))
        painter.setPen(theme.colour("text_2"))
        painter.setFont(theme.font(tokens.META))
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box.adjusted(6, 0, -6, 0), int(words), self.tr("History starts here"))

    def _paint_bars(self, painter: QPainter, plot: QRectF) -> None:
        theme, counts = self._theme, self._line.counts
        step = self._weeks_a_bar()
        first = int(self._left) // step * step
        last = min(len(counts), math.ceil(self._right) + step)
        sums = [(at, sum(counts[at : at + step])) for at in range(first, last, step)]
        most = max((total for _, total in sums), default=0)
        if not most:
            return
        a_week = self._a_week()
        gap = 1.0 if a_week * step >= theme.px(3) else 0.0
        plain_bar, chosen_bar = theme.colour("text_3"), theme.colour("accent")
        if self._chosen is not None:
            plain_bar = theme.colour("outline")
        origin = plot.left() - self._left * a_week
        for at, total in sums:
            if not total:
                continue
            height = max(2.0, total / most * (plot.height() - theme.px(4)))
            left = round(origin + at * a_week)
            width = max(1.0, round(origin + min(at + step, len(counts)) * a_week) - left - gap)
            inside = self._chosen is not None and self._chosen.first <= at <= self._chosen.last
            painter.fillRect(
                QRectF(left, plot.bottom() - height, width, height), chosen_bar if inside else plain_bar
            )
        self._paint_scale(painter, plot, most, step)

    def _paint_scale(self, painter: QPainter, plot: QRectF, most: int, step: int) -> None:
        theme = self._theme
        if step == 1:
            said = self.tr("most %s a week") % f"{most:,}"
        else:
            said = self.tr("most %(most)s in %(weeks)d weeks") % {"most": f"{most:,}", "weeks": step}
        painter.setFont(theme.font(tokens.META))
        width = QFontMetricsF(painter.font()).horizontalAdvance(said) + theme.px(8)
        box = QRectF(plot.right() - width, plot.top(), width, theme.px(16))
        if self._chosen is not None and self._box(self._chosen).intersects(box):
            # The lines of the chosen range would strike the words out.
            box.moveLeft(plot.left())
        ground = theme.colour("page")
        ground.setAlphaF(0.85)
        painter.fillRect(box, ground)
        painter.setPen(theme.colour("text_3"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, said)

    def _paint_axis(self, painter: QPainter, plot: QRectF) -> None:
        theme = self._theme
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), theme.colour("hairline"))
        painter.setFont(theme.font(tokens.META))
        metrics = QFontMetricsF(painter.font())
        free = plot.left()
        for when, name in self._ticks():
            x = self._x((when - self._line.first) / WEEK)
            if x < plot.left() - 1 or x > plot.right():
                continue
            painter.fillRect(QRectF(round(x), plot.bottom(), 1, theme.px(4)), theme.colour("outline"))
            width = metrics.horizontalAdvance(name)
            if x >= free and x + width + theme.px(4) <= plot.right():
                painter.setPen(theme.colour("text_3"))
                box = QRectF(x + theme.px(3), plot.bottom() + 2, width + 2, theme.px(16))
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
                free = x + width + theme.px(14)

    def _ticks(self) -> list[tuple[int, str]]:
        """Return (seconds, name) of the years in view, or of the months where a few years are."""
        start = QDateTime.fromSecsSinceEpoch(round(self._line.first + self._left * WEEK)).date()
        end = QDateTime.fromSecsSinceEpoch(round(self._line.first + self._right * WEEK)).date()
        by_month = self._right - self._left < 130
        at = QDate(start.year(), start.month() if by_month else 1, 1)
        found: list[tuple[int, str]] = []
        while at <= end and len(found) < 200:
            name = str(at.year()) if at.month() == 1 else QLocale().toString(at, "MMM")
            found.append((at.startOfDay().toSecsSinceEpoch(), name))
            at = at.addMonths(1) if by_month else at.addYears(1)
        return found

    def _tag_x(self, tag: Tag) -> float:
        return self._x((tag.when - self._line.first) / WEEK)

    def _paint_tags(self, painter: QPainter, plot: QRectF) -> None:
        """Paint a tick for every tag in view, and as many names as have room, the great ones first."""
        theme = self._theme
        painter.setFont(theme.font(tokens.META))
        a_second = self._a_week() / WEEK
        origin = plot.left() - self._left * self._a_week() - self._line.first * a_second
        left_end, right_end, gap = plot.left(), plot.right(), theme.px(10)
        tick, tick_top = theme.colour("accent"), plot.top() - theme.px(5)
        ticks: set[int] = set()
        taken: list[tuple[float, float]] = []
        painter.setPen(theme.colour("text_2"))
        most = int(plot.width() / theme.px(40))
        for tag, name, width in self._tags:
            x = origin + tag.when * a_second
            if not left_end - 1 <= x <= right_end:
                continue
            ticks.add(round(x))
            if width > theme.px(120) or len(taken) >= most:
                continue
            left = min(max(left_end, x - width / 2), right_end - width)
            right = left + width + gap
            if any(left < end and begin < right for begin, end in taken):
                continue
            taken.append((left, right))
            box = QRectF(left, 0, width + 2, tick_top)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
        for x in ticks:
            painter.fillRect(QRectF(x, tick_top, 1, theme.px(5)), tick)

    def _paint_chosen(self, painter: QPainter) -> None:
        theme = self._theme
        if self._chosen is not None:
            box = self._box(self._chosen)
            for x in (box.left(), box.right() - 1):
                painter.fillRect(QRectF(x, box.top(), 1, box.height()), theme.colour("accent"))
        if self.hasFocus():
            bar = self._box(self._bar_of(self._cursor))
            x = bar.center().x()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            side = theme.px(5)
            base = bar.bottom() + theme.px(7)
            painter.drawPolygon([QPointF(x, base - side), QPointF(x - side, base), QPointF(x + side, base)])


def _greatness(name: str) -> int:
    """Return how early a tag's name gets its room: 0 for x.0.0, 1 for x.y.0, 2 for the rest."""
    numbers = [part for part in name.lstrip("vV").split(".") if part]
    if not numbers or not all(part.isdigit() for part in numbers):
        return 3
    if len(numbers) < 2 or all(int(part) == 0 for part in numbers[1:]):
        return 0
    return 1 if len(numbers) == 2 or int(numbers[-1]) == 0 else 2
