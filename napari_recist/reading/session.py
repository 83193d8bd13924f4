"""One reader reading one patient: commands in, a signal out when the record has grown.

Every command appends its fact to the trial's record first and shows it afterwards: what can be
seen is on disk. The state is replayed from the record, so re-opening gives the same session.
"""

from dataclasses import replace

from napari_recist.criteria import (
    Lesion,
    LesionLocated,
    ProposalDismissed,
    Role,
    Status,
    StatusStated,
    WhyNotEvaluable,
)
from napari_recist.reading.caliper_facts import Drawn, Index, IndexAxis, measured
from napari_recist.reading.drawable import refuse_unmeasured, volume_seen, why_not_measured
from napari_recist.reading.place_facts import image_place
from napari_recist.reading.proposals import (
    accepted,
    corrected_proposal,
    proposal_numbered,
    volume_of_proposal,
)
from napari_recist.reading.recorded_read import RecordedRead
from napari_recist.reading.sequence import PriorChoice
from napari_recist.reading.series_choice import choosing, not_evaluable
from napari_recist.reading.statements import (
    added,
    corrected,
    known,
    next_name,
    observation_withdrawn,
    overridden,
    stated,
    withdrawn,
)
from napari_recist.trial import SeriesEntry
from napari_recist.trial.reasons import in_one_line


class ReadingSession(RecordedRead):
    """A read in progress: what a reader may do with series, calipers, lesions and advice."""

    def choose_prior(self, choice: PriorChoice) -> None:
        """Put another earlier visit beside the current one."""
        self.prior_choice = choice
        self.changed.emit()

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

    def state_not_evaluable(self, reason: str, code: WhyNotEvaluable | None = None) -> None:
        """Say that no lesion can be judged at the current visit; what was said already stands.

        Reason and code as in :meth:`state_status`.
        """
        self._refuse_locked()
        why = StatusStated(self.visit, "", Status.NOT_EVALUABLE, in_one_line(reason), code=code)
        for fact in not_evaluable(self._read, why, at_baseline=self.at_baseline):
            self._record(fact)

    def show_phase(self, phase: str) -> None:
        """Look at another phase of the visits shown, "" for the series read; nothing is recorded.

        Measurements stay with the series read: on another phase a caliper is refused.
        """
        self.phase = phase
        self.changed.emit()

    def why_not_measured(self) -> tuple[str, str]:
        """Return why nothing can be drawn on what is shown now, and what to do; blank if it can."""
        return why_not_measured(self)

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

    def correct_lesion(self, lesion: Lesion, reason: str) -> None:
        """Correct what the list says of a lesion, named as it is; not once it is signed.

        Raises
        ------
        ReadError
            If nothing or too much changes, or without a reason.
        LockedError
            If a signed visit speaks of it.
        """
        tidy = replace(lesion, organ=in_one_line(lesion.organ), site=in_one_line(lesion.site))
        self._say(corrected(self._read, self.visit, tidy, reason))

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
        refuse_unmeasured(self)
        target = known(self._read, lesion)
        volume = volume_seen(self, long_axis_index[0][0])
        drawn = Drawn(volume, long_axis_index, short_axis_index, pixels_per_mm, fragment)
        self._say(measured(self._read, self.visit, target, drawn, self.charter))

    def accept_proposal(self, number: int, lesion: str) -> None:
        """Measure a target by a proposal as it lies on the picture shown.

        Raises
        ------
        ReadError
            If the proposal is answered already, or the lesion is none that is measured.
        UnmeasurableError
            If it lies on another series than the one measured on, or lacks a node's short axis.
        """
        self._refuse_locked()
        refuse_unmeasured(self)
        proposal, target = proposal_numbered(self, number), known(self._read, lesion)
        volume_of_proposal(self, proposal)  # what is not seen is not said
        self._say(accepted(self._read, proposal, target, self.charter))

    def correct_proposal(
        self,
        number: int,
        lesion: str,
        long_axis_index: IndexAxis,
        short_axis_index: IndexAxis | None = None,
        pixels_per_mm: float = 0.0,
    ) -> None:
        """Measure a target by a proposal that the reader corrected; as :meth:`draw_caliper`."""
        self._refuse_locked()
        refuse_unmeasured(self)
        proposal, target = proposal_numbered(self, number), known(self._read, lesion)
        volume = volume_seen(self, long_axis_index[0][0])
        drawn = Drawn(volume, long_axis_index, short_axis_index, pixels_per_mm)
        self._say(corrected_proposal(self._read, proposal, target, drawn, self.charter))

    def dismiss_proposal(self, number: int) -> None:
        """Say that a proposal is not taken; undo brings it back."""
        self._say(ProposalDismissed(self.visit, proposal_numbered(self, number).number))

    def locate_lesion(self, lesion: str, index: Index) -> None:
        """Say where a lesion lies at the current visit, as an index of its volume.

        Raises
        ------
        UnmeasurableError
            If the place lies outside the image.
        """
        self._refuse_locked()
        known(self._read, lesion)
        place = image_place(volume_seen(self, index[0]), index)
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
