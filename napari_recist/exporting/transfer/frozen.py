"""A frozen transfer as values: all of it that any export says, as it stood at the freeze."""

import datetime as dt
from dataclasses import dataclass

from napari_recist.criteria import Assessment, Charter, Event, Read
from napari_recist.trial import ChainHead, ScheduledVisit
from napari_recist.trial.record.trial_facts import CaseAdjudicated


@dataclass(frozen=True, slots=True)
class FrozenRead:
    """One person's read of a patient, as far as it was signed.

    Attributes
    ----------
    reader : str
        The trial's name for the person. It never leaves in SDTM, SR or ODM.
    evaluator : str
        The person without a name, as CDISC's MEDEVAL says it: "RADIOLOGIST 1", "RADIOLOGIST 2"
        in the order in which they were assigned, "ADJUDICATOR 1" for an adjudicator's own read.
    accepted : bool
        This read counts: adjudicated, or readers agree, or the only one. No read does while the
        patient is open.
    events : tuple of Event
        What was stated up to the freeze, also at visits not signed; dates as told.
    read : Read
        Its signed visits only.
    assessment : Assessment
        The judgement of ``read``.
    charter : Charter
        By which it was read.
    """

    reader: str
    evaluator: str
    accepted: bool
    events: tuple[Event, ...]
    read: Read
    assessment: Assessment
    charter: Charter


@dataclass(frozen=True, slots=True)
class FrozenPatient:
    """A patient with at least one signed visit.

    Attributes
    ----------
    subject, site : str
        The code, and the group ``site`` of the charter's ``subject_code`` in it; "" where it has
        none.
    visits : tuple of ScheduledVisit
        All that are registered, read or not; dates as told.
    reads : tuple of FrozenRead
        In the order of their evaluators.
    ended : bool
        Follow-up has ended.
    adjudication : CaseAdjudicated or None
        The adjudication that stands.
    reference_date : datetime.date or None
        First dose: the clinical item "treatment start". None where it was not given, or whoever
        exports does not see it.
    adjudicated_at : datetime.datetime or None
        UTC; when the adjudication that stands was signed.
    clinical : tuple of (str, str)
        Clinical data, item by item, as they were given; none where whoever exports sees none.
    """

    subject: str
    site: str
    visits: tuple[ScheduledVisit, ...]
    reads: tuple[FrozenRead, ...]
    ended: bool
    adjudication: CaseAdjudicated | None
    reference_date: dt.date | None
    adjudicated_at: dt.datetime | None = None
    clinical: tuple[tuple[str, str], ...] = ()

    @property
    def accepted(self) -> FrozenRead | None:
        """The read that counts, None while the patient is open."""
        return next((read for read in self.reads if read.accepted), None)

    @property
    def settled(self) -> bool:
        """Whether one read is accepted."""
        return self.accepted is not None


@dataclass(frozen=True, slots=True)
class Transfer:
    """All data of a trial as frozen under one number.

    Attributes
    ----------
    number : int
        1, 2, 3 ...
    frozen_at : datetime.datetime
        UTC. The only moment that a file may tell of its making, so that every re-export is the
        same byte for byte.
    frozen_by, comment : str
        Who froze it, and what was said of it.
    anchor : ChainHead
        Number and hash of the last record of the data.
    trial_uid : str
        The trial's own random identifier.
    charter : Charter
        The version in force at the freeze.
    charter_hashes : tuple of str
        Of all versions up to the freeze, oldest first.
    software : str
        The version of napari-recist that exports.
    true_dates : bool
        False: dates are shifted, patient by patient, for who exports does not see identity.
    patients : tuple of FrozenPatient
        By code.
    """

    number: int
    frozen_at: dt.datetime
    frozen_by: str
    comment: str
    anchor: ChainHead
    trial_uid: str
    charter: Charter
    charter_hashes: tuple[str, ...]
    software: str
    true_dates: bool
    patients: tuple[FrozenPatient, ...]
