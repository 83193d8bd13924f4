"""The oncologist's review: clinical data beside the accepted imaging result, signed on its own."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from napari_recist import __version__
from napari_recist.criteria import Event, Response, VisitAssessment, assess_read, replay
from napari_recist.criteria.csv_rows import Complaints, rows_of
from napari_recist.errors import ReadError, RecordError, TableError
from napari_recist.trial.reads.adjudication import accepted_read
from napari_recist.trial.reads.clinical_items import TREATMENT_START
from napari_recist.trial.reasons import in_one_line
from napari_recist.trial.record.fact_codec import canonical
from napari_recist.trial.record.trial_facts import ClinicalDataGiven, ClinicalReviewSigned
from napari_recist.trial.staff.access import Action
from napari_recist.trial.trial import Trial

MEANING = "I have reviewed the imaging result with the clinical data, and this is my assessment."
"""What the signature under a clinical review says; recorded with it."""

COLUMNS = ("subject", "item", "value")
"""Of a file of clinical data: one row for each item of a patient."""

Items: TypeAlias = tuple[tuple[str, str], ...]
"""Clinical data, item by item: what it is, and its value, both as they were given."""


@dataclass(frozen=True, slots=True)
class ClinicalCase:
    """A settled patient as the oncologist sees it: nobody is named, no date is told.

    ``visits`` are the accepted read's, judged by its charter; ``content_hash`` is of the events of
    that read and of the clinical data; ``charter_hash`` of the charter.
    """

    subject: str
    visits: tuple[VisitAssessment, ...]
    items: Items
    content_hash: str
    charter_hash: str


@dataclass(frozen=True, slots=True)
class ClinicalVerdict:
    """What an oncologist decides: whether the result stands, else which response, and why."""

    agrees: bool
    response: Response | None = None
    comment: str = ""


def clinical_data_of(file: Path) -> dict[str, Items]:
    """Return the clinical data of a CSV file with the columns of :data:`COLUMNS`, by patient.

    Raises
    ------
    TableError
        Naming every fault of the file.
    RecordError
        If it cannot be read.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror}.") from error
    complaints = Complaints(file.name)
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of(content, COLUMNS, complaints):
        for column in COLUMNS[:2]:
            if not row[column]:
                complaints.refuse(row, column, "must not be empty")
        if row["item"] == TREATMENT_START and whole_day(row["value"]) is None:
            complaints.refuse(row, "value", "the day of the first dose is given as YYYY-MM-DD")
        found.setdefault(row["subject"], []).append((row["item"], row["value"]))
    if complaints.problems:
        raise TableError(complaints.problems, "Correct the file; nothing of it was taken.")
    return {subject: tuple(items) for subject, items in found.items()}


def whole_day(text: str) -> dt.date | None:
    """Return a day given as YYYY-MM-DD, None for anything else: no part is ever filled in (E-6)."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def give_clinical_data(trial: Trial, data: Mapping[str, Items]) -> None:
    """Record clinical data of patients, for the oncologist alone; later data take their place.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not give clinical data.
    RecordError
        If the trial does not have one of the patients; nothing is recorded then.
    """
    trial.require(Action.GIVE_CLINICAL_DATA)
    unknown = sorted(set(data) - set(trial.subjects()))
    if unknown:
        raise RecordError(
            f"The trial has no patient {', '.join(unknown)}.", "Nothing was recorded."
        )
    standing = clinical_data(trial)
    for subject, items in data.items():
        if standing.get(subject) != items:
            trial.state(Action.GIVE_CLINICAL_DATA, subject, ClinicalDataGiven(items))


def clinical_case(trial: Trial, subject: str) -> ClinicalCase:
    """Return a settled patient with its clinical data.

    Raises
    ------
    AccessRefusedError
        If whoever acts does not review clinically.
    ReadError
        If no clinical data were given, or the patient is not settled yet.
    """
    trial.require(Action.REVIEW_CLINICALLY)
    items = clinical_data(trial).get(subject)
    if items is None:
        raise ReadError(f"No clinical data of {subject} were given.", "Ask the image manager.")
    obstacle = trial.case_obstacle(subject)
    read = None if obstacle else accepted_read(trial, subject)
    if read is None or not read.events:
        raise ReadError(obstacle or f"{subject} waits for adjudication.", "Review it later.")
    events = read.events
    version = trial.charter_of(events)
    return ClinicalCase(
        subject=subject,
        visits=assess_read(replay(events), version.charter).visits,
        items=items,
        content_hash=_hash(events, items),
        charter_hash=version.charter_hash,
    )


def cases_to_review(trial: Trial) -> tuple[str, ...]:
    """Return the settled patients with clinical data that are not reviewed as they stand now."""
    found = []
    for subject in sorted(clinical_data(trial)):
        try:
            case = clinical_case(trial, subject)
        except ReadError:
            continue
        if review_of(trial, case) is None:
            found.append(subject)
    return tuple(found)


def review_of(trial: Trial, case: ClinicalCase) -> ClinicalReviewSigned | None:
    """Return the review that was signed of a case as it stands now, ``None`` where there is none.

    A review of a result or of data that have changed since does not count.
    """
    reviews = (
        fact
        for subject, fact in trial.stated(ClinicalReviewSigned)
        if subject == case.subject and isinstance(fact, ClinicalReviewSigned)
    )
    return next((one for one in reviews if one.content_hash == case.content_hash), None)


def sign_clinical_review(
    trial: Trial, case: ClinicalCase, verdict: ClinicalVerdict, password: str
) -> Event:
    """Record and sign what the oncologist says of a case.

    Raises
    ------
    AccessRefusedError
        If whoever acts does not review clinically.
    ReadError
        If the case has changed, or a response or a reason is missing where they do not agree.
    RecordError
        If it is reviewed already.
    SignatureRefusedError
        If the password is wrong.
    """
    trial.require(Action.REVIEW_CLINICALLY)
    comment = in_one_line(verdict.comment)
    if not verdict.agrees and (verdict.response is None or not comment):
        raise ReadError(
            f"Say which response {case.subject} has with the clinical data, and why.",
            "Both are needed where you do not agree.",
        )
    if clinical_case(trial, case.subject) != case:
        raise ReadError(f"{case.subject} has changed meanwhile.", "Look at it again, then sign.")
    if review_of(trial, case) is not None:
        raise RecordError(f"{case.subject} is reviewed already.")
    trial.check_password(password)
    overall = case.visits[-1].overall
    response = overall if verdict.agrees else verdict.response
    fact = ClinicalReviewSigned(
        agrees=verdict.agrees,
        response=response or "",
        comment=comment,
        signer=trial.actor,
        meaning=MEANING,
        content_hash=case.content_hash,
        charter_hash=case.charter_hash,
        chain_head="",
        software=__version__,
    )
    return trial.state(Action.REVIEW_CLINICALLY, case.subject, fact)


def clinical_data(trial: Trial) -> dict[str, Items]:
    """Return the clinical data that stand, by patient.

    Raises
    ------
    AccessRefusedError
        If whoever acts may not see clinical data.
    """
    return {
        subject: fact.items
        for subject, fact in trial.stated(ClinicalDataGiven)
        if isinstance(fact, ClinicalDataGiven)
    }


def _hash(events: tuple[Event, ...], items: Items) -> str:
    table = [[(event.sequence, event.fact) for event in events], items]
    return hashlib.sha256(canonical(table).encode()).hexdigest()
