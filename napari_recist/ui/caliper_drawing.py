"""Paints calipers: hairlines of constant width on the screen, values beside and not on lesions."""

import math
from collections.abc import Callable

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from napari_recist.criteria import Role
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexLine, IndexPoint

ToScreen = Callable[[IndexPoint], tuple[float, float]]

# Okabe and Ito's palette: told apart by every kind of colour vision, bright on grey.
ROLE_COLOURS = {
    Role.TARGET: QColor("#f0e442"),
    Role.NON_TARGET: QColor("#56b4e9"),
    Role.NEW: QColor("#e69f00"),
}
HAND_COLOUR = QColor("#ffffff")
SHADOW = QColor(0, 0, 0, 170)
LINE_PX = 1.6
TICK_PX = 5.0
LABEL_GAP_PX = 12.0
GHOST_REACH = 2
"""How many slices away a caliper still shows as a ghost."""
GHOST_OPACITY = 0.28
LABEL_POINTS = 11


def paint_calipers(
    painter: QPainter, calipers: list[DrawnCaliper], shown_slice: int, to_screen: ToScreen
) -> None:
    """Paint the calipers of the slice shown, and faintly those of its neighbours."""
    for caliper in calipers:
        away = abs(caliper.slice - shown_slice)
        if away > GHOST_REACH:
            continue
        painter.save()
        painter.setOpacity(1.0 if away == 0 else GHOST_OPACITY / away)
        _paint_one(painter, caliper, to_screen, ghost=away > 0)
        painter.restore()


def _paint_one(
    painter: QPainter, caliper: DrawnCaliper, to_screen: ToScreen, *, ghost: bool
) -> None:
    colour = HAND_COLOUR if caliper.in_hand else ROLE_COLOURS[caliper.lesion.role]
    long_axis = _points(caliper.long_axis, to_screen)
    _paint_line(painter, long_axis, colour, Qt.PenStyle.SolidLine, caliper.chosen)
    if caliper.short_axis is not None:
        short_axis = _points(caliper.short_axis, to_screen)
        _paint_line(painter, short_axis, colour, Qt.PenStyle.DashLine, caliper.chosen)
    if not ghost:
        _paint_label(painter, caliper, long_axis, colour)


def _points(line: IndexLine, to_screen: ToScreen) -> tuple[QPointF, QPointF]:
    return QPointF(*to_screen(line[0])), QPointF(*to_screen(line[1]))


def _paint_line(
    painter: QPainter,
    ends: tuple[QPointF, QPointF],
    colour: QColor,
    style: Qt.PenStyle,
    chosen: bool,
) -> None:
    width = LINE_PX + (0.6 if chosen else 0.0)
    ticks = _ticks(*ends)
    for pen in (QPen(SHADOW, width + 1.6), QPen(colour, width)):
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        for tick in ticks:
            painter.drawLine(*tick)
        pen.setStyle(style)
        painter.setPen(pen)
        painter.drawLine(*ends)


def _ticks(start: QPointF, end: QPointF) -> list[tuple[QPointF, QPointF]]:
    """Return the short bars across both ends: what is measured lies between them."""
    along = end - start
    length = math.hypot(along.x(), along.y()) or 1.0
    across = QPointF(-along.y(), along.x()) * (TICK_PX / length)
    return [(end_point - across, end_point + across) for end_point in (start, end)]


def _paint_label(
    painter: QPainter, caliper: DrawnCaliper, ends: tuple[QPointF, QPointF], colour: QColor
) -> None:
    text = f"{caliper.name}  {caliper.value}".strip()
    font = label_font(bold=caliper.chosen or caliper.in_hand)
    box = QFontMetricsF(font).boundingRect(text)
    place = _label_place(ends, box, painter.viewport().toRectF())
    paint_text(painter, place, text, font, colour)


def label_font(points: int = LABEL_POINTS, *, bold: bool = False) -> QFont:
    """Return the font of everything written on a picture."""
    font = QFont()
    font.setPointSize(points)
    font.setBold(bold)
    return font


def _label_place(ends: tuple[QPointF, QPointF], box: QRectF, sheet: QRectF) -> QPointF:
    """Put the label beyond the end further right, so that the lesion stays free.

    Where the sheet ends there, it goes beyond the other end.
    """
    start, end = sorted(ends, key=lambda point: point.x())
    for near, far in ((end, start), (start, end)):
        along = near - far
        length = math.hypot(along.x(), along.y()) or 1.0
        anchor = near + along * (LABEL_GAP_PX / length)
        left = anchor.x() if near is end else anchor.x() - box.width()
        corner = QPointF(left, anchor.y() + box.height() / 3)
        if sheet.contains(QRectF(corner.x(), corner.y() - box.height(), box.width(), box.height())):
            return corner
    return QPointF(
        min(max(end.x() + LABEL_GAP_PX, sheet.left()), sheet.right() - box.width()),
        min(max(end.y(), sheet.top() + box.height()), sheet.bottom()),
    )


def paint_text(
    painter: QPainter, baseline: QPointF, text: str, font: QFont, colour: QColor
) -> None:
    """Paint text with a dark rim: readable on bone and on lung alike."""
    path = QPainterPath()
    path.addText(baseline, font, text)
    painter.setPen(QPen(SHADOW, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(path)
    painter.setBrush(Qt.BrushStyle.NoBrush)
