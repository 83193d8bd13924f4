"""The trend of both reads in one plot: the sums of each, with its colour, line and letter."""

from qtpy.QtCore import QRectF, Qt
from qtpy.QtGui import QPainter

from napari_recist.exporting.trend_lines import TrendLines
from napari_recist.translation import _
from napari_recist.ui.caliper_drawing import READ_COLOURS, READ_LINES
from napari_recist.ui.trend_plot import HEADROOM, TrendPlot, TrendPoint

ABOVE_PX, BELOW_PX = -22, 8
"""Where the response of a visit stands beside its point: of the higher sum above, else below."""


class PairTrend(TrendPlot):
    """The sums of two reads over the weeks; a click on a point asks for its visit."""

    def __init__(self) -> None:
        super().__init__()
        self._sums: dict[str, tuple[float | None, ...]] = {}
        self._responses: dict[str, tuple[str, ...]] = {}

    def show_pair(self, first: TrendLines, second: TrendLines) -> None:
        """Show the trend of two reads over the visits of the one that has more."""
        axis = max(first, second, key=lambda lines: len(lines.visits))
        for letter, lines in (("A", first), ("B", second)):
            sums = dict(zip(lines.visits, lines.sums, strict=True))
            responses = dict(zip(lines.visits, lines.responses, strict=True))
            self._sums[letter] = tuple(sums.get(visit) for visit in axis.visits)
            self._responses[letter] = tuple(responses.get(visit, "") for visit in axis.visits)
        self.show_trend(axis)
        self.update()

    def toggle_lesions(self) -> None:
        """Do nothing: two reads of each target would be no picture."""

    def points(self) -> tuple[TrendPoint, ...]:
        """Return the points of the plot where they stand now."""
        return tuple(
            TrendPoint(visit, "", self._place(week, mm), _point(letter, visit, mm))
            for letter, sums in self._sums.items()
            for visit, week, mm in zip(self.lines.visits, self.lines.weeks, sums, strict=True)
            if mm is not None
        )

    def _title(self) -> str:
        return _("sum of diameters of both reads, mm")

    def _top_mm(self) -> float:
        known = [mm for sums in self._sums.values() for mm in sums if mm is not None]
        return max(known, default=10.0) * HEADROOM or 10.0

    def _paint_sum(self, painter: QPainter) -> None:
        for letter, sums in self._sums.items():
            colour = READ_COLOURS[letter]
            self._paint_line(painter, sums, colour, READ_LINES[letter])
            painter.setPen(colour)
            for place, (week, mm) in enumerate(zip(self.lines.weeks, sums, strict=True)):
                at = self._place(week, mm or 0.0)
                aside = ABOVE_PX if self._is_higher(letter, place) else BELOW_PX
                box = QRectF(at.x() - 50, at.y() + aside, 100, 14)
                response = self._responses[letter][place]
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, response)
            last = next((mm for mm in reversed(sums) if mm is not None), None)
            if last is not None:
                self._name(_("Read {letter}", letter=letter), last, colour)

    def _is_higher(self, letter: str, place: int) -> bool:
        mine, theirs = (
            self._sums[one][place] or 0.0 for one in (letter, "B" if letter == "A" else "A")
        )
        return mine > theirs or (mine == theirs and letter == "A")


def _point(letter: str, visit: str, mm: float) -> str:
    return _("Read {letter}, {visit}: {mm:.1f} mm", letter=letter, visit=visit, mm=mm)
