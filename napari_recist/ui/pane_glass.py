"""The sheet of glass over a pane's canvas: calipers, letters, corner texts and a ruler.

A transparent Qt widget, blind to the mouse. It is painted from the pane and the calipers it was
given, so nothing on it can be dragged, deleted or saved by napari: the picture is never the
record.
"""

from qtpy.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QWidget

from napari_recist.ui.caliper_drawing import label_font, paint_calipers, paint_text
from napari_recist.ui.corner_text import PaneTitle, corners
from napari_recist.ui.drawn_caliper import DrawnCaliper
from napari_recist.ui.orientation_letters import edge_letters
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.place_marks import PlaceMark, paint_places

TEXT_COLOUR = QColor("#dfe6ec")
NOTE_COLOUR = QColor("#f0e442")
WARNING_COLOUR = QColor("#e69f00")
MARGIN_PX = 10
LINE_SPACING = 1.25
RULER_STEPS_MM = (100, 50, 20, 10, 5, 2, 1)
RULER_PART = 0.3  # the ruler is at most this part of the pane's width
FONT_POINTS = 10


class PaneGlass(QWidget):
    """A transparent sheet over a canvas.

    Parameters
    ----------
    canvas : QWidget
        The native canvas widget it lies on.
    pane : PaneView
        What the canvas shows.
    """

    def __init__(self, canvas: QWidget, pane: PaneView) -> None:
        super().__init__(canvas)
        self.pane = pane
        self.title = PaneTitle()
        self.calipers: list[DrawnCaliper] = []
        self.places: list[PlaceMark] = []
        self.empty_text = ""
        self.hidden_calipers = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(canvas.rect())
        canvas.installEventFilter(self)
        self._signals = (
            pane.slice_changed,
            pane.camera_changed,
            pane.window_changed,
            pane.volume_changed,
            pane.value_changed,
        )
        for signal in self._signals:
            signal.connect(self._repaint)
        self.show()

    def take_off(self) -> None:
        """Take the glass off its canvas."""
        for signal in self._signals:
            signal.disconnect(self._repaint)
        self.setParent(None)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep the size of the canvas."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
        return bool(super().eventFilter(watched, event))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint everything that stands on the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.pane.volume is None:
            self._paint_empty(painter)
        else:
            if not self.hidden_calipers:
                paint_places(painter, self.places, self.pane.slice, self.pane.to_screen)
                paint_calipers(painter, self.calipers, self.pane.slice, self.pane.to_screen)
            self._paint_letters(painter)
            self._paint_ruler(painter)
        self._paint_corners(painter)
        painter.end()

    def _repaint(self) -> None:
        self.update()

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setPen(TEXT_COLOUR)
        painter.setFont(label_font(13))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()).adjusted(60, 60, -60, -60), flags, self.empty_text)

    def _paint_corners(self, painter: QPainter) -> None:
        texts = corners(self.pane, self.title)
        self._paint_lines(painter, texts.top_left, right=False, bottom=False, heading=True)
        self._paint_lines(painter, texts.top_right, right=True, bottom=False)
        self._paint_warnings(painter, texts.warnings, len(texts.top_right))
        self._paint_lines(painter, texts.bottom_left, right=False, bottom=True)

    def _paint_lines(
        self,
        painter: QPainter,
        lines: tuple[str, ...],
        *,
        right: bool,
        bottom: bool,
        heading: bool = False,
    ) -> None:
        fonts = [
            label_font(14 if heading and not n else FONT_POINTS, bold=heading and not n)
            for n in range(len(lines))
        ]
        heights = [QFontMetricsF(font).height() * LINE_SPACING for font in fonts]
        y = self.height() - MARGIN_PX - sum(heights) if bottom else float(MARGIN_PX)
        for line, font, height in zip(lines, fonts, heights, strict=True):
            width = QFontMetricsF(font).horizontalAdvance(line)
            x = self.width() - MARGIN_PX - width if right else float(MARGIN_PX)
            y += height
            paint_text(painter, QPointF(x, y - height * 0.25), line, font, TEXT_COLOUR)

    def _paint_warnings(self, painter: QPainter, lines: tuple[str, ...], below: int) -> None:
        font = label_font(FONT_POINTS, bold=True)
        metrics = QFontMetricsF(font)
        for number, line in enumerate(lines, start=below + 1):
            x = self.width() - MARGIN_PX - metrics.horizontalAdvance(line)
            y = MARGIN_PX + metrics.height() * LINE_SPACING * (number - 0.25)
            paint_text(painter, QPointF(x, y), line, font, WARNING_COLOUR)

    def _paint_letters(self, painter: QPainter) -> None:
        volume = self.pane.volume
        letters = edge_letters(volume.geometry if volume else None)
        font = label_font(13, bold=True)
        metrics = QFontMetricsF(font)
        middle_x, middle_y = self.width() / 2, self.height() / 2 + metrics.ascent() / 2
        right = self.width() - MARGIN_PX - metrics.horizontalAdvance(letters.right)
        for text, x, y in (
            (letters.left, float(MARGIN_PX), middle_y),
            (letters.right, right, middle_y),
            (letters.top, middle_x, MARGIN_PX + metrics.ascent()),
            (letters.bottom, middle_x, self.height() - MARGIN_PX),
        ):
            paint_text(painter, QPointF(x, y), text, font, NOTE_COLOUR)

    def _paint_ruler(self, painter: QPainter) -> None:
        frame = self.pane.frame
        if frame is None or frame.geometry is None:
            return
        zoom = self.pane.pixels_per_mm
        fits = [step for step in RULER_STEPS_MM if step * zoom <= self.width() * RULER_PART]
        length_mm = fits[0] if fits else RULER_STEPS_MM[-1]
        right, y = self.width() - MARGIN_PX - 4.0, self.height() - MARGIN_PX - 4.0
        left = right - length_mm * zoom
        painter.setPen(QPen(TEXT_COLOUR, 1.6))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        for x in (left, right):
            painter.drawLine(QPointF(x, y - 5), QPointF(x, y + 5))
        font = label_font(FONT_POINTS)
        text = f"{length_mm} mm"
        width = QFontMetricsF(font).horizontalAdvance(text)
        place = QPointF((left + right - width) / 2, y - 9)
        paint_text(painter, place, text, font, TEXT_COLOUR)
