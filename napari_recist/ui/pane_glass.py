"""The sheet of glass over a pane's canvas: calipers, letters, corner texts and a ruler.

A transparent Qt widget, blind to the mouse. It is painted from the pane and the calipers it was
given, so nothing on it can be dragged, deleted or saved by napari: the picture is never the
record.
"""

from qtpy.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from qtpy.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QWidget

from napari_recist.translation import _
from napari_recist.ui.caliper_drawing import oval_of, paint_calipers, sheet_of, shown_on
from napari_recist.ui.caliper_hand import Screen, under
from napari_recist.ui.corner_text import PaneTitle
from napari_recist.ui.drawn_caliper import CaliperKey, DrawnCaliper, IndexPoint
from napari_recist.ui.edge_texts import FONT_POINTS, MARGIN_PX, TEXT_COLOUR, edge_texts
from napari_recist.ui.label_places import Box, LabelWish, Oval, place_labels
from napari_recist.ui.loupe import GAP_PX as LOUPE_GAP_PX
from napari_recist.ui.loupe import RADIUS_PX as LOUPE_RADIUS_PX
from napari_recist.ui.loupe import paint_loupe
from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.place_marks import PlaceMark, paint_places
from napari_recist.ui.rimmed_text import label_font, paint_text
from napari_recist.ui.source_card import paint_source_card

RULER_STEPS_MM = (100, 50, 20, 10, 5, 2, 1)
RULER_PART = 0.3  # the ruler is at most this part of the pane's width
HOVER_PX = 6.0
"""How near to a caliper the mouse asks what it came from."""


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
        self.magnified: IndexPoint | None = None
        self._hovered: CaliperKey | None = None
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
        """Keep the size of the canvas, and notice when the mouse leaves it."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
        elif event.type() == QEvent.Type.Leave:
            self._hover(None)
        return bool(super().eventFilter(watched, event))

    def point_at(self, place: Screen) -> None:
        """Show what the caliper under the mouse came from."""
        found = under(self.pane, self._visible(), place, HOVER_PX)
        self._hover(found.key if found else None)

    @property
    def hovered(self) -> DrawnCaliper | None:
        """The caliper whose source is shown; none while one is drawn, offered or held."""
        calipers = self._visible()
        if self.magnified is not None or any(one.in_hand or one.offered for one in calipers):
            return None
        return next((one for one in calipers if one.key == self._hovered and one.source), None)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint everything that stands on the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        texts = edge_texts(self.pane, self.title, (float(self.width()), float(self.height())))
        if self.pane.volume is None:
            self._paint_empty(painter)
        else:
            self._paint_measurements(painter, [text.box for text in texts])
            self._paint_ruler(painter)
        for text in texts:
            paint_text(painter, text.baseline, text.text, text.font, text.colour)
        painter.end()

    def _paint_measurements(self, painter: QPainter, taken: list[Box]) -> None:
        calipers, pane = self._visible(), self.pane
        ovals = [oval_of(one, pane.to_screen) for one in shown_on(calipers, pane.slice)]
        moved = [one for one in calipers if one.in_hand or one.opened]
        if self.magnified is not None and moved:
            own = oval_of(moved[-1], pane.to_screen)
            taken.append(self._paint_loupe(painter, self.magnified, own, ovals, taken))
        if not self.hidden_calipers:
            paint_places(painter, self.places, pane.slice, pane.to_screen)
        taken += paint_calipers(painter, calipers, pane.slice, pane.to_screen, taken)
        hovered = self.hovered
        if hovered is not None:
            paint_source_card(painter, hovered, pane.to_screen, ovals, taken)

    def _paint_loupe(
        self,
        painter: QPainter,
        place: IndexPoint,
        own: Oval,
        lesions: list[Oval],
        taken: list[Box],
    ) -> Box:
        """Paint the loupe beside an end, and off the lesion it belongs to."""
        size = 2 * LOUPE_RADIUS_PX
        wish = LabelWish(size, size, own, self.pane.to_screen(place), LOUPE_GAP_PX)
        (lens,) = place_labels([wish], lesions, sheet_of(painter), taken)
        middle = QPointF(lens.box.left + LOUPE_RADIUS_PX, lens.box.top + LOUPE_RADIUS_PX)
        paint_loupe(painter, self.pane, place, middle)
        return lens.box

    def _visible(self) -> list[DrawnCaliper]:
        """Return the calipers; hidden ones but for those that are being drawn or changed."""
        if not self.hidden_calipers:
            return self.calipers
        return [one for one in self.calipers if one.in_hand or one.opened]

    def _hover(self, key: CaliperKey | None) -> None:
        if key != self._hovered:
            self._hovered = key
            self.update()

    def _repaint(self) -> None:
        self.update()

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setPen(TEXT_COLOUR)
        painter.setFont(label_font(13))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()).adjusted(60, 60, -60, -60), flags, self.empty_text)

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
        text = _("{length_mm} mm", length_mm=length_mm)
        width = QFontMetricsF(font).horizontalAdvance(text)
        place = QPointF((left + right - width) / 2, y - 9)
        paint_text(painter, place, text, font, TEXT_COLOUR)
