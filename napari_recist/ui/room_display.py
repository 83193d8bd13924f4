"""Shows the state of a session on the panes and panels of the reading room; changes nothing."""

from typing import Any

from napari_recist.criteria import Role, VisitAssessment
from napari_recist.errors import RecistError
from napari_recist.imaging import Volume
from napari_recist.trial import SeriesEntry
from napari_recist.ui.corner_text import PaneTitle
from napari_recist.ui.drawn_caliper import DrawnCaliper
from napari_recist.ui.image_pane import ImagePane
from napari_recist.ui.lesion_table import TableState
from napari_recist.ui.lesion_words import value_text
from napari_recist.ui.pane_spot import look_at, spot_of
from napari_recist.ui.response_panel import Stage
from napari_recist.ui.visit_bar import VisitTab
from napari_recist.ui.window_level import WindowLevel, opening_window

NO_PRIOR = "There is no earlier visit."


class RoomDisplay:
    """Redraws what changed after each command.

    Parameters
    ----------
    room : ReadingRoom
        The room whose parts are redrawn.
    """

    def __init__(self, room: Any) -> None:
        self._room = room
        self._shown: dict[str, tuple[str, SeriesEntry | None]] = {}  # pane -> what is on it

    def forget(self, *panes: str) -> None:
        """Forget which visits these panes show ("current", "prior"), all if none is named."""
        for pane in panes or tuple(self._shown):
            self._shown.pop(pane, None)

    def refresh(self) -> None:
        """Show the session as it stands."""
        self._room.series.refresh()
        self._show_images()
        self._show_calipers()
        self._show_panels()

    def refresh_hand(self) -> None:
        """Show the caliper in hand as it moves."""
        room = self._room
        room.current.draw([*self._standing(), *self._in_hand()])
        waits = room.tool.hand is not None and room.tool.hand.waits
        if waits:
            room.bar.say(f"{room.tool.hand.lesion.identifier}: now draw its short axis (Esc: drop)")

    def _show_images(self) -> None:
        room, session = self._room, self._room.session
        titles = {"current": session.visit, "prior": session.prior}
        for place, pane in (("prior", room.prior), ("current", room.current)):
            visit = titles[place]
            if visit:
                self._show_volume(place, pane, visit)
                pane.retitle(self._title(visit))
        if not session.prior:
            room.prior.glass.empty_text = NO_PRIOR
        room.panes.show_prior(bool(session.prior))

    def _show_volume(self, place: str, pane: ImagePane, visit: str) -> None:
        before, wanted = self._shown.get(place, ("", None)), (visit, self._series_shown(visit))
        if before == wanted:
            return
        self._shown[place] = wanted
        try:
            volume = self._room.session.shown_volume(visit)
        except RecistError as refusal:
            pane.show_nothing(self._title(visit), str(refusal))
            self._room.refuse(refusal)
            return
        window, spot = self._window(pane, volume), spot_of(pane.view)
        with self._room.link.parted():
            pane.show(volume, self._title(visit), window)
            if spot is not None and visit == before[0]:  # another phase at the same place
                look_at(pane.view, spot)
        if place == "current" and visit != before[0]:
            self._room.tool.cancel()
            self._room.link.reset()

    def _series_shown(self, visit: str) -> SeriesEntry | None:
        try:
            return self._room.session.series_shown(visit)
        except RecistError:  # said when its volume is asked for
            return None

    def _window(self, pane: ImagePane, volume: Volume) -> WindowLevel:
        """Return the window a pane goes on with, one shared with the other pane where linked."""
        current = self._room.current
        leader = pane if pane.volume is not None or not self._room.link.window else current
        if leader.volume is None:
            return opening_window(volume.series.modality, volume.voxels)
        return leader.view.window

    def _title(self, visit: str) -> PaneTitle:
        session = self._room.session
        note = "signed" if self._signed(visit) else ""
        phases = [step.phase for step in session.phases(visit)] if self._series_shown(visit) else []
        if session.phase and session.phase not in phases:
            note = f"no {session.phase} phase here"
        elif session.phase and session.series_shown(visit) != session.series_read(visit):
            note = f"to look at; measured on {session.series_read(visit).phase or 'another series'}"
        return PaneTitle(session.subject, session.week_label(visit), note)

    def _show_calipers(self) -> None:
        room = self._room
        room.current.draw([*self._standing(), *self._in_hand()])
        room.prior.draw(room.desk.drawn(room.session.prior))
        room.current.mark(room.desk.marks(room.session.visit))
        room.prior.mark(room.desk.marks(room.session.prior))

    def _standing(self) -> list[DrawnCaliper]:
        room = self._room
        held = room.tool.hand
        return [
            caliper
            for caliper in room.desk.drawn(room.session.visit)
            if held is None or caliper != held.replaces
        ]

    def _in_hand(self) -> list[DrawnCaliper]:
        hand = self._room.tool.hand
        if hand is None:
            return []
        precision = self._room.session.charter.criteria.precision_tenths
        value = hand.lines.reported(precision, node=hand.lesion.node)
        text = value_text(hand.lesion, value) or "short axis?"
        lines = hand.lines
        drawn = DrawnCaliper(hand.lesion, lines.long_axis, lines.short_axis, text, in_hand=True)
        return [drawn]

    def _show_panels(self) -> None:
        room, session = self._room, self._room.session
        labels = tuple(visit.visit for visit in session.visits)
        tabs = tuple(self._tab(label) for label in labels)
        room.bar.show_visits(tabs, session.visit)
        room.bar.show_prior(session.prior_choice)
        seen = labels[: labels.index(session.visit) + 1]
        state = TableState(session.read, seen, session.visit, room.desk.due())
        room.lesions.show_state(state, room.desk.lesion, locked=session.locked)
        room.lesions.form.offer(self._roles())
        gaps = session.unfinished()
        listed = bool(session.read.lesions)
        room.response.show_response(self._assessed(), gaps, self._stage(), listed=listed)
        room.trend.show_trend(session.assessment)

    def _stage(self) -> Stage:
        session = self._room.session
        if not session.locked:
            return Stage.OPEN
        read_through = not session.next_visit
        return Stage.READ if read_through and self._room.successor else Stage.SIGNED

    def _roles(self) -> tuple[Role, ...]:
        session = self._room.session
        if session.locked:
            return ()
        return (Role.TARGET, Role.NON_TARGET) if session.at_baseline else (Role.NEW,)

    def _tab(self, label: str) -> VisitTab:
        return VisitTab(label, self._room.session.week_label(label), self._signed(label))

    def _signed(self, label: str) -> bool:
        visits = self._room.session.read.visits
        return any(visit.identifier == label and visit.signed for visit in visits)

    def _assessed(self) -> VisitAssessment | None:
        session = self._room.session
        assessed = [seen for seen in session.assessment.visits if seen.visit == session.visit]
        return assessed[0] if assessed else None
