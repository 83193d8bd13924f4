"""A reference view: the volume of a pane in another plane, to look at and never to measure on.

A plain Qt widget. It cuts through the middle of its pane, shows where the acquired slice lies, and
takes the pane to whatever is clicked on it.
"""

import math

import numpy as np
import numpy.typing as npt
from psygnal import Signal
from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from qtpy.QtWidgets import QWidget

from napari_recist.imaging.geometry import FloatArray
from napari_recist.translation import _
from napari_recist.ui.pane_mouse import FAST_SLICES
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.reference_cut import Along, ReferenceCut, reference_cut, why_none
from napari_recist.ui.rimmed_text import label_font, paint_text

ONLY_LOOKED_AT = _("reference view, not for measuring")
NO_SLICE = _("hatched: no slice there")
STILL_LOADING = _("hatched: still loading")
HINT = _("Measure on the acquired slices: a reference view is for looking. It went to slice {}.")
TIP = _(
    "Reference view: click to go there, wheel for slices, Ctrl+wheel for the planes of this view. "
    "Diameters are measured on the acquired slices only."
)
BACKGROUND, NOTHING_KNOWN = QColor("#000000"), QColor("#31445a")
TEXT_COLOUR, NOTE_COLOUR = QColor("#dfe6ec"), QColor("#f0e442")
SLICE_COLOUR = QColor("#56b4e9")
MARGIN_PX = 8.0
PART = 0.96  # of the widget that the picture fills
NOTCH = 120  # Qt's unit of a turn of the wheel
LEAST_SIZE_PX = 120


class ReferenceView(QWidget):
    """One reference plane of a pane.

    Parameters
    ----------
    pane : PaneView
        The pane whose volume is shown.
    along : Along
        The axis of its slices that the plane follows.
    """

    said = Signal(str)
    """A hint for the reader."""

    def __init__(self, pane: PaneView, along: Along) -> None:
        super().__init__()
        self.pane, self.along = pane, along
        self._cut: ReferenceCut | None = None
        self._image: QImage | None = None
        self._turned = 0.0
        self._through = self._fixed_index()
        self.setCursor(Qt.CursorShape.ForbiddenCursor)
        self.setToolTip(TIP)
        self.setMinimumSize(LEAST_SIZE_PX, LEAST_SIZE_PX)
        self._wires = (
            (pane.volume_changed, self.refresh),
            (pane.arrived, self.refresh),
            (pane.camera_changed, self._follow),
            (pane.window_changed, self._regrey),
            (pane.slice_changed, self._follow),
        )
        for signal, slot in self._wires:
            signal.connect(slot)

    def release(self) -> None:
        """Follow the pane no longer."""
        for signal, slot in self._wires:
            signal.disconnect(slot)

    @property
    def cut(self) -> ReferenceCut | None:
        """What is shown, ``None`` where there is nothing to show."""
        through, volume = self._middle(), self.pane.volume
        if self._cut is None and through is not None and volume is not None:
            self._cut = reference_cut(volume, self.along, through, self.pane.there)
        return self._cut

    def refresh(self) -> None:
        """Cut anew: the voxels are others."""
        self._cut = self._image = None
        self._through = self._fixed_index()
        self.update()

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to what is clicked; say that nothing is measured here."""
        if event.button() == Qt.MouseButton.LeftButton and self._go(event.position()):
            self.said.emit(HINT.format(self.pane.slice + 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go along with a drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Turn the acquired slices, or with Ctrl the planes of this view."""
        turn = event.angleDelta()
        self._turned += (turn.y() or turn.x()) / NOTCH
        steps = math.trunc(self._turned)
        self._turned -= steps
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            steps *= FAST_SLICES
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            index = self.pane.centre_index()
            index[self._fixed_axis] += steps
            self.pane.zoom_to(self.pane.pixels_per_mm, index)
        else:
            self.pane.go_to(self.pane.slice + steps)
        event.accept()

    def _go(self, place: QPointF) -> bool:
        cut, middle = self.cut, self._middle()
        geometry = self.pane.frame.geometry if self.pane.frame else None
        if cut is None or middle is None or geometry is None:
            return False
        corner, zoom = self._placed(cut)
        picture = ((place.x() - corner.x()) / zoom, (place.y() - corner.y()) / zoom)
        index = geometry.to_index(cut.to_patient(picture, middle))
        self.pane.zoom_to(self.pane.pixels_per_mm, index)
        return True

    # following the pane

    @property
    def _fixed_axis(self) -> int:
        return Along.COLUMN if self.along is Along.ROW else Along.ROW

    def _middle(self) -> FloatArray | None:
        """Return the place in the middle of the pane, mm LPS, within its volume."""
        frame = self.pane.frame
        if frame is None or frame.geometry is None or why_none(self.pane.volume):
            return None
        inside = np.clip(self.pane.centre_index(), 0, np.array(frame.shape) - 1)
        return frame.geometry.to_patient(inside)

    @property
    def _loads(self) -> bool:
        return self.pane.there is not None and not self.pane.there.all()

    def _fixed_index(self) -> int:
        index = self.pane.centre_index()[self._fixed_axis]
        return math.floor(index + 0.5)

    def _follow(self) -> None:
        if self._fixed_index() != self._through:
            self.refresh()
        self.update()

    def _regrey(self) -> None:
        self._image = None
        self.update()

    # painting

    def _placed(self, cut: ReferenceCut) -> tuple[QPointF, float]:
        """Return where the picture's top left corner lies and its zoom, pixels per mm."""
        width, height = cut.size_mm
        zoom = PART * min(self.width() / width, self.height() / height)
        corner = QPointF((self.width() - width * zoom) / 2, (self.height() - height * zoom) / 2)
        return corner, zoom

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the cut, the line of the acquired slice, letters and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), BACKGROUND)
        cut = self.cut
        if cut is None:
            self._paint_why_not(painter)
        else:
            corner, zoom = self._placed(cut)
            width, height = cut.size_mm
            place = QRectF(corner.x(), corner.y(), width * zoom, height * zoom)
            painter.fillRect(place, QBrush(NOTHING_KNOWN, Qt.BrushStyle.BDiagPattern))
            painter.drawImage(place, self._greys(cut))
            self._paint_slice(painter, cut)
            self._paint_words(painter, cut)
        painter.end()

    def _greys(self, cut: ReferenceCut) -> QImage:
        if self._image is None:
            low, high = self.pane.window.limits
            self._image = grey_image(cut, low, high, inverse=self.pane.inverse)
        return self._image

    def slice_line(self) -> tuple[QPointF, QPointF] | None:
        """Return the ends, in pixels of this widget, of the line of the acquired slice."""
        cut, frame = self.cut, self.pane.frame
        if cut is None or frame is None or frame.geometry is None:
            return None
        corner, zoom = self._placed(cut)
        on_slice = self.pane.centre_index()
        ends = []
        for end in (0, frame.shape[self.along] - 1):
            on_slice[self.along] = end
            right, down = cut.to_picture(frame.geometry.to_patient(on_slice))
            ends.append(corner + QPointF(right, down) * zoom)
        return ends[0], ends[1]

    def _paint_slice(self, painter: QPainter, cut: ReferenceCut) -> None:
        line, middle = self.slice_line(), self._middle()
        if line is None or middle is None:
            return
        painter.setPen(QPen(SLICE_COLOUR, 1.4))
        painter.drawLine(*line)
        corner, zoom = self._placed(cut)
        right, down = cut.to_picture(middle)
        painter.drawEllipse(corner + QPointF(right, down) * zoom, 4.0, 4.0)

    def _paint_words(self, painter: QPainter, cut: ReferenceCut) -> None:
        font, small = label_font(12, bold=True), label_font(9)
        letters, metrics = cut.plane.letters, QFontMetricsF(font)
        middle = self.height() / 2 + metrics.ascent() / 2
        bottom = self.height() - MARGIN_PX
        right = self.width() - MARGIN_PX - metrics.horizontalAdvance(letters.right)
        for text, x, y in (
            (letters.left, MARGIN_PX, middle),
            (letters.right, right, middle),
            (letters.top, self.width() / 2, MARGIN_PX + metrics.ascent()),
            (letters.bottom, self.width() / 2, bottom),
        ):
            paint_text(painter, QPointF(x, y), text, font, NOTE_COLOUR)
        height = QFontMetricsF(small).height()
        words = [cut.plane.name, ONLY_LOOKED_AT]
        if not cut.known.all():
            words.append(STILL_LOADING if self._loads else NO_SLICE)
        for line, text in enumerate(words):
            place = QPointF(MARGIN_PX, MARGIN_PX + height * (line + 1))
            paint_text(painter, place, text, small, TEXT_COLOUR)

    def _paint_why_not(self, painter: QPainter) -> None:
        painter.setPen(TEXT_COLOUR)
        painter.setFont(label_font(11))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        text = why_none(self.pane.volume)
        painter.drawText(QRectF(self.rect()).adjusted(20, 20, -20, -20), flags, text)


def grey_image(cut: ReferenceCut, low: float, high: float, *, inverse: bool) -> QImage:
    """Return a cut as a picture: black at ``low``, white at ``high``, clear where nothing is known.

    The picture owns its pixels.
    """
    share = (cut.values.astype(np.float32) - low) / (high - low)
    grey = np.clip(share * 255, 0, 255).astype(np.uint8)
    if inverse:
        grey = 255 - grey
    pixels: npt.NDArray[np.uint8] = np.empty((*grey.shape, 4), dtype=np.uint8)
    pixels[..., :3] = np.where(cut.known, grey, 0)[..., None]  # premultiplied
    pixels[..., 3] = np.where(cut.known, 255, 0)
    height, width = grey.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.tobytes(), width, height, 4 * width, kind).copy()
