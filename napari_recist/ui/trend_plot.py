"""The trend of the sum of diameters beside the panes: the exported plot in the room's colours."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from psygnal import Signal
from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_recist.criteria import Assessment
from napari_recist.exporting.trend import draw_trend

GROUND, INK, FAINT = "#262930", "#dfe6ec", "#8a929c"
LINE = "#56b4e9"  # the plot's blue is for white paper
LEAST_HEIGHT_PX, MOST_HEIGHT_PX = 180, 300
SMALL = 8
DELAY_MS = 120
PICK_PX = 8


class TrendPlot(QWidget):
    """A small plot; a click on a point asks for its visit."""

    visit_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.figure = Figure(facecolor=GROUND, layout="constrained")
        self.canvas: Any = _canvas(self.figure)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self.setMaximumHeight(MOST_HEIGHT_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self.canvas.mpl_connect("pick_event", self._picked)
        self._visits: tuple[str, ...] = ()
        self._shown: Assessment | None = None
        self._wanted: Assessment | None = None
        # A plot takes longer than a caliper: it waits until the picture has answered the hand.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DELAY_MS)
        self._later.timeout.connect(self.plot_now)

    def show_trend(self, assessment: Assessment) -> None:
        """Plot the sums of the visits read so far, in a moment."""
        self._wanted = assessment
        self._later.start()

    def plot_now(self) -> None:
        """Plot what is wanted, unless it is what is shown."""
        assessment = self._wanted
        if assessment is None or assessment == self._shown:
            return
        self._shown = assessment
        self.figure.clear()
        self._visits = tuple(visit.visit for visit in assessment.visits)
        self.canvas.setVisible(len(self._visits) > 1)  # one point is no trend
        axes = self.figure.add_subplot()
        draw_trend(axes, assessment)
        _dress(axes)
        for line in axes.lines[:1]:
            line.set(color=LINE, picker=PICK_PX)
        self.canvas.draw_idle()

    def _picked(self, event: Any) -> None:
        for place in event.ind[:1]:
            self.visit_wanted.emit(self._visits[int(place)])


def _canvas(figure: Figure) -> Any:
    make: Any = FigureCanvasQTAgg  # matplotlib says nothing of its types
    return make(figure)


def _dress(axes: Axes) -> None:
    """Give a plot made for paper the colours of the dark room."""
    axes.set_facecolor(GROUND)
    axes.set_xlabel("")
    axes.yaxis.label.set(color=INK, fontsize=SMALL)
    axes.tick_params(colors=FAINT, labelcolor=INK, labelsize=SMALL)
    for side, spine in axes.spines.items():
        spine.set_color(FAINT)
        spine.set_visible(side in {"left", "bottom"})
    for text in axes.texts:
        text.set(color=INK, fontsize=SMALL)
    legend = axes.get_legend()
    if legend is not None:
        for text in legend.get_texts():
            text.set(color=INK, fontsize=SMALL - 1)
