"""The loupe: a round lens beside an end, with the voxels around it magnified through the window."""

from dataclasses import dataclass

import numpy as np
from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from napari_recist.ui.drawn_caliper import IndexPoint
from napari_recist.ui.pane_view import PaneView

RADIUS_PX = 62.0
MAGNIFICATION = 3.5
"""Of the picture: at 4 px/mm a millimetre is 14 pixels in the loupe."""
GAP_PX = 24.0
"""Between the end and the lens: the end itself stays in sight."""
RIM = QColor("#f2f2f2")
CROSS = QColor("#f0e442")
CROSS_PX = 11.0
CROSS_GAP_PX = 3.0
"""The cross hair leaves its very middle free."""


@dataclass(frozen=True, slots=True)
class Magnified:
    """Voxels of one slice as colours, and where they lie: index of the first row and column."""

    colours: np.ndarray
    row: int
    column: int


def magnified_voxels(pane: PaneView, place: IndexPoint, reach_mm: float) -> Magnified | None:
    """Return the voxels around a place as the pane shows them; ``None`` outside the picture.

    Parameters
    ----------
    pane : PaneView
        Whose volume, window and colours are taken.
    place : (slice, row, column)
        An index; the slice need not be the one shown.
    reach_mm : float
        How far around the place.
    """
    if pane.volume is None or pane.frame is None or pane.layer is None:
        return None
    middle = np.array(place[1:])
    reach = reach_mm / pane.frame.scale[1:]
    first = np.maximum(np.floor(middle - reach + 0.5), 0).astype(int)
    last = np.minimum(np.floor(middle + reach + 0.5) + 1, pane.frame.shape[1:]).astype(int)
    if np.any(last <= first):
        return None
    cut = pane.volume.voxels[round(place[0]), first[0] : last[0], first[1] : last[1]]
    low, high = pane.layer.contrast_limits
    grey = np.clip((np.asarray(cut, dtype=float) - low) / (high - low), 0, 1) ** pane.layer.gamma
    colours = pane.layer.colormap.map(grey.ravel()).reshape(*grey.shape, 4)
    return Magnified((colours * 255).round().astype(np.uint8), int(first[0]), int(first[1]))


def paint_loupe(painter: QPainter, pane: PaneView, place: IndexPoint, middle: QPointF) -> None:
    """Paint the lens with its middle at a place of the sheet."""
    if pane.frame is None:
        return
    scale = pane.pixels_per_mm * MAGNIFICATION
    lens = QPainterPath()
    lens.addEllipse(middle, RADIUS_PX, RADIUS_PX)
    painter.save()
    painter.setClipPath(lens)
    painter.fillPath(lens, Qt.GlobalColor.black)
    voxels = magnified_voxels(pane, place, RADIUS_PX / scale)
    if voxels is not None:
        rows, columns = voxels.colours.shape[:2]
        height, width = pane.frame.scale[1:] * scale
        left = middle.x() + (voxels.column - 0.5 - place[2]) * width
        top = middle.y() + (voxels.row - 0.5 - place[1]) * height
        colours = np.ascontiguousarray(voxels.colours)
        image = QImage(colours.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        # Voxels, not a smooth picture of them: the eye judges the edge, not the interpolation.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(QRectF(left, top, width * columns, height * rows), image)
    painter.restore()
    painter.setPen(QPen(RIM, 1.6))
    painter.drawEllipse(middle, RADIUS_PX, RADIUS_PX)
    _paint_cross(painter, middle)


def _paint_cross(painter: QPainter, middle: QPointF) -> None:
    painter.setPen(QPen(CROSS, 1.2))
    for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        direction = QPointF(right, down)
        painter.drawLine(middle + direction * CROSS_GAP_PX, middle + direction * CROSS_PX)
