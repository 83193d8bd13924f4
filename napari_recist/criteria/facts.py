"""The facts a reader can state: each is one event of the record, and the record is only these.

A fact is never edited. A correction is a further fact; undo is a fact that names the one it takes
back. What they add up to is told by :func:`napari_recist.criteria.read.replay`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from napari_recist.criteria.calipers import Caliper, ImagePlace
from napari_recist.criteria.lesions import Lesion, Status, WhyNotEvaluable
from napari_recist.criteria.responses import Response


@dataclass(frozen=True, slots=True)
class VisitOpened:
    """The reader opened a visit: its label, scan date and the series chosen for reading.

    ``part`` tells which volume of a DICOM series that holds several; "" is the first of them.
    """

    visit: str
    date: dt.date
    series_uid: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class SeriesChosen:
    """The reader measures a visit on this series, knowing how it departs from what was asked for.

    ``departures`` are the sentences the reader was shown; where there are any, ``reason`` says why
    the series is measured all the same.
    """

    visit: str
    series_uid: str
    part: str = ""
    departures: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LesionAdded:
    """The reader put a lesion on the list at this visit."""

    visit: str
    lesion: Lesion


@dataclass(frozen=True, slots=True)
class LesionCorrected:
    """The reader corrected at this visit what the list says of a lesion, and says why.

    ``lesion`` is the whole of what it is now; its name and role stay.
    """

    visit: str
    lesion: Lesion
    reason: str


@dataclass(frozen=True, slots=True)
class LesionWithdrawn:
    """The reader took a lesion off the list, and says why."""

    lesion: str
    reason: str


@dataclass(frozen=True, slots=True)
class LesionLocated:
    """The reader pointed at where a lesion lies at this visit."""

    visit: str
    lesion: str
    place: ImagePlace


@dataclass(frozen=True, slots=True)
class LesionMeasured:
    """The reader drew, or moved, the caliper of a lesion.

    ``diameter`` is the reported value in tenths of a millimetre: the long axis, for a node the
    short axis. It stands beside the caliper so that the record holds what was reported even
    where a later version would round otherwise. ``fragment`` is 0 for a whole lesion, else the
    number of the fragment of a split lesion (R-15). ``viable``: of the arterially enhancing part,
    for mRECIST, which keeps its own measurements beside those of the whole lesion (H-10).
    ``proposal`` is the sequence number of the :class:`MeasurementProposed` that the reader accepted
    with it, as it was or corrected; 0 where none was. That proposal is answered from then on.
    """

    visit: str
    lesion: str
    diameter: int
    caliper: Caliper | None = None
    fragment: int = 0
    viable: bool = False
    proposal: int = 0


@dataclass(frozen=True, slots=True)
class MeasurementProposed:
    """A caliper drawn elsewhere was laid before the reader; it counts for nothing.

    Accepting it is the reader's own :class:`LesionMeasured`, which names it by its sequence number;
    :class:`ProposalDismissed` says that it is not taken. ``lesion`` is the name its source gave
    ("T1"), "" where it gave none of the list's kind; ``organ`` and ``site`` are words of the closed
    list of organs or "". The provenance of ``caliper`` is ``PROPOSED``; ``source`` says where it is
    from without naming anybody: ``SR <SOP Instance UID> of OHIF``.
    """

    visit: str
    lesion: str
    caliper: Caliper
    source: str
    organ: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class ProposalDismissed:
    """The reader does not take the proposal with this sequence number."""

    visit: str
    proposal: int


@dataclass(frozen=True, slots=True)
class StatusStated:
    """The reader said what became of a lesion without measuring it.

    A ``reason`` or a ``code`` is required for ``NOT_EVALUABLE``: records of the first version have
    the reason alone. ``into`` names the lesion for ``MERGED``. ``viable``: of the arterially
    enhancing part, for mRECIST (H-10).
    """

    visit: str
    lesion: str
    status: Status
    reason: str = ""
    into: str = ""
    viable: bool = False
    code: WhyNotEvaluable | None = None


@dataclass(frozen=True, slots=True)
class ObservationWithdrawn:
    """The reader took back what was said of a lesion, or of its viable part, and says why."""

    visit: str
    lesion: str
    reason: str
    viable: bool = False


@dataclass(frozen=True, slots=True)
class AdviceOverridden:
    """The reader was advised by a rule, did otherwise, and says why.

    ``message`` is the advice as it was shown: when it changes, it has not been answered. ``lesion``
    is "" where the advice is on the whole list.
    """

    visit: str
    rule: str
    lesion: str
    message: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetResponseArgued:
    """A target response argued where the measurements leave it open, with the argument.

    It counts where a missing lesion makes the visit NE (R-22), and where a complete response was
    mistaken and becomes PR (R-31); elsewhere the measurements decide.
    """

    visit: str
    response: Response
    argument: str


@dataclass(frozen=True, slots=True)
class SignedFigures:
    """The figures a reader saw when signing a visit, named as in ``VisitAssessment``.

    Lengths are tenths of a millimetre. They follow from the record; they stand beside the
    signature so that whoever reads the database without this program has them, too.
    """

    response_date: dt.date
    sum: int | None
    baseline_sum: int | None
    nadir_sum: int | None
    nadir_visit: str
    change_from_baseline_pct: str
    change_from_nadir_pct: str
    target: Response | None
    nontarget: Response | None
    new_lesion: bool


@dataclass(frozen=True, slots=True)
class VisitSigned:
    """The reader signed the visit: it is closed to change.

    ``content_hash`` is the SHA-256 of exactly what was signed, ``charter_hash`` of the charter,
    ``chain_head`` the hash of the last record before this one; ``response`` the overall response
    shown to the reader at that moment, ``figures`` the figures shown (``None`` in records of
    earlier versions).
    """

    visit: str
    signer: str
    meaning: str
    response: str
    content_hash: str
    charter_hash: str
    chain_head: str
    software: str
    figures: SignedFigures | None = None


@dataclass(frozen=True, slots=True)
class VisitReopened:
    """An authorised person opened a signed visit again, and says why."""

    visit: str
    reason: str


@dataclass(frozen=True, slots=True)
class GlobalReviewBegun:
    """All visits are signed, and the reader looks at them together: they open to change once more.

    What was signed before stays on record, and is what the record replays to up to here.
    """


@dataclass(frozen=True, slots=True)
class GlobalReviewSigned:
    """The reader closed the global review; each visit was signed again just before.

    ``content_hash`` is the SHA-256 of the whole read, the other fields as of ``VisitSigned``.
    """

    signer: str
    meaning: str
    content_hash: str
    charter_hash: str
    chain_head: str
    software: str


@dataclass(frozen=True, slots=True)
class Undone:
    """The fact with this sequence number no longer counts."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Redone:
    """The fact with this sequence number, undone before, counts again."""

    sequence: int


Fact: TypeAlias = (
    VisitOpened
    | SeriesChosen
    | LesionAdded
    | LesionCorrected
    | LesionWithdrawn
    | LesionLocated
    | LesionMeasured
    | MeasurementProposed
    | ProposalDismissed
    | StatusStated
    | ObservationWithdrawn
    | AdviceOverridden
    | TargetResponseArgued
    | VisitSigned
    | VisitReopened
    | GlobalReviewBegun
    | GlobalReviewSigned
    | Undone
    | Redone
)
"""Any of the facts above."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact as recorded: where it stands in the trial's record, when, and who stated it of whom.

    ``recorded_at`` carries a time zone. ``sequence`` rises along the record of the whole trial.
    ``reader`` is whose read it belongs to, ``actor`` who stated it: somebody else where a visit is
    re-opened, "" in records of the first version.
    """

    sequence: int
    recorded_at: dt.datetime
    subject: str
    reader: str
    fact: Fact
    actor: str = ""
