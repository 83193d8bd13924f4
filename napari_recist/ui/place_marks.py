"""Paints where lesions lie that no caliper shows: an open cross, the lesion's name beside it."""

from dataclasses import dataclass

from qtpy.QtCore import QPointF, Qt
from qtpy.QtGui import QPainter, QPen

from napari_recist.criteria import Lesion
from napari_recist.ui.caliper_drawing import (
    COUNTING_PX,
    GHOST_OPACITY,
    GHOST_REACH,
    ToScreen,
    colour_of,
)
from napari_recist.ui.drawn_caliper import IndexPoint
from napari_recist.ui.rimmed_text import SHADOW, label_font, paint_text

INNER_PX, OUTER_PX = 6.0, 13.0
"""The strokes of the cross begin and end here: what it points at stays free."""
LABEL_PX = 5.0


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """Where a lesion lies in the volume shown; ``chosen`` is the lesion selected in the list.

    ``of_read`` is the letter of one of two reads side by side.
    """

    lesion: Lesion
    index: IndexPoint
    chosen: bool = False
    of_read: str = ""

    @property
    def slice(self) -> int:
        """The slice it was pointed at on."""
        return round(self.index[0])


def paint_places(
    painter: QPainter, marks: list[PlaceMark], shown_slice: int, to_screen: ToScreen
) -> None:
    """Paint the places on the slice shown, and faintly those on its neighbours."""
    for mark in marks:
        away = abs(mark.slice - shown_slice)
        if away > GHOST_REACH:
            continue
        painter.save()
        painter.setOpacity(GHOST_OPACITY[away])
        _paint_one(painter, mark, QPointF(*to_screen(mark.index)))
        painter.restore()


def _paint_one(painter: QPainter, mark: PlaceMark, centre: QPointF) -> None:
    colour = colour_of(mark.lesion.role, mark.of_read)
    width = COUNTING_PX + (0.6 if mark.chosen else 0.0)
    for pen in (QPen(SHADOW, width + 1.6), QPen(colour, width)):
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        for way in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)):
            painter.drawLine(centre + way * INNER_PX, centre + way * OUTER_PX)
    beside = centre + QPointF(OUTER_PX + LABEL_PX, -LABEL_PX)
    name = f"{mark.of_read} {mark.lesion.identifier}".strip()
    paint_text(painter, beside, name, label_font(bold=mark.chosen), colour)
