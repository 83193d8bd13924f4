"""Text on a picture with a dark rim, readable on bone and on lung alike.

Stroking the outline of every letter takes a millisecond a line, and a pane has a dozen lines that
stay the same from slice to slice: so each line is painted once and kept as a small image.
"""

import math
from functools import lru_cache

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

SHADOW = QColor(0, 0, 0, 170)
RIM_PX = 3.0
LABEL_POINTS = 11
KEPT = 512
"""So many lines are kept: those of two panes many times over, some hundred KiB."""


def label_font(points: int = LABEL_POINTS, *, bold: bool = False) -> QFont:
    """Return the font of everything written on a picture."""
    font = QFont()
    font.setPointSize(points)
    font.setBold(bold)
    return font


def paint_text(
    painter: QPainter, baseline: QPointF, text: str, font: QFont, colour: QColor
) -> None:
    """Paint a line of text from its baseline, on the nearest whole pixel."""
    if not text:
        return
    ratio = painter.device().devicePixelRatioF()
    image = _image(text, font.toString(), colour.rgba(), ratio)
    corner = QPointF(baseline.x() - RIM_PX, baseline.y() - _above(font))
    on_pixel = QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio)
    painter.drawImage(on_pixel, image)


def _above(font: QFont) -> float:
    """Return how far the image of a line reaches above its baseline."""
    return math.ceil(QFontMetricsF(font).ascent() + RIM_PX)


@lru_cache(KEPT)
def _image(text: str, font_words: str, rgba: int, ratio: float) -> QImage:
    font = QFont()
    font.fromString(font_words)
    metrics, above = QFontMetricsF(font), _above(font)
    path = QPainterPath()
    path.addText(QPointF(RIM_PX, above), font, text)
    reach: QRectF = path.boundingRect()
    width = max(metrics.horizontalAdvance(text) + 2 * RIM_PX, reach.right() + RIM_PX)
    height = max(above + metrics.descent() + RIM_PX, reach.bottom() + RIM_PX)
    size = math.ceil(width * ratio), math.ceil(height * ratio)
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # By place, not by name: PySide6 6.10 ends the program over cap=.
    rim = QPen(SHADOW, RIM_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.strokePath(path, rim)
    painter.fillPath(path, QColor.fromRgba(rgba))
    painter.end()
    return image
