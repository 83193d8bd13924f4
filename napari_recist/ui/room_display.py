"""Shows the state of a session on the panes and panels of the reading room; changes nothing."""

from contextlib import suppress
from typing import Any

from napari_recist.criteria import Role, VisitAssessment
from napari_recist.criteria.target import limits_of
from napari_recist.errors import RecistError
from napari_recist.exporting.trend_lines import trend_lines
from napari_recist.reading.signatures_shown import ShownSignature, signature_of, why_reopened
from napari_recist.translation import _
from napari_recist.ui.corner_text import PaneTitle
from napari_recist.ui.drawn_caliper import DrawnCaliper
from napari_recist.ui.lesion_advice import advised
from napari_recist.ui.lesion_table import TableState
from napari_recist.ui.response_panel import (
    ResponseState,
    Stage,
    moment_text,
    reopened_html,
    signature_html,
)
from napari_recist.ui.room_pictures import RoomPictures
from napari_recist.ui.visit_bar import VisitTab

NO_PRIOR = _("There is no earlier visit.")


class RoomDisplay:
    """Redraws what changed after each command.

    Parameters
    ----------
    room : ReadingRoom
        The room whose parts are redrawn.
    """

    def __init__(self, room: Any) -> None:
        self._room = room
        self.pictures = RoomPictures(room, self._title, self._redraw)
        self.forget, self.close = self.pictures.forget, self.pictures.close
        self._standing: list[DrawnCaliper] = []

    def refresh(self) -> None:
        """Show the session as it stands."""
        self._room.series.refresh()
        self._show_images()
        self._redraw()
        self._show_panels()

    def refresh_hand(self) -> None:
        """Show the caliper in hand as it moves."""
        tool = self._room.tool
        self._room.current.draw(tool.picture(self._standing), tool.magnified)
        self._room.lesions.proposals.mark(self._room.proposals.opened)

    def _show_images(self) -> None:
        room, session = self._room, self._room.session
        titles = {"current": session.visit, "prior": session.prior}
        for place, pane in (("current", room.current), ("prior", room.prior)):
            visit = titles[place]
            if visit:
                self.pictures.show(place, pane, visit)
                pane.retitle(self._title(visit))
        if not session.prior:
            room.prior.glass.empty_text = NO_PRIOR
        room.panes.show_prior(bool(session.prior))
        with suppress(RecistError):  # said on the pane whose images are gone
            session.load_ahead()

    def _redraw(self) -> None:
        """Redraw what depends on the volumes that are there."""
        self._show_calipers()
        self._room.memory.show_memory(*self._room.session.memory)

    def _title(self, visit: str) -> PaneTitle:
        session = self._room.session
        note = self._note(visit)
        phases = (
            [step.phase for step in session.phases(visit)]
            if self.pictures.series_shown(visit)
            else []
        )
        if session.phase and session.phase not in phases:
            note = _("no {phase} phase here", phase=session.phase)
        elif session.phase and session.series_shown(visit) != session.series_read(visit):
            note = _(
                "to look at; measured on {phase}",
                phase=session.series_read(visit).phase or _("another series"),
            )
        return PaneTitle(session.subject, session.week_label(visit), note)

    def _show_calipers(self) -> None:
        room = self._room
        self._standing = [*room.desk.drawn(room.session.visit), *room.desk.proposed()]
        room.tool.follow_record()
        self.refresh_hand()
        room.prior.draw(room.desk.drawn(room.session.prior))
        room.current.mark(room.desk.marks(room.session.visit))
        room.prior.mark(room.desk.marks(room.session.prior))

    def _show_panels(self) -> None:
        room, session = self._room, self._room.session
        labels = tuple(visit.visit for visit in session.visits)
        tabs = tuple(self._tab(label) for label in labels)
        room.bar.show_visits(tabs, session.visit)
        room.bar.show_prior(session.prior_choice)
        seen = labels[: labels.index(session.visit) + 1]
        advice = session.advice()
        state = TableState(session.read, seen, session.visit, room.desk.due(), advised(advice))
        room.lesions.show_state(state, room.desk.lesion, advice, locked=session.locked)
        room.lesions.form.offer(self._roles())
        room.lesions.proposals.show_proposals(room.proposals.rows(), room.proposals.opened)
        state_of_visit = ResponseState(
            self._assessed(),
            session.tasks(),
            self._stage(),
            limits_of(session.charter),
            listed=bool(session.read.lesions),
            signature=self._signature(),
            reopened=reopened_html(why_reopened(session.events, session.visit)),
        )
        room.review.show_review(
            open_=session.read.reviewing, closed=session.read.reviewed is not None
        )
        room.response.show_response(state_of_visit)
        room.trend.show_trend(trend_lines(session.read, session.assessment, session.charter))

    def _signature(self) -> str:
        shown = self._shown_signature(self._room.session.visit)
        return signature_html(shown.fact, shown.when) if shown else ""

    def _shown_signature(self, label: str) -> ShownSignature | None:
        """Return the signature of a visit while it stands."""
        return signature_of(self._room.session.events, label) if self._signed(label) else None

    def _note(self, label: str) -> str:
        """Return in a few words by whom and when a visit was signed, or that it is open again."""
        shown = self._shown_signature(label)
        if shown is not None:
            moment = moment_text(shown.when)
            return _("signed by {signer}, {moment}", signer=shown.fact.signer, moment=moment)
        return _("re-opened") if why_reopened(self._room.session.events, label) else ""

    def _stage(self) -> Stage:
        session = self._room.session
        if session.read.reviewing:
            return Stage.SIGN_REVIEW
        if not session.locked:
            return Stage.OPEN
        if not session.next_visit and not session.why_no_review:
            return Stage.REVIEW
        read_through = not session.next_visit
        return Stage.READ if read_through and self._room.successor else Stage.SIGNED

    def _roles(self) -> tuple[Role, ...]:
        session = self._room.session
        if session.locked:
            return ()
        return (Role.TARGET, Role.NON_TARGET) if session.at_baseline else (Role.NEW,)

    def _tab(self, label: str) -> VisitTab:
        words, note = self._room.session.week_label(label), self._note(label)
        return VisitTab(label, words, self._signed(label), note)

    def _signed(self, label: str) -> bool:
        visits = self._room.session.read.visits
        return any(visit.identifier == label and visit.signed for visit in visits)

    def _assessed(self) -> VisitAssessment | None:
        session = self._room.session
        assessed = [seen for seen in session.assessment.visits if seen.visit == session.visit]
        return assessed[0] if assessed else None
