"""Datasets of any transfer, written plainly: nothing optional, nothing shared with the program's.

Of a target there is one diameter, and no sum.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from napari_recist.criteria import Lesion, Observation, Role, Status
from napari_recist.criteria.organs import sdtm_location
from napari_recist.exporting.sdtm.dataset import Dataset, Value
from napari_recist.exporting.sdtm.variables import dataset
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer
from tests.exporting.gate.ground import NAMES, relrec_rows

ROLES = {Role.TARGET: "TARGET", Role.NON_TARGET: "NON-TARGET", Role.NEW: "NEW"}
STATES = {
    Status.PRESENT: "PRESENT",
    Status.ABSENT: "ABSENT",
    Status.PROGRESSED: "ENLARGEMENT FROM NADIR",
    Status.EQUIVOCAL: "EQUIVOCAL",
    Status.UNEQUIVOCAL: "UNEQUIVOCAL",
    Status.RESOLVED: "ABSENT",
}
Row = dict[str, Value]


def link(read: FrozenRead, lesion: Lesion) -> str:
    """Return a lesion's link: R1-T01."""
    letters = lesion.identifier.rstrip("0123456789")
    number = int(lesion.identifier.removeprefix(letters))
    return f"R{read.evaluator[-1]}-{'NEW' if letters == 'N' else letters}{number:02}"


def common(name: str, read: FrozenRead, patient: FrozenPatient, visit: str, day: dt.date) -> Row:
    """Return what every statement has."""
    number = [one.visit for one in patient.visits].index(visit) + 1
    return {
        "STUDYID": "NRC",
        "DOMAIN": name,
        "USUBJID": patient.subject,
        f"{name}EVAL": "INDEPENDENT ASSESSOR",
        f"{name}EVALID": read.evaluator,
        f"{name}ACPTFL": "Y" if read.accepted else "",
        "VISITNUM": number,
        "VISIT": visit,
        f"{name}DTC": day.isoformat(),
    }


def lesions(read: FrozenRead, patient: FrozenPatient) -> Iterator[Row]:
    """Yield TU: each lesion once, then what it split into, or that it merged."""
    days = {visit.identifier: visit.date for visit in read.read.visits}
    split: set[tuple[str, int]] = set()
    for lesion in read.read.lesions:
        loc, lat = sdtm_location(lesion.organ, lesion.site)
        place: Row = {"TULOC": loc, "TULAT": lat, "TUMETHOD": "CT SCAN"}
        at = read.read.added_at[lesion.identifier]
        role = ROLES[lesion.role]
        yield {
            **common("TU", read, patient, at, days[at]),
            **tested("TU", "TUMIDENT", role),
            **place,
            "TULNKID": link(read, lesion),
        }
        for visit in read.read.visits:
            said = read.read.observation(visit.identifier, lesion.identifier)
            pieces = said.diameters if said and said.status is Status.SPLIT else ()
            for number, _ in enumerate(pieces, start=1):
                if (lesion.identifier, number) not in split:
                    split.add((lesion.identifier, number))
                    yield {
                        **common("TU", read, patient, visit.identifier, visit.date),
                        **tested("TU", "TUSPLIT", role),
                        **place,
                        "TULNKID": f"{link(read, lesion)}.{number}",
                        "TUGRPID": link(read, lesion),
                    }


def tested(name: str, test: str, result: str) -> Row:
    """Return a test and its result."""
    row: Row = {f"{name}TESTCD": test, f"{name}TEST": NAMES[test]}
    return row | {f"{name}ORRES": result, f"{name}STRESC": result}


def results(read: FrozenRead, patient: FrozenPatient) -> Iterator[Row]:
    """Yield TR: what was said of each lesion at each visit."""
    for visit in read.read.visits:
        for lesion in read.read.lesions:
            said = read.read.observation(visit.identifier, lesion.identifier)
            if said is None and read.read.added_at[lesion.identifier] == visit.identifier:
                said = Observation(Status.PRESENT)
            for number, row in enumerate(said_rows(said, lesion), start=1) if said else ():
                pieces = f".{number}" if said and said.status is Status.SPLIT else ""
                group = f"R{read.evaluator[-1]}-A{visit.identifier}"
                yield {
                    **common("TR", read, patient, visit.identifier, visit.date),
                    **row,
                    "TRLNKID": f"{link(read, lesion)}{pieces}",
                    "TRLNKGRP": group,
                    "TRGRPID": ROLES[lesion.role],
                }


def said_rows(said: Observation, lesion: Lesion) -> Iterator[Row]:
    """Yield the test and result of a statement, one for each fragment."""
    if lesion.role is not Role.TARGET:
        if said.status is Status.NOT_EVALUABLE:
            yield not_done("TUMSTATE")
        else:
            yield tested("TR", "TUMSTATE", STATES[said.status])
        return
    test = "LPERP" if lesion.node else "LDIAM"
    match said.status:
        case Status.NOT_EVALUABLE:
            yield not_done(test)
        case Status.MERGED:
            yield tested("TR", test, "TUMOR MERGED")
        case Status.ABSENT:
            yield length(test, 0)
        case Status.TOO_SMALL:
            yield length(test, 50) | {"TRORRES": "TOO SMALL TO MEASURE", "TRORRESU": ""}
        case _:
            for tenths in said.diameters:
                yield length(test, tenths)


def not_done(test: str) -> Row:
    """Return a test that was not done."""
    return {**tested("TR", test, ""), "TRSTAT": "NOT DONE", "TRREASND": "NOT EVALUABLE"}


def length(test: str, tenths: int) -> Row:
    """Return a length in mm."""
    value = Decimal(tenths) / 10
    units: Row = {"TRORRESU": "mm", "TRSTRESU": "mm", "TRSTRESN": value}
    return tested("TR", test, str(value)) | units


def responses(read: FrozenRead, patient: FrozenPatient) -> Iterator[Row]:
    """Yield RS: what the signed read's assessment says of each visit, and the best of all."""
    for visit in read.assessment.visits:
        said_at = any(at == visit.visit for at, _ in read.read.observations)
        found = {
            "TRGRESP": visit.target,
            "NTRGRESP": visit.nontarget,
            "NEWLIND": None if visit.overall is None else "NY"[visit.new_lesion],
            "OVRLRESP": visit.overall,
        }
        for test, answer in found.items():
            if answer not in {None, "NA"}:
                yield {
                    **common("RS", read, patient, visit.visit, visit.response_date),
                    **tested("RS", test, str(answer)),
                    "RSCAT": "RECIST 1.1",
                    "RSLNKGRP": f"R{read.evaluator[-1]}-A{visit.visit}" if said_at else "",
                }


def numbered(name: str, rows: Iterator[Row]) -> Dataset:
    """Return a dataset with its records numbered."""
    return dataset(name, [row | {f"{name}SEQ": n} for n, row in enumerate(rows, start=1)])


def plain_datasets(transfer: Transfer) -> tuple[Dataset, ...]:
    """Return the datasets of a transfer of one patient."""
    (patient,) = transfer.patients
    whose: Row = {"STUDYID": "NRC", "USUBJID": patient.subject}
    dm: Row = {**whose, "DOMAIN": "DM", "SUBJID": patient.subject, "SITEID": "001", "SEX": "U"}
    start = patient.reference_date.isoformat() if patient.reference_date else ""
    dm |= {"COUNTRY": "DEU", "RFSTDTC": start, "RFXSTDTC": start}
    plan = [(number, visit.visit) for number, visit in enumerate(patient.visits, start=1)]
    sv = [
        {**whose, "DOMAIN": "SV", "VISITNUM": number, "VISIT": visit.visit, "SVPRESP": "Y"}
        | {"SVOCCUR": "Y", "SVSTDTC": visit.date.isoformat(), "SVENDTC": visit.date.isoformat()}
        for (number, _), visit in zip(plan, patient.visits, strict=True)
    ]
    tv = [
        {"STUDYID": "NRC", "DOMAIN": "TV", "VISITNUM": number, "VISIT": label, "TVSTRL": label}
        for number, label in plan
    ]
    reads = patient.reads
    tr = numbered("TR", (row for read in reads for row in results(read, patient)))
    rs = numbered("RS", (row for read in reads for row in responses(read, patient)))
    known = {variable.name for one in (tr, rs) for variable in one.variables} | {"TULNKID"}
    groups = {"TRLNKGRP", "RSLNKGRP"}
    relations = [row for row in relrec_rows() if row["IDVAR"] not in groups or groups <= known]
    return (
        numbered("TU", (row for read in reads for row in lesions(read, patient))),
        tr,
        rs,
        dataset("RELREC", relations),
        dataset("DM", [dm]),
        dataset("SV", sv),
        dataset("TV", tv),
    )
