"""Where each variable and each test comes from, and how what is derived was derived."""

from collections.abc import Mapping
from dataclasses import dataclass

from napari_recist.exporting.sdtm.dataset import Variable

NOT_AVAILABLE = "Not Available"


@dataclass(frozen=True, slots=True)
class Origin:
    """Type and source by CDISC's lists; ``method`` is a key of :data:`METHODS` where derived."""

    type: str
    source: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """How a value is derived: a name and a text for whoever checks it."""

    name: str
    text: str


ASSIGNED, COLLECTED = Origin("Assigned", "Vendor"), Origin("Collected", "Vendor")
FROM_PROTOCOL, FROM_SPONSOR = Origin("Protocol", "Sponsor"), Origin("Collected", "Sponsor")


def _derived(method: str) -> Origin:
    return Origin("Derived", "Vendor", method)


METHODS: Mapping[str, Method] = {
    "USUBJID": Method("Unique subject", "The study identifier, a hyphen, and the subject's code."),
    "SEQ": Method("Sequence number", "1, 2, 3 and on within a subject, in the order of the keys."),
    "DY": Method(
        "Study day",
        "The date less DM.RFSTDTC in days, and one more on or after RFSTDTC: there is no day 0. "
        "Null where RFSTDTC is.",
    ),
    "EPOCH": Method("Epoch", "SCREENING for the baseline of the plan, TREATMENT for later visits."),
    "RESPONSE_DAY": Method(
        "Date of response",
        "Of a progression the earliest scan that shows it, where the sum does the last of those "
        "that make it up; of any other response the latest scan of the visit.",
    ),
    "STANDARD": Method(
        "Standard result",
        "The result as read; a target too small to measure counts as the default that the charter "
        "names (RECIST 1.1: 5 mm).",
    ),
    "SUM": Method(
        "Sum of diameters",
        "Longest diameters of targets and short axes of nodal targets at the visit, added in "
        "tenths of a millimetre. No sum where a target has no value.",
    ),
    "PERCENT": Method(
        "Percent change",
        "100 x (sum - reference) / reference; the reference is the sum at baseline (PCBSD) or "
        "the smallest sum at any visit before, baseline included (PCNSD).",
    ),
    "ABSOLUTE": Method(
        "Absolute change", "Sum less the smallest sum at any visit before, baseline included."
    ),
    "RESPONSE": Method(
        "Response",
        "By the criteria that RSCAT names, with the settings of the charter, from the signed "
        "statements of this evaluator alone; the evaluator saw it before signing.",
    ),
    "BEST": Method(
        "Best overall response",
        "By the criteria that RSCAT names over all signed visits of this evaluator, confirmed "
        "where the charter asks for it.",
    ),
}
"""The derivations that a variable or test may name."""

_BY_TEST: Mapping[str, Origin] = {
    **dict.fromkeys(("SUMDIAM", "SUMNLNLD", "SUMLDIAM", "SUMLPERP", "SUMVDIAM"), _derived("SUM")),
    **dict.fromkeys(("PCBSD", "PCNSD"), _derived("PERCENT")),
    "ACNSD": _derived("ABSOLUTE"),
    **dict.fromkeys(("TRGRESP", "NTRGRESP", "NEWLIND", "OVRLRESP"), _derived("RESPONSE")),
    **dict.fromkeys(("BESTRESP", "RSBESTUC", "RSBESTDT", "RSREASNE"), _derived("BEST")),
    "RSCONFRQ": FROM_PROTOCOL,
}

_BY_VARIABLE: Mapping[str, Origin] = {
    "STUDYID": FROM_PROTOCOL,
    "USUBJID": _derived("USUBJID"),
    **dict.fromkeys(
        (
            *("SUBJID", "SITEID", "RFSTDTC", "RFENDTC", "RFXSTDTC", "RFXENDTC", "AGE", "AGEU"),
            *("SEX", "RACE", "ETHNIC", "ARMCD", "ARM", "ACTARMCD", "ACTARM", "ARMNRS"),
        ),
        FROM_SPONSOR,
    ),
    "DOMAIN": ASSIGNED,
    "--SEQ": _derived("SEQ"),
    **dict.fromkeys(("--DY", "SVSTDY", "SVENDY"), _derived("DY")),
    "EPOCH": _derived("EPOCH"),
    "RSDTC": _derived("RESPONSE_DAY"),
    "--STRESC": _derived("STANDARD"),
    "--STRESN": _derived("STANDARD"),
    **dict.fromkeys(
        (
            *(
                "--ORRES",
                "--REFID",
                "--STAT",
                "--REASND",
                "--LOC",
                "--LAT",
                "--METHOD",
                "--ACPTFL",
                "--DTC",
            ),
            *("SVOCCUR", "SVREASOC", "SVSTDTC", "SVENDTC", "QVAL"),
        ),
        COLLECTED,
    ),
}

_BY_DATASET: Mapping[str, Origin] = {"TV": FROM_PROTOCOL}


def origin_of(dataset: str, variable: Variable) -> Origin:
    """Return where a variable comes from; assigned by the vendor where nothing else is known."""
    general = f"--{variable.name[len(dataset) :]}" if variable.name.startswith(dataset) else ""
    known = _BY_VARIABLE.get(variable.name) or _BY_VARIABLE.get(general)
    return known or _BY_DATASET.get(dataset, ASSIGNED)


def origin_of_test(test: str, variable: Origin) -> Origin:
    """Return where a variable comes from in the records of one test."""
    return _BY_TEST.get(test, variable)


NO_DATA, LAST_BEFORE_EXPOSURE, ACCEPTED, SHIFTED = "NODATA", "LOBXFL", "ACPTFL", "SHIFTED"
COMMENTS: Mapping[str, str] = {
    NO_DATA: "Not known to the core laboratory, or it does not apply; the sponsor may hold it.",
    LAST_BEFORE_EXPOSURE: "Null: which observation is the last before exposure follows from dosing "
    "data that the sponsor holds.",
    ACCEPTED: "Y on all records of the one read that counts: both agree, or it was adjudicated. "
    "Null on other reads, and on every read of a subject that is not settled.",
    SHIFTED: "Shifted by a number of days of its own for each subject; intervals are true.",
}
"""What is said of variables, by key."""


def comment_of(variable: str, *, shifted: bool) -> str:
    """Return the key of the comment on a variable, "" where there is none.

    Parameters
    ----------
    variable : str
        Its name.
    shifted : bool
        Whether dates are shifted.
    """
    for ending, comment in (("LOBXFL", LAST_BEFORE_EXPOSURE), ("ACPTFL", ACCEPTED)):
        if variable.endswith(ending):
            return comment
    return SHIFTED if shifted and variable.endswith("DTC") else ""
