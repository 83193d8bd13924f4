"""Checks of the reconciliation: nothing missing, nothing more, nothing other than signed."""

import math
from collections.abc import Iterator, Mapping

from napari_recist.criteria import Lesion, Role, Status
from napari_recist.criteria.organs import sdtm_location
from napari_recist.exporting.gate.dates import date_in
from napari_recist.exporting.gate.finding import Finding
from napari_recist.exporting.gate.reconciliation import Reconciliation
from napari_recist.exporting.gate.records import Record
from napari_recist.exporting.gate.signed import SignedStatement, lesion_key
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead
from napari_recist.trial import ScheduledVisit
from napari_recist.trial.reads.clinical_items import AGE, ARM, ARM_CODE, SEX, TREATMENT_END

DRAWN_WITHIN_MM = 1e-3
"""How far a raw length may lie from the distance of its end-points: far below a rounding step, far
above what writing coordinates as decimals changes."""

_HALF_STEP_MM = 0.05  # per tenth of the charter's step; a reported value lies no further off
_EXACT_MM = 1e-9  # the binary noise of one subtraction

DAYS_PER_WEEK = 7

_OF_EVERY_SUBJECT = {"STUDYID", "DOMAIN", "USUBJID", "SUBJID", "ARMNRS"}
"""What other rules look at; and why no arm is told, which the transfer does not hold."""

_ROLES = {Role.TARGET: "TARGET", Role.NON_TARGET: "NON-TARGET", Role.NEW: "NEW"}


def values_not_signed(both: Reconciliation) -> Iterator[Finding]:
    """G-REC-1: a value is not the signed one. G-REC-2: a record is of nothing that was signed.

    G-REC-3: a signed statement has no record.
    """
    for pair in both.pairs:
        if pair.equal:
            continue
        if pair.record is None:
            message = f"signed as {pair.due!r}, and TR has no record of it"
            yield Finding("G-REC-3", "TR", pair.place, message)
        elif pair.due:
            message = f"says {pair.told!r}; signed was {pair.due!r}"
            yield Finding("G-REC-1", "TR", pair.place, message)
        else:
            message = f"says {pair.told!r}, which is in no signed visit of the transfer"
            yield Finding("G-REC-2", "TR", pair.place, message)


def unsigned_statements(both: Reconciliation) -> Iterator[Finding]:
    """G-REC-4: a statement has no signature, or one that binds nothing."""
    for statement in both.statements.values():
        if not (statement.signature and statement.signature.content_hash):
            message = "the statement has no signature"
            yield Finding("G-REC-4", "TR", statement.words, message)


def rounding_of_calipers(both: Reconciliation) -> Iterator[Finding]:
    """G-REC-5: a reported length is not its caliper's, or the caliper's not of its end-points."""
    for statement in both.statements.values():
        if statement.diameter is None or statement.caliper is None:
            continue
        if flaw := _flaw_of_caliper(statement):
            yield Finding("G-REC-5", "TR", statement.words, flaw)


def _flaw_of_caliper(statement: SignedStatement) -> str:
    axis = statement.measured_axis
    if axis is None:
        return "a node was measured, and its caliper has no short axis"
    if abs(math.dist(axis.start, axis.end) - axis.raw_mm) > DRAWN_WITHIN_MM:
        apart = math.dist(axis.start, axis.end)
        return f"the caliper of {axis.raw_mm:.4f} mm has ends {apart:.4f} mm apart"
    off = abs(float(statement.length or 0) - axis.raw_mm)
    if off > _HALF_STEP_MM * statement.precision + _EXACT_MM:
        return f"{statement.length} mm is reported of a caliper of {axis.raw_mm:.4f} mm"
    return ""


def dates_not_signed(both: Reconciliation) -> Iterator[Finding]:
    """G-REC-6: a record is dated otherwise than the images it was read on."""
    for pair in both.pairs:
        if pair.record is None or pair.statement is None:
            continue
        when = date_in(pair.record.text("--DTC"))
        if when is not None and when != pair.statement.date:
            message = f"TRDTC is {when}; the images are of {pair.statement.date}"
            yield Finding("G-REC-6", "TR", pair.place, message)


def images_not_measured(both: Reconciliation) -> Iterator[Finding]:
    """G-REC-10: the image that a record names is not one it was measured or seen on."""
    for record in (*both.records.of("TU"), *both.records.of("TR")):
        told, read = record.text("--REFID"), both.read_of(record)
        if told and read is not None and told not in _images(both, record, read):
            message = f"{record.dataset}REFID {told!r} is no image it was measured or seen on"
            yield Finding("G-REC-10", record.dataset, record.place, message)


def _images(both: Reconciliation, record: Record, read: FrozenRead) -> set[str]:
    """Return the images of a lesion at a visit: of a fragment those of its own caliper."""
    label = both.label_of(record)
    key, fragment = lesion_key(record.text("--LNKID"))
    found: set[str] = set()
    for lesion in read.read.lesions:
        if lesion_key(lesion.identifier)[0] != key:
            continue
        said = read.read.observation(label, lesion.identifier)
        drawn = said.calipers if said else ()
        drawn = drawn[fragment - 1 : fragment] if fragment else drawn
        found |= {caliper.sop_instance_uid for caliper in drawn if caliper}
        place = read.read.places.get((label, lesion.identifier))
        found |= {place.sop_instance_uid} if place and not found else set()
    return found


def lesions_not_signed(both: Reconciliation) -> Iterator[Finding]:
    """G-REC-7: a lesion of TU is not the one of the signed list: its role, place, or itself."""
    found = {
        (both.place_of(record)[0], record.evaluator, lesion_key(record.text("--LNKID"))[0])
        for record in both.records.of("TU")
    }
    for record in both.records.of("TU"):
        read = both.read_of(record)
        if record.text("--TESTCD") == "TUMERGE" and (flaw := _flaw_of_merger(both, record)):
            yield Finding("G-REC-7", "TU", record.place, flaw)
        if record.text("--TESTCD") != "TUMIDENT":
            continue
        key, _ = lesion_key(record.text("--LNKID"))
        listed = (
            {lesion_key(lesion.identifier)[0]: lesion for lesion in read.read.lesions}
            if read
            else {}
        )
        if flaw := _flaw_of_lesion(record, listed.get(key)):
            yield Finding("G-REC-7", "TU", record.place, flaw)
    for patient in both.patients.values():
        for read in patient.reads:
            for lesion in read.read.lesions:
                if (patient.subject, read.evaluator, lesion_key(lesion.identifier)[0]) not in found:
                    place = f"{patient.subject}, {read.evaluator}, {lesion.identifier}"
                    yield Finding("G-REC-7", "TU", place, "a signed lesion has no record in TU")


def _flaw_of_merger(both: Reconciliation, record: Record) -> str:
    """Return what is wrong with the record of a lesion that merged: TUGRPID names the carrier."""
    read, label = both.read_of(record), both.label_of(record)
    key, _ = lesion_key(record.text("--LNKID"))
    for (visit, lesion), said in read.read.observations.items() if read else ():
        if visit == label and lesion_key(lesion)[0] == key and said.status is Status.MERGED:
            if lesion_key(record.text("--GRPID"))[0] == lesion_key(said.into)[0]:
                return ""
            return f"merged into {record.text('--GRPID')!r}; signed was {said.into!r}"
    return "no such merger was signed at this visit"


def _flaw_of_lesion(record: Record, lesion: Lesion | None) -> str:
    if lesion is None:
        return "no such lesion is on the signed list of this reader"
    if record.text("--STRESC") != _ROLES[lesion.role]:
        return f"is {record.text('--STRESC')!r}; on the signed list it is {_ROLES[lesion.role]!r}"
    loc, side = sdtm_location(lesion.organ, lesion.site)
    told = record.text("TULOC"), record.text("TULAT")
    if loc and told != (loc, side):
        return f"lies in {told}; on the signed list in {(loc, side)}"
    return ""


def responses_not_signed(both: Reconciliation) -> Iterator[Finding]:
    """G-REC-8: an overall response is not the one signed at the visit.

    One that changed because a lesion was later called new there is known to have changed (W-2).
    """
    for record in both.records.of("RS"):
        read, label = both.read_of(record), both.label_of(record)
        if record.text("--TESTCD") != "OVRLRESP" or read is None:
            continue
        signed = {visit.identifier: visit.signed for visit in read.read.visits}.get(label)
        later = {visit.visit: visit.overall for visit in read.assessment.superseded}
        if signed is None:
            message = f"visit {record.text('VISITNUM')} is not signed"
        elif record.text("--STRESC") != signed.response and later.get(label) != signed.response:
            message = f"says {record.text('--STRESC')!r}; signed was {signed.response!r}"
        else:
            continue
        yield Finding("G-REC-8", "RS", record.place, message)


def visits_not_held(both: Reconciliation) -> Iterator[Finding]:
    """G-REC-9: SV or DM is not what the transfer holds: a visit, its day, or a patient."""
    codes = {record.text("SUBJID") for record in both.records.of("DM")}
    for code in sorted(codes ^ both.patients.keys()):
        where = "DM" if code in both.patients else "the transfer"
        yield Finding("G-REC-9", "DM", code, f"the patient is not in {where}")
    for record in both.records.of("DM"):
        patient = both.patients.get(record.text("SUBJID"))
        if patient is not None and (flaw := _flaw_of_patient(record, patient, both.countries)):
            yield Finding("G-REC-9", "DM", record.place, flaw)
    held = {(r.subject, r.text("VISITNUM")): r for r in both.records.of("SV")}
    told: set[tuple[str, str]] = set()
    for place, label in both.visits.items():
        record = held[place]
        code, *_ = both.place_of(record)
        told.add((code, label))
        if flaw := _flaw_of_visit(record, both.patients[code].visits, label):
            yield Finding("G-REC-9", "SV", record.place, flaw)
    for code, patient in both.patients.items():
        for visit in patient.visits:
            if (code, visit.visit) not in told:
                yield Finding("G-REC-9", "SV", f"{code}, {visit.visit}", "SV has no such visit")


def _flaw_of_visit(record: Record, visits: tuple[ScheduledVisit, ...], label: str) -> str:
    """Return what is wrong with a record of SV: its day, or the study day planned for its week."""
    visit = next((one for one in visits if one.visit == label), None)
    if visit is None:
        return "the transfer has no such visit"
    if record.text("SVSTDTC") != visit.date.isoformat():
        return f"SVSTDTC is {record.text('SVSTDTC')!r}; the images are of {visit.date}"
    planned = record.amount("VISITDY")
    if planned is not None and planned != visit.week * DAYS_PER_WEEK + 1:
        return f"VISITDY is {planned}; {label} is planned in week {visit.week}"
    return ""


def _flaw_of_patient(record: Record, patient: FrozenPatient, countries: Mapping[str, str]) -> str:
    """Return what DM says that the transfer and its clinical data do not hold."""
    first_dose = patient.reference_date.isoformat() if patient.reference_date else ""
    clinical = dict(patient.clinical)
    due = {
        "SITEID": patient.site,
        "COUNTRY": countries.get(patient.site, ""),
        **dict.fromkeys(("RFENDTC", "RFXENDTC"), clinical.get(TREATMENT_END, "")),
        "SEX": clinical.get(SEX, "U"),
        "AGE": clinical.get(AGE, ""),
        "AGEU": "YEARS" if AGE in clinical else "",
        **dict.fromkeys(("ARMCD", "ACTARMCD"), clinical.get(ARM_CODE, "")),
        **dict.fromkeys(("ARM", "ACTARM"), clinical.get(ARM, "")),
        "RFSTDTC": first_dose,
        "RFXSTDTC": first_dose,
    }
    for variable in record.row:
        told = record.text(variable)
        if variable not in _OF_EVERY_SUBJECT and told != due.get(variable, ""):
            return f"{variable} is {told!r}; the transfer has {due.get(variable, '')!r}"
    return ""
