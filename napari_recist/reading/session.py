"""One reader reading one patient: commands in, a signal out when the record has grown.

Every command appends its fact to the trial's record first and shows it afterwards: what can be
seen is on disk. The state is replayed from the record, so re-opening gives the same session.
"""

import math
from dataclasses import replace

from psygnal import Signal

from napari_recist.criteria import (
    Event,
    Fact,
    Lesion,
    LesionLocated,
    Redone,
    Role,
    Status,
    StatusStated,
    Undone,
    VisitOpened,
    WhyNotEvaluable,
)
from napari_recist.errors import LockedError, SignatureRefusedError, UnmeasurableError
from napari_recist.imaging import Volume
from napari_recist.reading.caliper_facts import HALF_PIXEL, Drawn, Index, IndexAxis, measured
from napari_recist.reading.place_facts import image_place
from napari_recist.reading.sequence import PriorChoice
from napari_recist.reading.series_choice import choosing, not_evaluable
from napari_recist.reading.statements import (
    added,
    in_one_line,
    known,
    next_name,
    observation_withdrawn,
    overridden,
    stated,
    withdrawn,
)
from napari_recist.reading.view import ReadingView
from napari_recist.trial import ScheduledVisit, SeriesEntry, Trial


class ReadingSession(ReadingView):
    """A read in progress; it opens at the visit where the reader left it, or at baseline.

    Parameters
    ----------
    trial : Trial
        The open trial.
    reader : str
        Name of one of its readers.
    subject : str
        Patient code.

    Raises
    ------
    ReadError
        If the trial has no images of this patient.
    """

    changed = Signal()
    """Emitted after each command, when the new state can be read."""

    def __init__(self, trial: Trial, reader: str, subject: str) -> None:
        super().__init__(trial, reader, subject)
        if not self.visit:
            self.open_visit(self.baseline)

    def choose_prior(self, choice: PriorChoice) -> None:
        """Put another earlier visit beside the current one."""
        self.prior_choice = choice
        self.changed.emit()

    def open_visit(self, visit: str) -> None:
        """Go to a visit: the next one only once the former is signed.

        Raises
        ------
        LockedError
            If an earlier visit is not signed yet.
        """
        scheduled = self._seen(visit)
        if visit == self.visit:
            return
        self.phase = ""
        before = [opened for opened in self._opened if opened.visit == visit]
        # A visit looked at again keeps the date and series under which it was read.
        self._record(before[-1] if before else self._first_look(scheduled))

    def _first_look(self, scheduled: ScheduledVisit) -> VisitOpened:
        series = self.series.proposed(scheduled.visit)
        return VisitOpened(scheduled.visit, scheduled.date, series.series_uid, series.part)

    def choose_series(self, series: SeriesEntry, reason: str = "") -> None:
        """Measure the current visit on this series of its.

        Parameters
        ----------
        series : SeriesEntry
            One of the visit's.
        reason : str
            Required where the series departs from what is asked for, and where measurements made
            on another series are withdrawn with it.

        Raises
        ------
        ReadError
            If a reason is missing.
        UnmeasurableError
            If the series gives no millimetres.
        """
        self._refuse_locked()
        ranking = self.series.ranking(self.visit)
        wanted = next(found for found in ranking if found.entry == series)
        before = self.series_read(self.visit)
        for fact in choosing(self._read, self.visit, before, wanted, reason):
            self._record(fact)
        self.show_phase("")

    def state_not_evaluable(self, reason: str) -> None:
        """Say that no lesion can be judged at the current visit; what was said already stands."""
        self._refuse_locked()
        for fact in not_evaluable(self._read, self.visit, reason, at_baseline=self.at_baseline):
            self._record(fact)

    def show_phase(self, phase: str) -> None:
        """Look at another phase of the visits shown, "" for the series read; nothing is recorded.

        Measurements stay with the series read: on another phase a caliper is refused.
        """
        self.phase = phase
        self.changed.emit()

    def why_not_measured(self) -> tuple[str, str]:
        """Return why nothing can be drawn on what is shown now, and what to do; blank if it can."""
        read_on = self.series_read(self.visit)
        if self.series_shown(self.visit) != read_on:
            phase = read_on.phase or "its own series"
            return (
                f"{self.visit} of {self.subject} is measured on {phase}, not on what is shown.",
                f"Step back to {phase} (E), or choose the series shown for measuring (W).",
            )
        open_questions = self.series.unanswered(self.visit)
        if open_questions:
            words = " ".join(departure.words for departure in open_questions)
            return (
                f"The series of {self.visit} of {self.subject} departs: {words}",
                "Say first whether to measure on it (W).",
            )
        return "", ""

    def add_lesion(
        self,
        role: Role,
        organ: str,
        site: str = "",
        node: bool = False,
        porta_hepatis: bool = False,
    ) -> Lesion:
        """Put a lesion on the list by role and place alone; see :meth:`list_lesion`."""
        return self.list_lesion(Lesion("", role, organ, site, node, porta_hepatis))

    def list_lesion(self, described: Lesion) -> Lesion:
        """Put a lesion on the list at the current visit and return it with its name, T1.

        Raises
        ------
        ReadError
            If the role does not suit the visit: targets and non-targets join at baseline only.
        """
        lesion = replace(
            described,
            identifier=next_name(self._events, described.role),
            organ=in_one_line(described.organ),
            site=in_one_line(described.site),
        )
        self._say(added(self._read, self.visit, lesion, at_baseline=self.at_baseline))
        return lesion

    def withdraw_lesion(self, lesion: str, reason: str) -> None:
        """Take a lesion off the list, with a reason; not once a signed visit speaks of it."""
        self._say(withdrawn(self._read, lesion, reason))

    def draw_caliper(
        self,
        lesion: str,
        long_axis_index: IndexAxis,
        short_axis_index: IndexAxis | None = None,
        pixels_per_mm: float = 0.0,
        fragment: int = 0,
    ) -> None:
        """Measure a target by the axes drawn on the current visit's volume.

        Parameters
        ----------
        lesion : str
            Name of a target.
        long_axis_index, short_axis_index : pair of (slice, row, column)
            Ends of the axes, voxel centres at whole numbers, all on one slice. They are named by
            their length: the longer becomes the long axis.
        pixels_per_mm : float
            Zoom of the screen at the moment of drawing.
        fragment : int
            0 for a whole lesion, else the number of the fragment of a split one (R-15).

        Raises
        ------
        UnmeasurableError
            If the series gives no millimetres, or the line leaves the image or has no length.
        """
        self._refuse_locked()
        self._refuse_unmeasured()
        target = known(self._read, lesion)
        volume = self._volume_here(long_axis_index[0][0])
        drawn = Drawn(volume, long_axis_index, short_axis_index, pixels_per_mm, fragment)
        self._say(measured(self._read, self.visit, target, drawn, self.charter))

    def locate_lesion(self, lesion: str, index: Index) -> None:
        """Say where a lesion lies at the current visit, as an index of its volume.

        Raises
        ------
        UnmeasurableError
            If the place lies outside the image.
        """
        self._refuse_locked()
        known(self._read, lesion)
        place = image_place(self._volume_here(index[0]), index)
        self._say(LesionLocated(self.visit, lesion, place))

    def state_status(
        self,
        lesion: str,
        status: Status,
        reason: str = "",
        into: str = "",
        code: WhyNotEvaluable | None = None,
    ) -> None:
        """Say what became of a lesion at the current visit without measuring it.

        Parameters
        ----------
        lesion : str
            Name of the lesion.
        status : Status
            One that the lesion's role admits.
        reason : str
            In the reader's words; required for ``NOT_EVALUABLE`` where no code tells it.
        into : str
            For ``MERGED``: the target that now holds both.
        code : WhyNotEvaluable, optional
            The coded reason for ``NOT_EVALUABLE``.
        """
        fact = StatusStated(self.visit, lesion, status, in_one_line(reason), into, code=code)
        self._say(stated(self._read, fact, at_baseline=self.at_baseline))

    def withdraw_observation(self, lesion: str, reason: str) -> None:
        """Take back what was said of a lesion at the current visit, with a reason."""
        self._say(observation_withdrawn(self._read, self.visit, lesion, reason))

    def override_advice(self, rule: str, lesion: str, reason: str) -> None:
        """Say why the reader does otherwise than a rule advises on a lesion ("": on the list)."""
        self._refuse_locked()
        self._say(overridden(self.advice(), self.visit, rule, lesion, reason))

    def undo(self) -> bool:
        """Take back the last fact since the last signature; return whether there was one."""
        if not self.can_undo:
            return False
        event = self._history.done[-1]
        self._record(Undone(event.sequence))
        self._follow(event.fact)
        return True

    def redo(self) -> bool:
        """Bring back what was undone last; return whether there was something."""
        if not self.can_redo:
            return False
        event = self._history.undone[-1]
        self._record(Redone(event.sequence))
        self._follow(event.fact)
        return True

    def sign_visit(self, password: str, meaning: str) -> Event:
        """Sign the current visit: it is locked from then on, and the next may be opened.

        Raises
        ------
        LockedError
            If it is signed already.
        SignatureRefusedError
            If something is still to be said, or the password is not the reader's.
        """
        self._refuse_locked()
        gaps = self.unfinished()
        if gaps:
            raise SignatureRefusedError(
                f"{self.visit} of {self.subject} is not finished: {' '.join(gaps)}",
                "Complete it, then sign.",
            )
        signature = self.trial.sign(
            self._read,
            self._assessment.visit(self.visit),
            password=password,
            meaning=meaning,
            last_known=self._last_known,
        )
        self._took(signature)
        return signature

    def _say(self, fact: Fact) -> None:
        self._refuse_locked()
        self._record(fact)

    def _record(self, fact: Fact) -> None:
        self._took(self.trial.append(self.subject, self.reader, fact, last_known=self._last_known))

    def _took(self, event: Event) -> None:
        self._replay((*self._events, event))
        self.changed.emit()

    def _follow(self, fact: Fact) -> None:
        """Go to the visit of a fact just undone or redone, so that the reader sees it happen."""
        visit = getattr(fact, "visit", self.visit)
        if visit != self.visit:
            self.open_visit(visit)

    def _volume_here(self, place: float) -> Volume:
        """Return the volume shown, if this slice of it is there; what is not seen is not said."""
        volume, series = self.shown_volume(self.visit), self.series_shown(self.visit)
        # A place that is no number is refused by whoever looks where it lies.
        index = math.floor(place + HALF_PIXEL) if math.isfinite(place) else 0
        there = self.on_view.has_slice(self._seen(self.visit), series, index)
        if volume is None or not there:
            raise UnmeasurableError(
                f"Slice {index + 1} of {self.visit} of {self.subject} is still being loaded.",
                "Draw it once it is seen.",
            )
        return volume

    def _refuse_unmeasured(self) -> None:
        problem, remedy = self.why_not_measured()
        if problem:
            raise UnmeasurableError(problem, remedy)

    def _refuse_locked(self) -> None:
        if self.locked:
            raise LockedError(
                f"{self.visit} of {self.subject} is signed.", "Open the visit that follows."
            )
