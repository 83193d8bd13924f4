"""The variables of the datasets we write, as SDTMIG 3.4 names, labels and orders them.

They stand in ``variables.csv`` beside this file; a test compares every cell with CDISC's library.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value, Variable


@dataclass(frozen=True, slots=True)
class Domain:
    """What SDTMIG 3.4 says of a dataset as a whole, and which of its variables we order it by."""

    label: str
    structure: str
    keys: tuple[str, ...]


DOMAINS: Mapping[str, Domain] = {
    "TU": Domain(
        "Tumor/Lesion Identification",
        "One record per identified tumor per subject per assessor",
        ("STUDYID", "USUBJID", "TUEVALID", "VISITNUM", "TULNKID", "TUTESTCD"),
    ),
    "TR": Domain(
        "Tumor/Lesion Results",
        "One record per tumor measurement/assessment per visit per subject per assessor",
        ("STUDYID", "USUBJID", "TREVALID", "VISITNUM", "TRGRPID", "TRLNKID", "TRTESTCD"),
    ),
    "RS": Domain(
        "Disease Response and Clin Classification",
        "One record per response assessment or clinical classification assessment per time point "
        "per visit per subject per assessor per medical evaluator",
        ("STUDYID", "USUBJID", "RSEVALID", "RSCAT", "VISITNUM", "RSTESTCD", "RSSCAT"),
    ),
    "DM": Domain("Demographics", "One record per subject", ("STUDYID", "USUBJID")),
    "SV": Domain(
        "Subject Visits",
        "One record per actual or planned visit per subject",
        ("STUDYID", "USUBJID", "VISITNUM"),
    ),
    "TV": Domain(
        "Trial Visits", "One record per planned Visit per Arm", ("STUDYID", "ARMCD", "VISITNUM")
    ),
    "RELREC": Domain(
        "Related Records",
        "One record per related record, group of records or dataset",
        ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELID"),
    ),
}
"""The datasets we write; those of supplemental qualifiers follow from the one they qualify."""

_SUPP = "SUPP"


def domain_of(name: str) -> Domain:
    """Return what SDTMIG says of a dataset; ``KeyError`` where it is none of ours."""
    if not name.startswith(_SUPP):
        return DOMAINS[name]
    return Domain(
        f"Supplemental Qualifiers for {name.removeprefix(_SUPP)}",
        "One record per supplemental qualifier per related parent domain record(s)",
        ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
    )


def variables_of(name: str) -> tuple[Variable, ...]:
    """Return every variable of a dataset, in the order of SDTMIG 3.4.

    Parameters
    ----------
    name : str
        Such as TU, DM, or SUPPTU.

    Raises
    ------
    KeyError
        If it is none of the datasets we write.
    """
    return _library()["SUPPQUAL" if name.startswith(_SUPP) else name]


def dataset(name: str, records: Iterable[Mapping[str, Value]]) -> Dataset:
    """Return records as a dataset: every variable in each record, none that is empty and optional.

    Parameters
    ----------
    name : str
        Such as TU, DM, or SUPPTU.
    records : iterable of mapping
        Values by variable, in their final order; a variable left out is null.

    Raises
    ------
    ValueError
        If a record has a variable that the dataset does not have.
    """
    domain, known = domain_of(name), variables_of(name)
    given = tuple(records)
    if strange := {key for record in given for key in record} - {one.name for one in known}:
        message = f"{name} has no variables {sorted(strange)}"
        raise ValueError(message)
    used = {key for record in given for key, value in record.items() if value not in ("", None)}
    variables = tuple(one for one in known if one.core != "Perm" or one.name in used)
    rows = tuple(
        {one.name: record.get(one.name, one.null) for one in variables} for record in given
    )
    return Dataset(name, domain.label, domain.structure, domain.keys, variables, rows)


@cache
def _library() -> Mapping[str, tuple[Variable, ...]]:
    text = files(__package__).joinpath("variables.csv").read_text(encoding="ascii")
    found: dict[str, list[Variable]] = {}
    for row in csv.DictReader(text.splitlines()):
        variable = Variable(
            name=row["name"],
            label=row["label"],
            type=DataType(row["type"]),
            role=row["role"],
            core=row["core"],
            codelist=row["codelist"],
        )
        found.setdefault(row["dataset"], []).append(variable)
    return {name: tuple(variables) for name, variables in found.items()}
