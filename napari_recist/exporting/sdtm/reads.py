"""What the records of one read have alike: whose it is, of whom, at which visit, on what images."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from napari_recist.criteria import (
    Event,
    Lesion,
    Observation,
    Role,
    SeriesChosen,
    Status,
    VisitOpened,
    effective,
)
from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.sdtm.methods import method_of
from napari_recist.exporting.sdtm.visits import SdtmVisit, sdtm_visit, study_day
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer

ASSESSOR = "INDEPENDENT ASSESSOR"
ROLES: Mapping[Role, str] = {
    Role.TARGET: "TARGET",
    Role.NON_TARGET: "NON-TARGET",
    Role.NEW: "NEW",
}
LISTED = Observation(Status.PRESENT)
"""What listing a non-target at baseline says of it (L-4)."""

_LETTERS: Mapping[Role, str] = {Role.TARGET: "T", Role.NON_TARGET: "NT", Role.NEW: "NEW"}


def unique_subject(study: str, subject: str) -> str:
    """Return USUBJID: the code of a patient, made unique over studies."""
    return f"{study}-{subject}"


@dataclass(frozen=True, slots=True)
class OneRead:
    """A read of a transfer, as its records see it.

    ``visits`` are the patient's visits by label, ``opened`` the UID of the series on which each
    visit was opened, or knowingly measured.
    """

    transfer: Transfer
    patient: FrozenPatient
    frozen: FrozenRead
    visits: Mapping[str, SdtmVisit]
    opened: Mapping[str, str]

    @property
    def prefix(self) -> str:
        """R1, R2 or A1: what links of this read begin with."""
        kind, _, number = self.frozen.evaluator.partition(" ")
        return f"{'A' if kind == 'ADJUDICATOR' else 'R'}{number}"

    def said(self, label: str, lesion: Lesion) -> Observation | None:
        """Return what was said of a lesion at a visit."""
        said = self.frozen.read.observation(label, lesion.identifier)
        listed = self.frozen.read.added_at.get(lesion.identifier) == label
        if said is None and listed and lesion.role is Role.NON_TARGET:
            return LISTED
        return said

    def date(self, label: str, said: Observation | None = None) -> dt.date:
        """Return the day of the images that a statement was read on."""
        if said is not None and said.date is not None:
            return said.date
        return self.frozen.read.visit(label).date

    def link(self, lesion: Lesion, fragment: int = 0) -> str:
        """Return the link of a lesion: R1-T01, R2-NT01, A1-NEW01; of a fragment R1-T04.1."""
        number = int("".join(filter(str.isdigit, lesion.identifier)) or 0)
        whole = f"{self.prefix}-{_LETTERS[lesion.role]}{number:02}"
        return f"{whole}.{fragment}" if fragment else whole

    def group(self, label: str) -> str:
        """Return the link of all records of this read and visit: R1-A2."""
        return f"{self.prefix}-A{self.visits[label].number}"

    def image(self, label: str, lesion: Lesion, said: Observation | None, fragment: int = 0) -> str:
        """Return the SOP Instance UID of the image a statement shows on, "" where none is known.

        Of a lesion that was measured it is the image of its caliper, of fragment 1, 2 ... that of
        its own; of another the image on which the reader pointed at it.
        """
        calipers = said.calipers if said else ()
        of_piece = calipers[max(fragment, 1) - 1 : max(fragment, 1)]
        if of_piece and of_piece[0] is not None:
            return of_piece[0].sop_instance_uid
        place = self.frozen.read.places.get((label, lesion.identifier))
        return place.sop_instance_uid if place else ""

    def method(self, label: str, lesion: Lesion, said: Observation | None) -> str:
        """Return by which method the images of a statement were made, "" where it is not known.

        They are those of the series that the caliper lies on, else on which the reader pointed at
        the lesion, else on which the visit was opened.
        """
        drawn = [one.series_uid for one in said.calipers if one is not None] if said else []
        place = self.frozen.read.places.get((label, lesion.identifier))
        uids = (*drawn, *((place.series_uid,) if place else ()), self.opened.get(label, ""))
        series = next(one.series for one in self.patient.visits if one.visit == label)
        known = {entry.series_uid: entry for entry in reversed(series)}
        used = next((known[uid] for uid in uids if uid in known), None)
        return method_of(used) if used else ""

    def common(self, domain: str, label: str, date: dt.date) -> dict[str, Value]:
        """Return what every record of TU, TR and RS tells."""
        visit = self.visits[label]
        study = self.transfer.charter.trial.id
        return {
            "STUDYID": study,
            "DOMAIN": domain,
            "USUBJID": unique_subject(study, self.patient.subject),
            f"{domain}NAM": self.transfer.charter.transfer.vendor,
            f"{domain}EVAL": ASSESSOR,
            f"{domain}EVALID": self.frozen.evaluator,
            f"{domain}ACPTFL": "Y" if self.frozen.accepted else "",
            "VISITNUM": visit.number,
            "VISIT": visit.name,
            "VISITDY": visit.day,
            "EPOCH": visit.epoch,
            f"{domain}DTC": date.isoformat(),
            f"{domain}DY": study_day(date, self.patient.reference_date),
        }


def one_read(transfer: Transfer, patient: FrozenPatient, frozen: FrozenRead) -> OneRead:
    """Return a read of a transfer, ready for its records."""
    visits = visits_of(transfer, patient)
    return OneRead(transfer, patient, frozen, visits, _series_opened(frozen.events))


def visits_of(transfer: Transfer, patient: FrozenPatient) -> Mapping[str, SdtmVisit]:
    """Return the visits with images of a patient, by the trial's label."""
    baseline = min(visit.date for visit in patient.visits)
    schedule = transfer.charter.schedule
    return {visit.visit: sdtm_visit(visit, baseline, schedule) for visit in patient.visits}


def _series_opened(events: Iterable[Event]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for event in effective(events):
        match event.fact:
            case (
                VisitOpened(visit=visit, series_uid=uid) | SeriesChosen(visit=visit, series_uid=uid)
            ):
                found[visit] = uid
    return found
