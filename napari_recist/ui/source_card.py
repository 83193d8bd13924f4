"""The card beside a caliper under the mouse: its value, the raw value and what they came from."""

from collections.abc import Sequence

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QFontMetricsF, QPainter, QPen

from napari_recist.ui.caliper_drawing import ToScreen, oval_of, sheet_of
from napari_recist.ui.drawn_caliper import DrawnCaliper
from napari_recist.ui.label_places import Box, LabelWish, Oval, place_labels
from napari_recist.ui.rimmed_text import label_font

PAPER = QColor(18, 24, 30, 235)
EDGE, INK, HEADING = QColor("#8a97a3"), QColor("#dfe6ec"), QColor("#ffffff")
FONT_POINTS = 10
PADDING_PX = 8.0
GAP_PX = 16.0


def paint_source_card(
    painter: QPainter,
    caliper: DrawnCaliper,
    to_screen: ToScreen,
    lesions: Sequence[Oval],
    taken: Sequence[Box],
) -> None:
    """Paint the card of a caliper beside its lesion, off the other lesions and labels."""
    fonts = [label_font(FONT_POINTS, bold=not line) for line in range(len(caliper.source))]
    metrics = [QFontMetricsF(font) for font in fonts]
    lines = list(zip(caliper.source, fonts, metrics, strict=True))
    width = max(measure.horizontalAdvance(text) for text, _, measure in lines) + 2 * PADDING_PX
    height = sum(measure.lineSpacing() for measure in metrics) + 2 * PADDING_PX
    anchor = max(to_screen(end) for end in caliper.counting_axis)
    wish = LabelWish(width, height, oval_of(caliper, to_screen), anchor, GAP_PX)
    (place,) = place_labels([wish], lesions, sheet_of(painter), taken)
    box = QRectF(place.box.left, place.box.top, width, height)
    painter.setPen(QPen(EDGE, 1.0))
    painter.setBrush(PAPER)
    painter.drawRoundedRect(box, 5.0, 5.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    y = box.top() + PADDING_PX
    for number, (text, font, measure) in enumerate(lines):
        painter.setFont(font)
        painter.setPen(INK if number else HEADING)
        painter.drawText(QPointF(box.left() + PADDING_PX, y + measure.ascent()), text)
        y += measure.lineSpacing()
