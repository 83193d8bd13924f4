"""Three small datasets by hand, with every kind of value that Define-XML tells of."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from napari_recist.criteria import Charter
from napari_recist.criteria.charter import TransferSettings, TrialSettings
from napari_recist.exporting.sdtm.dataset import Dataset
from napari_recist.exporting.sdtm.variables import dataset
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.trial import ChainHead

CHARTER = replace(
    Charter(),
    trial=TrialSettings(id="NRC-HCC-201", title="Phase 2 <HCC>"),
    transfer=TransferSettings(vendor="Core Lab & Co"),
)
TRANSFER = Transfer(
    number=3,
    frozen_at=dt.datetime(2026, 3, 7, 4, 5, 6, 789, tzinfo=dt.UTC),
    frozen_by="Ada",
    comment="",
    anchor=ChainHead(10, "ab" * 32),
    trial_uid="uid",
    charter=CHARTER,
    charter_hashes=("cd" * 32,),
    software="1.0",
    true_dates=True,
    patients=(),
)

_SUBJECT = {"STUDYID": "NRC-HCC-201", "USUBJID": "NRC-HCC-201-0001"}
_READER = {"EVAL": "INDEPENDENT ASSESSOR", "EVALID": "RADIOLOGIST 1"}


def _finding(domain: str, number: int, **told: object) -> dict[str, object]:
    stated = {f"{domain}SEQ": number, **_prefixed(domain, _READER), **_prefixed(domain, told)}
    return {**_SUBJECT, "DOMAIN": domain, **stated, "VISITNUM": 1, "VISIT": "BL"}


def _prefixed(domain: str, told: dict[str, object]) -> dict[str, object]:
    return {f"{domain}{name}": value for name, value in told.items()}


def small_export() -> tuple[Dataset, ...]:
    """Return TU, TR and SUPPTR of one lesion, one sum and one node."""
    lesion = {"TESTCD": "TUMIDENT", "TEST": "Tumor Identification", "LNKID": "R1-T01"}
    tumour = _finding("TU", 1, **lesion, ORRES="TARGET", STRESC="TARGET", LOC="LIVER")
    measured = {"TESTCD": "LDIAM", "TEST": "Longest Diameter", "LNKID": "R1-T01"}
    millimetres = {"ORRESU": "mm", "STRESU": "mm"}
    results = (
        {**measured, **millimetres, "ORRES": "32.4", "STRESC": "32.4", "STRESN": Decimal("32.4")},
        {
            **measured,
            "TESTCD": "SUMDIAM",
            "TEST": "Sum of Diameter",
            **millimetres,
            "ORRES": "32.4",
            "STRESC": "32.4",
            "STRESN": Decimal("32.4"),
            "DTC": "2026-03-07",
        },
        {
            "TESTCD": "LNSTATE",
            "TEST": "Lymph Node State",
            "ORRES": "PATHOLOGICAL",
            "STRESC": "PATHOLOGICAL",
        },
    )
    qualifier = {
        **_SUBJECT,
        "RDOMAIN": "TR",
        "IDVAR": "TRSEQ",
        "IDVARVAL": "3",
        "QNAM": "TRREASNE",
        "QLABEL": "Reason Not Evaluable",
        "QVAL": "POOR SCAN QUALITY",
        "QORIG": "CRF",
    }
    found = [_finding("TR", number, **told) for number, told in enumerate(results, start=1)]
    return (
        dataset("TU", [tumour]),
        dataset("TR", found),
        dataset("SUPPTR", [qualifier]),
    )
