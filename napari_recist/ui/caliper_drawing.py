"""Paints calipers: hairlines of constant width on the screen, values beside and not on lesions."""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from qtpy.QtCore import QLineF, QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from napari_recist.criteria import Role
from napari_recist.translation import _
from napari_recist.ui.drawn_caliper import DrawnCaliper, IndexLine, IndexPoint
from napari_recist.ui.label_places import Box, LabelPlace, LabelWish, Oval, Place, place_labels
from napari_recist.ui.rimmed_text import LABEL_POINTS, SHADOW, label_font, paint_text

ToScreen: TypeAlias = Callable[[IndexPoint], Place]

# Okabe and Ito's palette: told apart by every kind of colour vision, bright on grey. State is
# also told by shape: rings where a caliper is open, dashes where it is a ghost.
ROLE_COLOURS = {
    Role.TARGET: QColor("#f0e442"),
    Role.NON_TARGET: QColor("#56b4e9"),
    Role.NEW: QColor("#e69f00"),
}
READ_COLOURS = {"A": QColor("#56b4e9"), "B": QColor("#e69f00")}
READ_LINES = {"A": Qt.PenStyle.SolidLine, "B": Qt.PenStyle.DashDotLine}
"""Two reads side by side: each has its colour, its line and its letter, and its name the role."""
HAND_COLOUR = QColor("#ffffff")
PROPOSAL_COLOUR = QColor("#cc79a7")
"""Of what was drawn elsewhere and does not count: dashed on its own slice too."""
COUNTING_PX, OTHER_PX = 1.8, 1.0
"""Width of the axis whose length counts, and of the other one."""
CHOSEN_PX = 0.6
TICK_PX = 5.0
SOLID = Qt.PenStyle.SolidLine
RING_PX, HELD_RING_PX = 4.5, 7.0
GHOST_REACH = 2
"""How many slices away a caliper still shows as a ghost."""
GHOST_OPACITY = {0: 1.0, 1: 0.6, 2: 0.4}
GHOST_POINTS = 9
LABEL_PADDING_PX = 2.0


def shown_on(calipers: Sequence[DrawnCaliper], shown_slice: int) -> list[DrawnCaliper]:
    """Return the calipers of a slice and the ghosts of its neighbours, what is in hand last."""
    near = [one for one in calipers if abs(one.slice - shown_slice) <= GHOST_REACH]
    return sorted(near, key=lambda one: (one.slice != shown_slice, one.in_hand))


def paint_calipers(
    painter: QPainter,
    calipers: Sequence[DrawnCaliper],
    shown_slice: int,
    to_screen: ToScreen,
    taken: Sequence[Box] = (),
) -> list[Box]:
    """Paint the calipers of the slice shown, and faintly those of its neighbours.

    Returns
    -------
    list of Box
        Where their labels are.
    """
    sheet = sheet_of(painter)
    near = shown_on(calipers, shown_slice)
    shown = [one for one in near if oval_of(one, to_screen).bounds.shared(sheet)]
    for caliper in shown:
        away = abs(caliper.slice - shown_slice)
        painter.setOpacity(GHOST_OPACITY[away])
        _paint_axes(painter, caliper, to_screen, ghost=away > 0)
    places = _label_places(painter, shown, shown_slice, to_screen, taken)
    for caliper, place in zip(shown, places, strict=True):
        painter.setOpacity(GHOST_OPACITY[abs(caliper.slice - shown_slice)])
        _paint_label(painter, caliper, place, shown_slice)
    painter.setOpacity(1.0)
    return [place.box for place in places]


def oval_of(caliper: DrawnCaliper, to_screen: ToScreen) -> Oval:
    """Return the part of the screen a caliper's lesion lies in, as far as its axes tell."""
    short = caliper.short_axis or caliper.offered
    return Oval.around(
        _ends(caliper.long_axis, to_screen), _ends(short, to_screen) if short else None
    )


def sheet_of(painter: QPainter) -> Box:
    """Return what can be painted on."""
    port = painter.viewport()
    return Box(float(port.x()), float(port.y()), float(port.width()), float(port.height()))


def _ends(line: IndexLine, to_screen: ToScreen) -> tuple[Place, Place]:
    return to_screen(line[0]), to_screen(line[1])


def _colour(caliper: DrawnCaliper) -> QColor:
    if caliper.in_hand:
        return HAND_COLOUR
    if caliper.proposal:
        return PROPOSAL_COLOUR
    return colour_of(caliper.lesion.role, caliper.of_read)


def colour_of(role: Role, of_read: str) -> QColor:
    """Return the colour of a role, or of one of two reads side by side."""
    return READ_COLOURS[of_read] if of_read else ROLE_COLOURS[role]


def _paint_axes(
    painter: QPainter, caliper: DrawnCaliper, to_screen: ToScreen, *, ghost: bool
) -> None:
    colour = _colour(caliper)
    dashed = ghost or caliper.proposal
    style = Qt.PenStyle.DashLine if dashed else READ_LINES.get(caliper.of_read, SOLID)
    for line in caliper.lines:
        width = COUNTING_PX if line == caliper.counting_axis else OTHER_PX
        width += CHOSEN_PX if caliper.chosen else 0.0
        _paint_line(painter, _ends(line, to_screen), QPen(colour, width, style))
    if caliper.offered is not None and not ghost:
        pen = QPen(HAND_COLOUR, OTHER_PX, Qt.PenStyle.DotLine)
        _paint_line(painter, _ends(caliper.offered, to_screen), pen)
    if caliper.opened and not ghost:
        _paint_rings(painter, caliper, to_screen, colour)


def _paint_line(painter: QPainter, ends: tuple[Place, Place], pen: QPen) -> None:
    line = QLineF(QPointF(*ends[0]), QPointF(*ends[1]))
    ticks = _ticks(line.p1(), line.p2())
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    solid = QPen(pen)
    solid.setStyle(Qt.PenStyle.SolidLine)
    shadow = QPen(solid)
    shadow.setColor(SHADOW)
    shadow.setWidthF(pen.widthF() + 1.6)
    painter.setPen(shadow)
    painter.drawLines([line, *ticks] if pen.style() == Qt.PenStyle.SolidLine else ticks)
    painter.setPen(solid)
    painter.drawLines(ticks)
    painter.setPen(pen)
    painter.drawLine(line)


def _ticks(start: QPointF, end: QPointF) -> list[QLineF]:
    """Return the short bars across both ends: what is measured lies between them."""
    along = end - start
    length = math.hypot(along.x(), along.y()) or 1.0
    across = QPointF(-along.y(), along.x()) * (TICK_PX / length)
    return [QLineF(end_point - across, end_point + across) for end_point in (start, end)]


def _paint_rings(
    painter: QPainter, caliper: DrawnCaliper, to_screen: ToScreen, colour: QColor
) -> None:
    """Paint what can be taken hold of: rings on the ends, a square in the middle."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(SHADOW, 3.0), QPen(colour, 1.4)):
        painter.setPen(pen)
        for line in caliper.lines:
            for end in _ends(line, to_screen):
                painter.drawEllipse(QPointF(*end), RING_PX, RING_PX)
        x, y = to_screen(caliper.middle)
        painter.drawRect(QRectF(x - RING_PX + 1, y - RING_PX + 1, 2 * RING_PX - 2, 2 * RING_PX - 2))
    if caliper.held is not None:
        painter.setPen(QPen(HAND_COLOUR, 2.0))
        painter.drawEllipse(QPointF(*to_screen(caliper.held)), HELD_RING_PX, HELD_RING_PX)


def _text(caliper: DrawnCaliper, shown_slice: int) -> str:
    away = caliper.slice - shown_slice
    if away:
        ghost = _("{lesion}: {slices} up") if away > 0 else _("{lesion}: {slices} down")
        return ghost.format(lesion=caliper.name, slices=abs(away))
    return f"{caliper.name}  {caliper.value}".strip()


def _font(caliper: DrawnCaliper, shown_slice: int) -> QFont:
    ghost = caliper.slice != shown_slice
    strong = caliper.chosen or caliper.in_hand or caliper.opened
    return label_font(GHOST_POINTS if ghost else LABEL_POINTS, bold=strong and not ghost)


def _label_places(
    painter: QPainter,
    shown: Sequence[DrawnCaliper],
    shown_slice: int,
    to_screen: ToScreen,
    taken: Sequence[Box],
) -> list[LabelPlace]:
    """Place every label beside its lesion, preferring the end further right of what counts."""
    wishes = []
    for caliper in shown:
        metrics = QFontMetricsF(_font(caliper, shown_slice))
        width = metrics.horizontalAdvance(_text(caliper, shown_slice)) + 2 * LABEL_PADDING_PX
        anchor = max(_ends(caliper.counting_axis, to_screen))
        ends = tuple(end for line in caliper.lines for end in _ends(line, to_screen))
        lesion = oval_of(caliper, to_screen)
        wishes.append(LabelWish(width, metrics.height(), lesion, anchor, ends=ends))
    return place_labels(wishes, [wish.lesion for wish in wishes], sheet_of(painter), taken)


def _paint_label(
    painter: QPainter, caliper: DrawnCaliper, place: LabelPlace, shown_slice: int
) -> None:
    colour, font = _colour(caliper), _font(caliper, shown_slice)
    if place.leader is not None:
        painter.setPen(QPen(colour, 0.8, Qt.PenStyle.DotLine))
        painter.drawLine(*(QPointF(*end) for end in place.leader))
    baseline = place.box.top + QFontMetricsF(font).ascent()
    at = QPointF(place.box.left + LABEL_PADDING_PX, baseline)
    paint_text(painter, at, _text(caliper, shown_slice), font, colour)
