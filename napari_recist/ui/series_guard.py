"""Between session and window: phases to step through, and the series a visit is measured on."""

from typing import Any

from napari_recist.errors import ImageError
from napari_recist.reading.series_choice import drawn_at
from napari_recist.translation import _
from napari_recist.ui.series_bar import SeriesBar
from napari_recist.ui.series_dialog import SeriesDialog, SeriesQuestion
from napari_recist.ui.series_words import AT_BASELINE, COLUMNS, warning


class SeriesGuard:
    """Shows departures before anything is measured, and asks the reader how to go on.

    Parameters
    ----------
    room : ReadingRoom
        The room it guards; ``bar`` is the bar it shows, ``dialog`` the dialog while it is open.
    """

    def __init__(self, room: Any) -> None:
        self._room = room
        self.bar = SeriesBar()
        self.dialog: SeriesDialog | None = None
        self.bar.phase_wanted.connect(self.show_phase)
        self.bar.series_wanted.connect(self.ask)

    def refresh(self) -> None:
        """Show the phases and departures of the current visit."""
        session = self._room.session
        try:
            phases = tuple(step.phase for step in session.phases(session.visit))
            shown, read_on = session.series_shown(session.visit), session.series_read(session.visit)
        except ImageError:  # said on the pane, which has no picture then
            self.bar.hide()
            return
        departures = () if session.locked else session.series.unanswered(session.visit)
        words = tuple(departure.words for departure in departures)
        self.bar.show_phases(phases, shown.phase, read_on.phase)
        self.bar.show_warning(warning(words, session.week_label(session.visit)) if words else "")
        several = len(session.series.ranking(session.visit)) > 1
        self.bar.setVisible(several or bool(words))

    def step_phase(self, step: int) -> None:
        """Show the next phase (1) or the one before (-1), round and round, at the same place."""
        session = self._room.session
        phases = [entry.phase for entry in session.phases(session.visit)]
        if len(phases) < 2:  # noqa: PLR2004 - nothing to step to
            self._room.say(_("This visit has one phase."))
            return
        place = phases.index(session.series_shown(session.visit).phase)
        self.show_phase(phases[(place + step) % len(phases)])

    def show_phase(self, phase: str) -> None:
        """Look at a phase of the visits shown; measuring stays with the series read."""
        room = self._room
        room.tool.cancel()
        room.session.show_phase(phase)
        problem, _ = room.session.why_not_measured()
        room.say(problem)

    def ask(self) -> None:
        """Show the series of the current visit and ask which one is measured on."""
        room, session = self._room, self._room.session
        if self.dialog is not None:
            return
        room.tool.cancel()
        try:
            question = SeriesQuestion(
                visit=session.week_label(session.visit),
                columns=AT_BASELINE if session.at_baseline else COLUMNS,
                series=session.series.ranking(session.visit),
                read_on=session.series_read(session.visit),
                drawn=drawn_at(session.read, session.visit),
                locked=session.locked,
                at_baseline=session.at_baseline,
            )
        except ImageError as refusal:
            room.refuse(refusal)
            return
        self.dialog = SeriesDialog(
            room.window, question, session.choose_series, session.state_not_evaluable
        )
        self.dialog.finished.connect(self._answered)
        self.dialog.open()

    def _answered(self, _result: int) -> None:
        self.dialog = None
        self._room.current.canvas_widget.setFocus()
