"""Between the panes and the session: what a reader draws, marks and has still to say."""

from collections.abc import Callable

from psygnal import Signal

from napari_recist.criteria import Lesion, Role, Status
from napari_recist.imaging.geometry import FloatArray
from napari_recist.reading import ReadingSession
from napari_recist.reading.proposals import meant_lesion, named_by, proposal_numbered, waiting
from napari_recist.reading.worklist import next_due
from napari_recist.translation import _
from napari_recist.ui.caliper_hand import CaliperInHand
from napari_recist.ui.caliper_state import MEASURING_PX_PER_MM
from napari_recist.ui.caliper_words import hand_value
from napari_recist.ui.drawn_caliper import CaliperKey, DrawnCaliper, IndexPoint
from napari_recist.ui.drawn_proposal import TO_ACCEPT_FIRST, drawn_proposal
from napari_recist.ui.read_desk import ReadDesk


class SessionDesk(ReadDesk):
    """The desk of a reading session, as the caliper tool needs one.

    Parameters
    ----------
    session : ReadingSession
        Where calipers are recorded.
    say : callable
        Shows the reader a hint in one line.
    guard : callable
        Runs a command and shows its refusal in words.

    Notes
    -----
    ``measuring_zoom`` is the zoom at which the reader measured last, in screen pixels per mm:
    going to a lesion zooms in at least so far, also at another visit.
    """

    session: ReadingSession

    measured = Signal(str)
    """A caliper of this lesion was recorded."""
    taken_up = Signal()
    """Another lesion is chosen, because its caliper was opened."""

    placed = Signal(str)
    """The place of this lesion was recorded."""

    def __init__(
        self,
        session: ReadingSession,
        say: Callable[[str], None],
        guard: Callable[[Callable[[], object]], bool],
    ) -> None:
        super().__init__(session)
        self.splitting = False
        self.measuring_zoom = MEASURING_PX_PER_MM
        self._say, self._guard = say, guard

    @property
    def lesion(self) -> Lesion | None:
        """The chosen lesion; ``None`` while there is none."""
        for lesion in self.session.read.lesions:
            if lesion.identifier == self.chosen:
                return lesion
        return None

    def lesion_in_hand(self) -> Lesion | None:
        """Return the target that the next line measures, or say why there is none."""
        lesion = self.lesion
        if self.session.locked:
            self._say(_("{visit} is signed: nothing can be drawn on it.", visit=self.session.visit))
        elif self._geometry(self.session.visit) is None:
            self._say(_("Here are no millimetres: the series can be looked at, not measured."))
        elif refused := "".join(self.session.why_not_measured()[:1]):
            self._say(refused)
        elif lesion is None:
            self._say(_("Choose a target in the list, or add one, then draw."))
        elif lesion.role is not Role.TARGET:
            self._say(
                _(
                    "{lesion} is not measured: a click marks where it lies.",
                    lesion=lesion.identifier,
                )
            )
        else:
            return lesion
        return None

    def lesion_to_place(self, *, any_role: bool) -> str:
        """Return the lesion whose place a click marks: not a target, unless asked for any."""
        lesion = self.lesion
        if lesion is None or self.session.locked:
            return ""
        return lesion.identifier if any_role or lesion.role is not Role.TARGET else ""

    def locate(self, lesion: str, place: IndexPoint) -> None:
        """Record where a lesion lies at the current visit."""
        if self._guard(lambda: self.session.locate_lesion(lesion, place)):
            self._say(_("{lesion} lies here.", lesion=lesion))
            self.placed.emit(lesion)

    def say(self, message: str) -> None:
        """Show the reader a hint."""
        self._say(message)

    def draws_anew(self, lesion: Lesion) -> bool:
        """Tell whether a lesion has no caliper yet at the current visit, or one more fragment."""
        return self.splitting or not self._calipers_of(lesion.identifier)

    def caliper_to_open(self) -> DrawnCaliper | None:
        """Return the chosen lesion's caliper at the current visit, its first where it is split."""
        return next(iter(self._calipers_of(self.chosen)), None)

    def _calipers_of(self, lesion: str) -> list[DrawnCaliper]:
        return [one for one in self._recorded() if one.lesion.identifier == lesion]

    def take_up(self, caliper: DrawnCaliper) -> None:
        """Choose the lesion whose caliper was opened, where the list has it."""
        listed = caliper.lesion.identifier in self.names()
        if listed and caliper.lesion.identifier != self.chosen:
            self.chosen, self.splitting = caliper.lesion.identifier, False
            self.taken_up.emit()

    def open_calipers(self) -> list[DrawnCaliper]:
        """Return the calipers and proposals of the current visit while it is not signed."""
        return [*self._recorded(), *self.proposed()]

    def _recorded(self) -> list[DrawnCaliper]:
        shown = self.drawn(self.session.visit)
        return [caliper for caliper in shown if not caliper.locked]

    def proposed(self) -> list[DrawnCaliper]:
        """Return what is proposed at the current visit, as far as it lies in the volume shown."""
        volume = self._volume(self.session.visit)
        if volume is None or self._closed(self.session.visit):
            return []
        session, chosen = self.session, self.chosen
        drawn = (drawn_proposal(session, one, volume, chosen) for one in waiting(session))
        return [one for one in drawn if one is not None]

    def value_of(self, hand: CaliperInHand) -> str:
        """Return the value that would be reported, and beside it the short axis of a lesion."""
        return hand_value(hand, self.session.charter.criteria.precision_tenths)

    def commit(self, hand: CaliperInHand, pixels_per_mm: float) -> CaliperKey | None:
        """Record a caliper at the current visit, or a proposal as it was corrected."""
        if hand.replaces is not None and hand.replaces.proposal:
            return self._commit_proposal(hand, hand.replaces.proposal, pixels_per_mm)
        name = self.chosen = hand.lesion.identifier
        fragment = hand.replaces.fragment if hand.replaces else self._next_fragment(name)
        lines = hand.lines
        drawn = self._guard(
            lambda: self.session.draw_caliper(
                name, lines.long_axis, lines.short_axis, pixels_per_mm, fragment
            )
        )
        if not drawn:
            return None
        self.measuring_zoom = pixels_per_mm
        self.measured.emit(name)
        return name, fragment

    def _commit_proposal(
        self, hand: CaliperInHand, number: int, pixels_per_mm: float
    ) -> CaliperKey | None:
        proposal = proposal_numbered(self.session, number)
        name = meant_lesion(self.session.read, proposal, self.chosen)
        if not name:
            self._say(TO_ACCEPT_FIRST)
            return None
        long_axis, short_axis = hand.lines.long_axis, hand.lines.short_axis
        corrected = self._guard(
            lambda: self.session.correct_proposal(
                number, name, long_axis, short_axis, pixels_per_mm
            )
        )
        if not corrected:
            return None
        self.chosen, self.measuring_zoom = name, pixels_per_mm
        self.measured.emit(name)
        return name, named_by(proposal)[1]

    def _next_fragment(self, lesion: str) -> int:
        """Return the number of the fragment a new line measures; 0 for a whole lesion."""
        if not self.splitting:
            return 0
        said = self.session.read.observation(self.session.visit, lesion)
        pieces = len(said.diameters) if said and said.status is Status.SPLIT else 0
        return pieces + 1

    def last_point_of(self, lesion: str) -> FloatArray | None:
        """Return where a lesion lay at the latest earlier visit that tells, its mm (LPS)."""
        labels = [visit.visit for visit in self.session.visits]
        before = labels[: labels.index(self.session.visit)]
        points = (self.point_of(lesion, visit) for visit in reversed(before))
        return next((point for point in points if point is not None), None)

    def _closed(self, visit: str) -> bool:
        """Tell whether nothing of a visit can be changed: signed, prior, or another phase shown."""
        session = self.session
        shown_to_look_at = session.series_shown(visit) != session.series_read(visit)
        return visit != session.visit or session.locked or shown_to_look_at

    def first_due(self) -> str:
        """Return the first lesion of which something must still be said, else the first of all."""
        names = self.names()
        return next_due(self.session.read, self.session.tasks(), "") or (names or [""])[0]

    def due_after(self, lesion: str) -> str:
        """Return the next lesion of which something must still be said, "" where none is."""
        return next_due(self.session.read, self.session.tasks(), lesion)

    def due(self) -> frozenset[str]:
        """Return the lesions of which something must still be said at the current visit."""
        return frozenset(task.lesion for task in self.session.tasks())
