"""The trend beside the panes: the sum of diameters or each target, with the limits that decide.

Painted by Qt in a few milliseconds, so that no gesture waits for a plot; the plot that leaves the
room is :mod:`napari_recist.exporting.trend`.
"""

import math
from dataclasses import dataclass

from psygnal import Signal
from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QToolTip, QWidget

from napari_recist.exporting.trend_lines import TrendLines
from napari_recist.translation import _
from napari_recist.ui.rimmed_text import label_font

GROUND, INK, FAINT = QColor("#262930"), QColor("#dfe6ec"), QColor("#8a929c")
SUM_COLOUR, PR_COLOUR, PD_COLOUR = QColor("#56b4e9"), QColor("#009e73"), QColor("#d55e00")
# Okabe and Ito's palette; each lesion has its own dash too, and its name stands at its line.
LESION_COLOURS = tuple(map(QColor, ("#f0e442", "#cc79a7", "#e69f00", "#56b4e9", "#dfe6ec")))
DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)
HEIGHT_PX = 190
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 40, 56, 24, 22
DOT_PX, PICK_PX = 4.0, 10.0
POINTS = 8
LINE_PX = 12
HEADROOM = 1.12
STEPS_MM = (1, 2, 5, 10, 20, 50, 100, 200, 500)
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A point of the plot that can be clicked; ``lesion`` is "" for the sum."""

    visit: str
    lesion: str
    place: QPointF
    words: str


class TrendPlot(QWidget):
    """A small plot; a click on a point asks for its visit, and for its lesion."""

    visit_wanted = Signal(str)
    lesion_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.lines = TrendLines()
        self.by_lesion = False
        self._names: list[tuple[float, str, QColor]] = []
        self.setFixedHeight(HEIGHT_PX)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_trend(self, lines: TrendLines) -> None:
        """Show the trend of a read."""
        if lines != self.lines:
            self.lines = lines
            self.update()
        self.setVisible(len(lines.visits) > 1)  # one point is no trend

    def toggle_lesions(self) -> None:
        """Show each lesion, or their sum."""
        self.by_lesion = not self.by_lesion
        self.update()

    def points(self) -> tuple[TrendPoint, ...]:
        """Return the points of the plot where they stand now."""
        lines = self.lines
        shown = [(line.lesion, line.mm) for line in lines.lesions] if self.by_lesion else []
        return tuple(
            TrendPoint(visit, lesion, self._place(week, mm), _words(visit, lesion, mm))
            for lesion, values in shown or [("", lines.sums)]
            for visit, week, mm in zip(lines.visits, lines.weeks, values, strict=True)
            if mm is not None
        )

    # Qt's own names from here on

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that fits the side panel."""
        return QSize(super().sizeHint().width(), HEIGHT_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the visit of a point, and to its lesion; anywhere else, change what is shown."""
        point = self._nearest(event.position())
        if point is None:
            self.toggle_lesions()
            return
        self.visit_wanted.emit(point.visit)
        if point.lesion:
            self.lesion_wanted.emit(point.lesion)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell what a point says."""
        point = self._nearest(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), point.words if point else "", self)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the plot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), GROUND)
        painter.setFont(label_font(POINTS))
        if self.lines.visits:
            self._paint_axes(painter)
            self._names = []
            self._paint_lesions(painter) if self.by_lesion else self._paint_sum(painter)
            self._paint_names(painter)
        painter.end()

    # where things stand

    def _top_mm(self) -> float:
        lines = self.lines
        values = [mm for line in lines.lesions for mm in line.mm] if self.by_lesion else []
        if not self.by_lesion:
            values = [*lines.sums, lines.pr_limit, *lines.pd_limits]
        return max((mm for mm in values if mm is not None), default=10.0) * HEADROOM or 10.0

    def _place(self, week: float, mm: float) -> QPointF:
        last = max(self.lines.weeks[-1], 1.0)
        width = self.width() - LEFT_PX - RIGHT_PX
        height = self.height() - TOP_PX - BOTTOM_PX
        return QPointF(LEFT_PX + width * week / last, TOP_PX + height * (1 - mm / self._top_mm()))

    def _nearest(self, place: QPointF) -> TrendPoint | None:
        def away(point: TrendPoint) -> float:
            return math.hypot(point.place.x() - place.x(), point.place.y() - place.y())

        found = min(self.points(), key=away, default=None)
        return found if found is not None and away(found) <= PICK_PX else None

    # painting

    def _paint_axes(self, painter: QPainter) -> None:
        painter.setPen(FAINT)
        painter.drawText(QPointF(LEFT_PX, 14), self._title())
        top = self._top_mm()
        step = next((s for s in STEPS_MM if top / s <= MOST_TICKS), STEPS_MM[-1])
        for number in range(int(top / step) + 1):
            at = self._place(0, number * step)
            box = QRectF(0, at.y() - 8, LEFT_PX - 6, 16)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, str(number * step))
        painter.drawLine(self._place(0, 0), self._place(self.lines.weeks[-1], 0))
        for visit, week in zip(self.lines.visits, self.lines.weeks, strict=True):
            box = QRectF(self._place(week, 0).x() - 30, self.height() - BOTTOM_PX + 2, 60, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, visit)

    def _title(self) -> str:
        title = _("each target, mm") if self.by_lesion else _("sum of diameters, mm")
        other = _("sum") if self.by_lesion else _("each target")
        return _("{title}   (Shift+T: {other})", title=title, other=other)

    def _paint_sum(self, painter: QPainter) -> None:
        lines = self.lines
        self._paint_limits(painter)
        self._paint_line(painter, lines.sums, SUM_COLOUR, Qt.PenStyle.SolidLine)
        for week, mm, response in zip(lines.weeks, lines.sums, lines.responses, strict=True):
            place = self._place(week, mm or 0.0)
            words = response if mm is not None else _("{response} (no sum)", response=response)
            painter.setPen(INK)
            flags = Qt.AlignmentFlag.AlignCenter
            painter.drawText(QRectF(place.x() - 50, place.y() - 22, 100, 14), flags, words.strip())

    def _paint_limits(self, painter: QPainter) -> None:
        lines = self.lines
        end = lines.weeks[-1]
        if lines.pr_limit is not None:
            painter.setPen(QPen(PR_COLOUR, 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(self._place(0, lines.pr_limit), self._place(end, lines.pr_limit))
            self._name("-30 %", lines.pr_limit, PR_COLOUR)
        before: tuple[float, float] | None = None
        for week, mm in zip(lines.weeks, lines.pd_limits, strict=True):
            if mm is None:
                continue
            # The limit of a visit follows from the nadir before it: it holds back to the last one.
            start = before[0] if before else 0.0
            painter.setPen(QPen(PD_COLOUR, 1.8, Qt.PenStyle.DotLine))
            if before:
                painter.drawLine(self._place(start, before[1]), self._place(start, mm))
            painter.drawLine(self._place(start, mm), self._place(week, mm))
            before = (week, mm)
        if before:
            self._name("+20 %", before[1], PD_COLOUR, lines_up=1)
            self._name(_("+5 mm"), before[1], PD_COLOUR)

    def _paint_lesions(self, painter: QPainter) -> None:
        for number, line in enumerate(self.lines.lesions):
            colour = LESION_COLOURS[number % len(LESION_COLOURS)]
            self._paint_line(painter, line.mm, colour, DASHES[number % len(DASHES)])
            last = next((mm for mm in reversed(line.mm) if mm is not None), None)
            if last is not None:
                self._name(line.lesion, last, colour)

    def _paint_line(
        self,
        painter: QPainter,
        values: tuple[float | None, ...],
        colour: QColor,
        dash: Qt.PenStyle,
    ) -> None:
        """Paint a line with its points; a visit without a value leaves a gap (N-9)."""
        before: QPointF | None = None
        for week, mm in zip(self.lines.weeks, values, strict=True):
            here = None if mm is None else self._place(week, mm)
            if here is not None:
                painter.setPen(QPen(colour, 1.8, dash))
                if before is not None:
                    painter.drawLine(before, here)
                painter.setBrush(colour)
                painter.drawEllipse(here, DOT_PX, DOT_PX)
            before = here

    def _name(self, words: str, mm: float, colour: QColor, *, lines_up: int = 0) -> None:
        """Name a line at its end, once every line is painted."""
        place = self._place(self.lines.weeks[-1], mm)
        self._names.append((place.y() + 4 - LINE_PX * lines_up, words, colour))

    def _paint_names(self, painter: QPainter) -> None:
        """Paint the names at the ends of the lines, as far apart as they can be read."""
        names = sorted(self._names, key=lambda name: name[0])
        left = self._place(self.lines.weeks[-1], 0).x() + 8
        heights = spread([height for height, _, _ in names], LINE_PX, self.height() - 2.0)
        for height, (_height, words, colour) in zip(heights, names, strict=True):
            painter.setPen(colour)
            painter.drawText(QPointF(left, height), words)


def spread(heights: list[float], apart: float, lowest: float) -> list[float]:
    """Return rising heights moved down, and up from the lowest place, until they are apart."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + apart) if placed else height)
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], lowest - apart * (len(placed) - 1 - place))
    return placed


def _words(visit: str, lesion: str, mm: float) -> str:
    return _("{visit}: {lesion} {mm:.1f} mm", visit=visit, lesion=lesion or _("sum"), mm=mm)
