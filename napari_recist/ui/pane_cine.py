"""Cine: runs through the slices of a pane, round and round, until something else is done there."""

from qtpy.QtCore import QEvent, QObject, QTimer
from qtpy.QtWidgets import QWidget

from napari_recist.ui.pane_view import PaneView
from napari_recist.ui.reading_settings import reading_settings

SPEEDS = (2, 5, 8, 12, 20, 30)
"""Slices per second, as the settings offer them."""
ONE_SECOND_MS = 1000
STOPPING = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})
"""A hand on the mouse looks at one slice, and never draws on a running one."""


class PaneCine(QObject):
    """The cine of one pane.

    Parameters
    ----------
    pane : PaneView
        Whose slices run.
    canvas : QWidget
        The widget the pane is drawn on: a press or a turn of the wheel there stops the run.
    """

    def __init__(self, pane: PaneView, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._pane = pane
        self.speed = reading_settings().cine_speed
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)
        canvas.installEventFilter(self)
        pane.volume_changed.connect(self.stop)

    def close(self) -> None:
        """Stop for good."""
        self.stop()
        self._pane.volume_changed.disconnect(self.stop)
        self.parent().removeEventFilter(self)
        self.deleteLater()

    @property
    def running(self) -> bool:
        """Whether slices run."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Run or stop."""
        if self.running:
            self.stop()
        elif self._pane.slices > 1:
            self._timer.start(ONE_SECOND_MS // self.speed)

    def stop(self) -> None:
        """Stop at the slice shown."""
        self._timer.stop()

    def change_speed(self, steps: int) -> None:
        """Run faster (1) or slower (-1), within ``SPEEDS``."""
        place = SPEEDS.index(self.speed) + steps
        self.speed = SPEEDS[min(max(place, 0), len(SPEEDS) - 1)]
        self._timer.setInterval(ONE_SECOND_MS // self.speed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stop when the mouse is used on the pane."""
        if event.type() in STOPPING:
            self.stop()
        return bool(super().eventFilter(watched, event))

    def _next(self) -> None:
        self._pane.go_to((self._pane.slice + 1) % self._pane.slices)
