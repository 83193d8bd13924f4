"""A small transfer and its datasets, written by hand: what the gate has to let pass.

One patient, three visits, two radiologists. The first follows a liver lesion, a node and a lung
lesion without measurement. The second sees the liver lesion split, an adrenal lesion first too
small and then not imaged, and a new lesion in the end; the adjudicator accepted the second.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from napari_recist.criteria import (
    Axis,
    Caliper,
    Charter,
    Lesion,
    Observation,
    Read,
    Role,
    Status,
    TransferSettings,
    TrialSettings,
    Visit,
    VisitSigned,
    assess_read,
)
from napari_recist.exporting.sdtm.dataset import Dataset, Value
from napari_recist.exporting.sdtm.variables import dataset
from napari_recist.exporting.transfer.frozen import FrozenPatient, FrozenRead, Transfer
from napari_recist.trial import AdjudicationReason, ChainHead, Choice, ScheduledVisit
from napari_recist.trial.record.trial_facts import CaseAdjudicated

SUBJECT = "NRC-001-0001"
DAYS = {"BL": dt.date(2026, 1, 5), "W8": dt.date(2026, 3, 2), "W16": dt.date(2026, 4, 27)}
FIRST_DOSE = dt.date(2026, 1, 12)
CHARTER = Charter(
    trial=TrialSettings(id="NRC"), transfer=TransferSettings(countries=(("001", "DEU"),))
)
READERS = {"RADIOLOGIST 1": "mertens", "RADIOLOGIST 2": "okafor"}

LISTS = {
    "RADIOLOGIST 1": (
        Lesion("T1", Role.TARGET, "liver", "S6"),
        Lesion("T2", Role.TARGET, "lymph node", "portacaval", node=True),
        Lesion("NT1", Role.NON_TARGET, "lung", "right upper lobe"),
    ),
    "RADIOLOGIST 2": (
        Lesion("T1", Role.TARGET, "liver", "S6"),
        Lesion("T2", Role.TARGET, "adrenal", "left"),
        Lesion("NT1", Role.NON_TARGET, "lung", "right upper lobe"),
        Lesion("N1", Role.NEW, "liver", "S2"),
    ),
}

Said = Mapping[tuple[str, str], Observation]


def caliper(tenths: int, visit: str, *, node: bool = False) -> Caliper:
    """Return a caliper whose counted axis rounds to these tenths; the other is 4 mm off."""
    counted = tenths / 10 + 0.03
    long, short = (counted + 4, counted) if node else (counted, counted - 4)
    height = -100.0 - tenths
    return Caliper(
        Axis((10.0, 20.0, height), (10.0 + long, 20.0, height), long),
        Axis((12.0, 20.0, height), (12.0, 20.0 + short, height), short),
        "1.2.3.4",
        f"1.2.3.4.{DAYS[visit]:%Y%m%d}.{tenths}",
        1,
        "1.2.3",
        "green",
    )


def measured(*tenths: int, visit: str, node: bool = False) -> Observation:
    """Return a measurement, or the measurements of fragments."""
    drawn = tuple(caliper(size, visit, node=node) for size in tenths)
    return Observation(Status.MEASURED if len(tenths) == 1 else Status.SPLIT, tenths, drawn)


SAID: Mapping[str, Said] = {
    "RADIOLOGIST 1": {
        ("BL", "T1"): measured(400, visit="BL"),
        ("BL", "T2"): measured(180, visit="BL", node=True),
        ("BL", "NT1"): Observation(Status.PRESENT),
        ("W8", "T1"): measured(300, visit="W8"),
        ("W8", "T2"): measured(120, visit="W8", node=True),
        ("W8", "NT1"): Observation(Status.PRESENT),
        ("W16", "T1"): measured(250, visit="W16"),
        ("W16", "T2"): measured(90, visit="W16", node=True),
        ("W16", "NT1"): Observation(Status.PRESENT),
    },
    "RADIOLOGIST 2": {
        ("BL", "T1"): measured(421, visit="BL"),
        ("BL", "T2"): measured(150, visit="BL"),
        ("W8", "T1"): measured(200, visit="W8"),
        ("W8", "T2"): Observation(Status.TOO_SMALL),
        ("W8", "NT1"): Observation(Status.PRESENT),
        ("W16", "T1"): measured(90, 60, visit="W16"),
        ("W16", "T2"): Observation(Status.NOT_EVALUABLE, reason="not imaged"),
        ("W16", "NT1"): Observation(Status.PRESENT),
        ("W16", "N1"): Observation(Status.UNEQUIVOCAL),
    },
}
SIGNED = {"RADIOLOGIST 1": ("", "SD", "PR"), "RADIOLOGIST 2": ("", "PR", "PD")}


def frozen_read(evaluator: str, *, accepted: bool) -> FrozenRead:
    """Return one signed read."""
    reader = READERS[evaluator]
    visits = tuple(
        Visit(
            label,
            day,
            VisitSigned(label, reader, "I read it", response, f"{label}-{reader}", "c", "h", "1"),
        )
        for (label, day), response in zip(DAYS.items(), SIGNED[evaluator], strict=True)
    )
    lesions = LISTS[evaluator]
    read = Read(
        SUBJECT,
        reader,
        visits,
        lesions,
        MappingProxyType(dict(SAID[evaluator])),
        MappingProxyType(
            {one.identifier: "W16" if one.role is Role.NEW else "BL" for one in lesions}
        ),
    )
    return FrozenRead(reader, evaluator, accepted, (), read, assess_read(read, CHARTER), CHARTER)


def transfer() -> Transfer:
    """Return the frozen transfer."""
    patient = FrozenPatient(
        subject=SUBJECT,
        site="001",
        visits=tuple(
            ScheduledVisit(SUBJECT, label, week, DAYS[label], ())
            for label, week in (("BL", 0), ("W8", 8), ("W16", 16))
        ),
        reads=tuple(
            frozen_read(evaluator, accepted=evaluator == "RADIOLOGIST 2") for evaluator in READERS
        ),
        ended=True,
        adjudication=CaseAdjudicated(
            Choice.READ_B,
            AdjudicationReason.NEW_LESION,
            "",
            "lindqvist",
            "I chose",
            "h",
            "c",
            "h",
            "1",
        ),
        reference_date=FIRST_DOSE,
    )
    return Transfer(
        number=1,
        frozen_at=dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC),
        frozen_by="keeper",
        comment="",
        anchor=ChainHead(120, "h"),
        trial_uid="2.25.1",
        charter=CHARTER,
        charter_hashes=("c",),
        software="1",
        true_dates=True,
        patients=(patient,),
    )


# --- the datasets, by hand ------------------------------------------------------------------------

PLANNED = {"BL": None, "W8": 57, "W16": 113}
VISITS = {"BL": (1, "SCREENING"), "W8": (2, "WEEK 8"), "W16": (3, "WEEK 16")}
STUDY = {"STUDYID": "NRC", "USUBJID": SUBJECT}

LESIONS = """
R1 BL  T01   TARGET     LIVER, RIGHT LOBE POSTEROINFERIOR SEGMENT |
R1 BL  T02   TARGET     PORTACAVAL LYMPH NODE |
R1 BL  NT01  NON-TARGET LUNG, RIGHT UPPER LOBE |
R2 BL  T01   TARGET     LIVER, RIGHT LOBE POSTEROINFERIOR SEGMENT |
R2 BL  T02   TARGET     ADRENAL GLAND | LEFT
R2 BL  NT01  NON-TARGET LUNG, RIGHT UPPER LOBE |
R2 W16 T01.1 TARGET     LIVER, RIGHT LOBE POSTEROINFERIOR SEGMENT |
R2 W16 T01.2 TARGET     LIVER, RIGHT LOBE POSTEROINFERIOR SEGMENT |
R2 W16 NEW01 NEW        LIVER, LEFT LOBE POSTEROLATERAL SEGMENT |
"""

RESULTS = """
R1 BL  T01  TARGET     LDIAM    40.0
R1 BL  T01  TARGET     LPERP    36.0
R1 BL  T02  TARGET     LDIAM    22.0
R1 BL  T02  TARGET     LPERP    18.0
R1 BL  NT01 NON-TARGET TUMSTATE PRESENT
R1 BL  -    TARGET     SUMDIAM  58.0
R1 BL  -    TARGET     SUMNLNLD 40.0
R1 W8  T01  TARGET     LDIAM    30.0
R1 W8  T01  TARGET     LPERP    26.0
R1 W8  T02  TARGET     LPERP    12.0
R1 W8  NT01 NON-TARGET TUMSTATE PRESENT
R1 W8  -    TARGET     SUMDIAM  42.0
R1 W8  -    TARGET     SUMNLNLD 30.0
R1 W8  -    TARGET     PCBSD    -27.6
R1 W8  -    TARGET     PCNSD    -27.6
R1 W8  -    TARGET     ACNSD    -16.0
R1 W16 T01  TARGET     LDIAM    25.0
R1 W16 T02  TARGET     LPERP    9.0
R1 W16 NT01 NON-TARGET TUMSTATE PRESENT
R1 W16 -    TARGET     SUMDIAM  34.0
R1 W16 -    TARGET     SUMNLNLD 25.0
R1 W16 -    TARGET     PCBSD    -41.4
R1 W16 -    TARGET     PCNSD    -19.0
R1 W16 -    TARGET     ACNSD    -8.0
R2 BL  T01  TARGET     LDIAM    42.1
R2 BL  T02  TARGET     LDIAM    15.0
R2 BL  NT01 NON-TARGET TUMSTATE PRESENT
R2 BL  -    TARGET     SUMDIAM  57.1
R2 BL  -    TARGET     SUMNLNLD 57.1
R2 W8  T01  TARGET     LDIAM    20.0
R2 W8  T02  TARGET     LDIAM    TOO SMALL TO MEASURE
R2 W8  NT01 NON-TARGET TUMSTATE PRESENT
R2 W8  -    TARGET     SUMDIAM  25.0
R2 W8  -    TARGET     SUMNLNLD 25.0
R2 W8  -    TARGET     PCBSD    -56.2
R2 W8  -    TARGET     PCNSD    -56.2
R2 W8  -    TARGET     ACNSD    -32.1
R2 W16 T01.1 TARGET    LDIAM    9.0
R2 W16 T01.2 TARGET    LDIAM    6.0
R2 W16 T02  TARGET     LDIAM    NOT DONE
R2 W16 NT01 NON-TARGET TUMSTATE PRESENT
R2 W16 NEW01 NEW       TUMSTATE UNEQUIVOCAL
"""

RESPONSES = """
R1 W8  TRGRESP  SD
R1 W8  NTRGRESP NON-CR/NON-PD
R1 W8  NEWLIND  N
R1 W8  OVRLRESP SD
R1 W16 TRGRESP  PR
R1 W16 NTRGRESP NON-CR/NON-PD
R1 W16 NEWLIND  N
R1 W16 OVRLRESP PR
R1 W16 BESTRESP SD
R2 W8  TRGRESP  PR
R2 W8  NTRGRESP NON-CR/NON-PD
R2 W8  NEWLIND  N
R2 W8  OVRLRESP PR
R2 W16 TRGRESP  NE
R2 W16 NTRGRESP NON-CR/NON-PD
R2 W16 NEWLIND  Y
R2 W16 OVRLRESP PD
R2 W16 BESTRESP SD
"""

NAMES = {
    "TUMIDENT": "Tumor Identification",
    "TUSPLIT": "Tumor Split",
    "LDIAM": "Longest Diameter",
    "LPERP": "Longest Perpendicular",
    "TUMSTATE": "Tumor State",
    "SUMDIAM": "Sum of Diameter",
    "SUMNLNLD": "Sum Diameters of Non Lymph Node Tumors",
    "PCBSD": "Percent Change Baseline in Sum of Diam",
    "PCNSD": "Percent Change Nadir in Sum of Diam",
    "ACNSD": "Absolute Change Nadir in Sum of Diam",
    "TRGRESP": "Target Response",
    "NTRGRESP": "Non-target Response",
    "NEWLIND": "New Lesion Indicator",
    "OVRLRESP": "Overall Response",
    "BESTRESP": "Best Overall Response",
}


def common(name: str, reader: str, visit: str, test: str, number: int) -> dict[str, Value]:
    """Return what the records of TU, TR and RS have alike."""
    day = DAYS[visit]
    return {
        **STUDY,
        "DOMAIN": name,
        f"{name}SEQ": number,
        f"{name}TESTCD": test,
        f"{name}TEST": NAMES[test],
        f"{name}EVAL": "INDEPENDENT ASSESSOR",
        f"{name}EVALID": f"RADIOLOGIST {reader[1:]}",
        f"{name}ACPTFL": "Y" if reader == "R2" else "",
        "VISITNUM": VISITS[visit][0],
        "VISIT": VISITS[visit][1],
        f"{name}DTC": day.isoformat(),
        f"{name}DY": study_day(day),
        "EPOCH": "SCREENING" if visit == "BL" else "TREATMENT",
    }


def study_day(day: dt.date) -> int:
    """Return the study day of a date: the first dose is on day 1, the day before it is day -1."""
    after = (day - FIRST_DOSE).days
    return after + 1 if after >= 0 else after


def tu_rows() -> Iterator[dict[str, Value]]:
    """Yield what was identified."""
    for number, line in enumerate(LESIONS.strip().splitlines(), start=1):
        reader, visit, lesion, role, place = line.split(maxsplit=4)
        loc, _, side = (part.strip() for part in place.partition("|"))
        whole, _, fragment = lesion.partition(".")
        yield {
            **common("TU", reader, visit, "TUSPLIT" if fragment else "TUMIDENT", number),
            "TUGRPID": f"{reader}-{whole}" if fragment else "",
            "TULNKID": f"{reader}-{lesion}",
            "TUORRES": role,
            "TUSTRESC": role,
            "TULOC": loc,
            "TULAT": side,
            "TUMETHOD": "CT SCAN",
        }


def image(reader: str, visit: str, lesion: str) -> str:
    """Return the image on which a lesion, or a fragment, was measured; "" where it was not."""
    whole, _, fragment = lesion.replace("0", "").partition(".")
    said = SAID[f"RADIOLOGIST {reader[1:]}"].get((visit, whole))
    calipers = said.calipers if said else ()
    drawn = calipers[int(fragment or 1) - 1] if calipers else None
    return drawn.sop_instance_uid if drawn else ""


def tr_rows() -> Iterator[dict[str, Value]]:
    """Yield what was measured and said."""
    for number, line in enumerate(RESULTS.strip().splitlines(), start=1):
        reader, visit, lesion, role, test, result = line.split(maxsplit=5)
        row = {
            **common("TR", reader, visit, test, number),
            "TRLNKGRP": f"{reader}-A{VISITS[visit][0]}",
            "TRLNKID": "" if lesion == "-" else f"{reader}-{lesion}",
            "TRGRPID": role,
            "TRREFID": image(reader, visit, lesion),
            "TRMETHOD": "" if lesion == "-" else "CT SCAN",
        }
        if result == "NOT DONE":
            row |= {"TRSTAT": result, "TRREASND": "NOT EVALUABLE"}
        elif result == "TOO SMALL TO MEASURE":
            row |= {"TRORRES": result, "TRSTRESC": "5", "TRSTRESN": Decimal(5), "TRSTRESU": "mm"}
        else:
            row |= {"TRORRES": result, "TRSTRESC": result}
        if result.removeprefix("-").replace(".", "").isdecimal():
            unit = "%" if test.startswith("PC") else "mm"
            row |= {"TRORRESU": unit, "TRSTRESU": unit, "TRSTRESN": Decimal(result)}
        yield row


def rs_rows() -> Iterator[dict[str, Value]]:
    """Yield the responses."""
    for number, line in enumerate(RESPONSES.strip().splitlines(), start=1):
        reader, visit, test, result = line.split()
        row = common("RS", reader, visit, test, number)
        group = f"{reader}-A{VISITS[visit][0]}" if test != "BESTRESP" else ""
        row |= {"RSLNKGRP": group, "RSCAT": "RECIST 1.1", "RSORRES": result, "RSSTRESC": result}
        yield row


def relrec_rows() -> Iterator[dict[str, Value]]:
    """Yield the relations of whole datasets."""
    for relation, sides in (
        ("1", (("TU", "TULNKID", "ONE"), ("TR", "TRLNKID", "MANY"))),
        ("2", (("TR", "TRLNKGRP", "MANY"), ("RS", "RSLNKGRP", "MANY"))),
    ):
        for domain, variable, kind in sides:
            yield {
                "STUDYID": "NRC",
                "RDOMAIN": domain,
                "IDVAR": variable,
                "RELTYPE": kind,
                "RELID": relation,
            }


def datasets() -> tuple[Dataset, ...]:
    """Return the datasets of the transfer."""
    dm = {
        **STUDY,
        "DOMAIN": "DM",
        "SUBJID": SUBJECT,
        "SITEID": "001",
        "SEX": "U",
        "COUNTRY": "DEU",
        "ARMNRS": "NOT ASSIGNED",
        "RFSTDTC": FIRST_DOSE.isoformat(),
        "RFXSTDTC": FIRST_DOSE.isoformat(),
    }
    sv = [
        {
            **STUDY,
            "DOMAIN": "SV",
            "VISITNUM": number,
            "VISIT": name,
            "VISITDY": PLANNED[label],
            "SVPRESP": "Y",
            "SVOCCUR": "Y",
            "SVSTDTC": DAYS[label].isoformat(),
            "SVENDTC": DAYS[label].isoformat(),
            "SVSTDY": study_day(DAYS[label]),
            "SVENDY": study_day(DAYS[label]),
        }
        for label, (number, name) in VISITS.items()
    ]
    tv = [
        {"STUDYID": "NRC", "DOMAIN": "TV", "VISITNUM": number, "VISIT": name, "TVSTRL": name}
        | {"VISITDY": PLANNED[label]}
        for label, (number, name) in VISITS.items()
    ]
    supptr = {
        **STUDY,
        "RDOMAIN": "TR",
        "IDVAR": "TRSEQ",
        "IDVARVAL": str(sequence_of("R2-T02", "NOT DONE")),
        "QNAM": "TRREASNE",
        "QLABEL": "Reason Not Evaluable",
        "QVAL": "NON-COMPATIBLE TECHNIQUE",
        "QORIG": "Assigned",
        "QEVAL": "INDEPENDENT ASSESSOR",
    }
    return (
        dataset("TU", tu_rows()),
        dataset("TR", tr_rows()),
        dataset("RS", rs_rows()),
        dataset("SUPPTR", [supptr]),
        dataset("RELREC", relrec_rows()),
        dataset("DM", [dm]),
        dataset("SV", sv),
        dataset("TV", tv),
    )


def sequence_of(link: str, status: str) -> Value:
    """Return the number of the record of TR with this link and completion status."""
    rows = (row for row in tr_rows() if row["TRLNKID"] == link and row.get("TRSTAT") == status)
    return next(rows)["TRSEQ"]
