"""A trial on a server that is under way: patients assigned, read, finished and settled."""

import datetime as dt

from napari_recist.criteria import (
    Lesion,
    LesionAdded,
    LesionMeasured,
    Role,
    VisitOpened,
    VisitSigned,
)
from napari_recist.trial.images.catalogue import ScheduledVisit
from napari_recist.trial.reads.adjudication_codes import AdjudicationReason, Choice
from napari_recist.trial.record.trial_facts import (
    AdjudicatorAssigned,
    CaseAdjudicated,
    ClinicalDataGiven,
    ClinicalReviewSigned,
    FollowUpEnded,
    ReadAssigned,
    ReReadScheduled,
    VisitRegistered,
)
from tests.trial.record.shared_server import CHARTER_HASH, ServerTrial

VISITS = ("BL", "W8", "W16")
UNDER_WAY, FINISHED, SETTLED = "P1", "P2", "P3"


def scheduled(subject: str, visit: str) -> ScheduledVisit:
    """Return a visit of a patient without images."""
    week = 8 * VISITS.index(visit)
    return ScheduledVisit(subject, visit, week, dt.date(2025, 1, 6) + dt.timedelta(weeks=week), ())


def signature(visit: str, signer: str) -> VisitSigned:
    """Return a signature as a client writes it: without the head of the chain."""
    return VisitSigned(visit, signer, "I read this", "SD", "c0", CHARTER_HASH, "", "0.1")


def read_visit(trial: ServerTrial, subject: str, reader: str, visit: str) -> None:
    """Open a visit, state something of it and sign it."""
    store = trial.store(reader)
    store.append(subject, reader, reader, VisitOpened(visit, scheduled(subject, visit).date))
    if visit == VISITS[0]:
        lesion = Lesion("T1", Role.TARGET, "liver")
        store.append(subject, reader, reader, LesionAdded(visit, lesion))
    store.append(subject, reader, reader, LesionMeasured(visit, "T1", 250))
    store.append(subject, reader, reader, signature(visit, reader))


def adjudicated(signer: str) -> CaseAdjudicated:
    """Return the decision for read A."""
    reason = AdjudicationReason.MEASUREMENT
    return CaseAdjudicated(
        Choice.READ_A, reason, "", signer, "I compared both", "c0", CHARTER_HASH, "", "0.1"
    )


def reviewed(signer: str) -> ClinicalReviewSigned:
    """Return a clinical review that agrees."""
    return ClinicalReviewSigned(
        agrees=True,
        response="SD",
        comment="",
        signer=signer,
        meaning="I reviewed this",
        content_hash="c0",
        charter_hash=CHARTER_HASH,
        chain_head="",
        software="0.1",
    )


def assign(trial: ServerTrial, subject: str, *visits: str) -> None:
    """Register visits of a patient and assign it to anna, boris and, for settling, to zoe."""
    for visit in visits:
        trial.store("ida").append(subject, "", "ida", VisitRegistered(scheduled(subject, visit)))
    for reader in ("anna", "boris"):
        trial.store("ada").append(subject, "", "ada", ReadAssigned(reader))
    trial.store("ada").append(subject, "", "ada", AdjudicatorAssigned("zoe"))


def finish(trial: ServerTrial, subject: str) -> None:
    """Have both readers sign two visits, and end the follow-up."""
    assign(trial, subject, "BL", "W8")
    for reader in ("anna", "boris"):
        for visit in ("BL", "W8"):
            read_visit(trial, subject, reader, visit)
    trial.store("ida").append(subject, "", "ida", FollowUpEnded("died"))


def fill(trial: ServerTrial) -> None:
    """Have one patient half read, one finished, and one settled and reviewed."""
    assign(trial, UNDER_WAY, *VISITS)
    read_visit(trial, UNDER_WAY, "anna", "BL")
    trial.store("anna").append(
        UNDER_WAY, "anna", "anna", VisitOpened("W8", scheduled(UNDER_WAY, "W8").date)
    )
    finish(trial, FINISHED)
    finish(trial, SETTLED)
    trial.store("zoe").append(SETTLED, "", "zoe", adjudicated("zoe"))
    given = ClinicalDataGiven((("weight", "80 kg"),))
    trial.store("ida").append(SETTLED, "", "ida", given)
    trial.store("oli").append(SETTLED, "", "oli", reviewed("oli"))
    trial.store("ada").append("P9", "", "ada", ReReadScheduled("P9", SETTLED, "anna"))
    trial.sql("ida", "SELECT append_event('P1', '', 'identity_registered.1', '{}', 0)")
