"""Our datasets of three patients of a public SDTM set are its datasets (pharmaverse)."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import MappingProxyType

import pytest

from napari_recist.criteria import (
    Axis,
    Caliper,
    Charter,
    Event,
    Observation,
    Read,
    Status,
    VisitOpened,
    assess_read,
    parse_lesions,
)
from napari_recist.criteria.charter import ScheduleSettings, TrialSettings
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.sdtm.datasets import sdtm_datasets
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer
from napari_recist.trial import ChainHead, ScheduledVisit, SeriesEntry
from tests.criteria.test_public_trial_data import lesions_csv

Cells = dict[str, str]
CHARTER = Charter(
    trial=TrialSettings(id="CDISCPILOT01"),
    schedule=ScheduleSettings(interval_weeks=3),
)
ORGANS = {
    "ADRENAL GLAND": "adrenal",
    "LYMPH NODE": "lymph node",
    "BONE": "bone",
    "BLADDER": "bladder",
    "BREAST": "breast",
}
"""Our organs for the terms of the set; BODY and CHEST name no organ, and stay words."""


def cells(folder: Path, name: str) -> list[Cells]:
    """Return the records of a dataset of the set by the two central readers; each once."""
    with (folder / f"{name.lower()}_onco_recist.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row[f"{name}EVALID"]]
    return [dict(row) for row in {tuple(sorted(row.items())): row for row in rows}.values()]


def millimetres(text: str) -> Decimal:
    """Return a length of the set as it is reported here: in whole tenths."""
    return Decimal(text).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def drawn(read: Read, results: list[Cells]) -> Read:
    """Return the read with a caliper of both axes wherever the set has both."""
    axes = {
        (row["VISIT"], row["TRLNKID"], row["TRTESTCD"]): float(row["TRSTRESN"])
        for row in results
        if row["TRSTRESN"] and (row["USUBJID"], row["TREVALID"]) == (read.subject, read.reader)
    }

    def with_caliper(at: tuple[str, str], said: Observation) -> Observation:
        if said.status is not Status.MEASURED:
            return said
        origin = (0.0, 0.0, 0.0)
        long, short = (
            Axis(origin, (axes[*at, test], 0.0, 0.0), axes[*at, test])
            for test in ("LDIAM", "LPERP")
        )
        return replace(said, calipers=(Caliper(long, short, "1.2", "1.2.3", 1, "1", "green"),))

    return replace(
        read,
        lesions=tuple(replace(one, organ=ORGANS.get(one.organ, one.organ)) for one in read.lesions),
        observations=MappingProxyType(
            {at: with_caliper(at, said) for at, said in read.observations.items()}
        ),
    )


def opened(read: Read) -> Iterator[Event]:
    """Yield that each visit was opened on its CT series."""
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for place, visit in enumerate(read.visits):
        fact = VisitOpened(visit.identifier, visit.date, "1.2")
        yield Event(place, now, read.subject, read.reader, fact)


def patients(folder: Path) -> Iterator[FrozenPatient]:
    """Yield the patients of the set as a transfer holds them."""
    results = cells(folder, "TR")
    reads = [
        drawn(read, results)
        for read in parse_lesions(lesions_csv(folder)).reads
        if read.reader.startswith("RADIOLOGIST")
    ]
    accepted = {(row["USUBJID"], row["TUEVALID"]) for row in cells(folder, "TU") if row["TUACPTFL"]}
    series = SeriesEntry("1.2", "", "CT", "", ())
    for subject in sorted({read.subject for read in reads}):
        of_patient = [read for read in reads if read.subject == subject]
        visits = tuple(
            ScheduledVisit(subject, visit.identifier, 3 * place, visit.date, (series,))
            for place, visit in enumerate(of_patient[0].visits)
        )
        frozen = tuple(
            FrozenRead(
                reader="somebody",
                evaluator=read.reader,
                accepted=(subject, read.reader) in accepted,
                events=tuple(opened(read)),
                read=read,
                assessment=assess_read(read, CHARTER),
                charter=CHARTER,
            )
            for read in of_patient
        )
        yield FrozenPatient(
            subject=subject,
            site="701",
            visits=visits,
            reads=frozen,
            ended=True,
            adjudication=None,
            reference_date=None,
        )


@pytest.fixture(scope="module")
def ours(shared_data: Path) -> dict[str, Dataset]:
    """Return our datasets of the set's patients, by name."""
    transfer = Transfer(
        number=1,
        frozen_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        frozen_by="",
        comment="",
        anchor=ChainHead(1, ""),
        trial_uid="2.25.1",
        charter=CHARTER,
        charter_hashes=(),
        software="",
        true_dates=True,
        patients=tuple(patients(shared_data / "recist" / "sdtm_8_subjects")),
    )
    return {one.name: one for one in sdtm_datasets(transfer)}


def theirs(folder: Path, name: str, variables: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return what the set says in these variables, one entry for each record.

    Its USUBJID has no study in front, its links no reader; a partial date is of the first day.
    """
    found = set()
    for row in cells(folder, name):
        shown = dict(row)
        shown[f"{name}DTC"] = f"{row.get(f'{name}DTC', '')}-01"[:10]
        if row.get("TRSTRESN"):
            shown |= dict.fromkeys(
                ("TRORRES", "TRSTRESC", "TRSTRESN"),
                f"{millimetres(row['TRSTRESN']).normalize():f}",
            )
        shown["VISITNUM"] = str(int(float(row["VISITNUM"])))
        found.add(tuple(shown[variable] for variable in variables))
    return found


def said(dataset: Dataset, variables: tuple[str, ...], tests: set[str]) -> list[tuple[str, ...]]:
    """Return what our records of these tests say in the same variables."""
    return [
        tuple(
            str(row[variable] if row[variable] is not None else "")
            .removeprefix("CDISCPILOT01-")
            .removeprefix(f"R{str(row[f'{dataset.name}EVALID'])[-1]}-")
            for variable in variables
        )
        for row in dataset.rows
        if row[f"{dataset.name}TESTCD"] in tests
    ]


WHOSE = ("STUDYID", "USUBJID", "VISITNUM", "VISIT")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "tests", "variables", "records"),
    [
        (
            "TU",
            {"TUMIDENT"},
            ("TULNKID", "TUTESTCD", "TUTEST", "TUORRES", "TUSTRESC", "TUMETHOD", "TUEVAL",
             "TUEVALID", "TUACPTFL"),
            24,
        ),
        (
            "TR",
            {"LDIAM", "LPERP", "TUMSTATE"},
            ("TRGRPID", "TRLNKID", "TRTESTCD", "TRTEST", "TRORRES", "TRORRESU", "TRSTRESC",
             "TRSTRESN", "TRSTRESU", "TREVAL", "TREVALID", "TRDTC"),
            None,
        ),
        (
            "RS",
            {"OVRLRESP"},
            ("RSTESTCD", "RSTEST", "RSORRES", "RSSTRESC", "RSEVAL", "RSEVALID", "RSDTC"),
            16,
        ),
    ],
)  # fmt: skip
def test_records_are_those_of_the_set(  # noqa: PLR0917 - one row of the table
    ours: dict[str, Dataset],
    shared_data: Path,
    name: str,
    tests: set[str],
    variables: tuple[str, ...],
    records: int | None,
) -> None:
    """Every identification, result and response of both central readers, and no other.

    Lengths are those of the set in whole tenths of a millimetre.
    """
    wanted = theirs(shared_data / "recist" / "sdtm_8_subjects", name, (*WHOSE, *variables))
    found = said(ours[name], (*WHOSE, *variables), tests)

    assert len(found) == len(set(found)) == (records or len(wanted))
    assert sorted(found) == sorted(wanted)


@pytest.mark.shared
def test_places_are_those_of_the_set(ours: dict[str, Dataset], shared_data: Path) -> None:
    """A place that the organ list has is the set's term; another stands in words in SUPPTU."""
    words = {
        (row["USUBJID"], row["IDVARVAL"]): row["QVAL"]
        for row in ours["SUPPTU"].rows
        if row["QNAM"] == "TULOCDTL"
    }
    found = [
        (
            *(str(row[name]).split("-", 1)[-1] for name in ("USUBJID", "TULNKID")),
            str(row["TUEVALID"]),
            str(row["TULOC"] or words[row["USUBJID"], str(row["TUSEQ"])]),
        )
        for row in ours["TU"].rows
    ]
    wanted = [
        tuple(row[name] for name in ("USUBJID", "TULNKID", "TUEVALID", "TULOC"))
        for row in cells(shared_data / "recist" / "sdtm_8_subjects", "TU")
    ]

    assert sorted(found) == sorted(wanted)
