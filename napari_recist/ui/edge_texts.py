"""What is written along the edges of a pane, and where: corner texts, warnings, letters."""

from dataclasses import dataclass

from qtpy.QtCore import QPointF
from qtpy.QtGui import QColor, QFont, QFontMetricsF

from napari_recist.ui.corner_text import PaneTitle, corners
from napari_recist.ui.label_places import Box, Place
from napari_recist.ui.orientation_letters import edge_letters
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.rimmed_text import label_font

TEXT_COLOUR = QColor("#dfe6ec")
NOTE_COLOUR = QColor("#f0e442")
WARNING_COLOUR = QColor("#e69f00")
MARGIN_PX = 10
LINE_SPACING = 1.25
FONT_POINTS, TITLE_POINTS, LETTER_POINTS = 10, 14, 13


@dataclass(frozen=True, slots=True)
class EdgeText:
    """A line of text and where it stands."""

    text: str
    font: QFont
    box: Box
    colour: QColor

    @property
    def baseline(self) -> QPointF:
        """Where the painter begins to write."""
        return QPointF(self.box.left, self.box.top + QFontMetricsF(self.font).ascent())


def edge_texts(pane: PaneView, title: PaneTitle, size: Place) -> list[EdgeText]:
    """Return what is written at the edges of a pane of this width and height."""
    texts = corners(pane, title)
    plain, strong = label_font(FONT_POINTS), label_font(FONT_POINTS, bold=True)
    heading = label_font(TITLE_POINTS, bold=True)
    left = [(line, plain if n else heading, TEXT_COLOUR) for n, line in enumerate(texts.top_left)]
    right = [(line, plain, TEXT_COLOUR) for line in texts.top_right]
    warnings = [(line, strong, WARNING_COLOUR) for line in texts.warnings]
    low = [(line, plain, TEXT_COLOUR) for line in texts.bottom_left]
    written = _column(left, size, right=False, bottom=False)
    written += _column([*right, *warnings], size, right=True, bottom=False)
    written += _column(low, size, right=False, bottom=True)
    return written if pane.volume is None else [*written, *_letters(pane, size)]


def _column(
    lines: list[tuple[str, QFont, QColor]], size: Place, *, right: bool, bottom: bool
) -> list[EdgeText]:
    heights = [QFontMetricsF(font).height() for _, font, _ in lines]
    y = size[1] - MARGIN_PX - sum(heights) * LINE_SPACING if bottom else float(MARGIN_PX)
    column = []
    for (text, font, colour), height in zip(lines, heights, strict=True):
        width = QFontMetricsF(font).horizontalAdvance(text)
        x = size[0] - MARGIN_PX - width if right else float(MARGIN_PX)
        column.append(EdgeText(text, font, Box(x, y, width, height), colour))
        y += height * LINE_SPACING
    return column


def _letters(pane: PaneView, size: Place) -> list[EdgeText]:
    """Return the letters of the patient's sides, in the middle of each edge."""
    letters = edge_letters(pane.volume.geometry if pane.volume else None)
    font = label_font(LETTER_POINTS, bold=True)
    metrics = QFontMetricsF(font)
    height = metrics.height()
    middle_x, middle_y = size[0] / 2, (size[1] - height) / 2
    right = size[0] - MARGIN_PX - metrics.horizontalAdvance(letters.right)
    places = (
        (letters.left, float(MARGIN_PX), middle_y),
        (letters.right, right, middle_y),
        (letters.top, middle_x, float(MARGIN_PX)),
        (letters.bottom, middle_x, size[1] - MARGIN_PX - height),
    )
    return [
        EdgeText(text, font, Box(x, y, metrics.horizontalAdvance(text), height), NOTE_COLOUR)
        for text, x, y in places
    ]
