"""RELREC and supplemental qualifiers: what belongs together, and what has no column of its own."""

import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from napari_recist.criteria import Lesion, Observation, WhyNotEvaluable
from napari_recist.criteria.organs import sdtm_location
from napari_recist.exporting.sdtm.dataset import Value
from napari_recist.exporting.sdtm.reads import ASSESSOR
from napari_recist.exporting.sdtm.tu import IDENTIFIED, MERGED

REASONS: Mapping[WhyNotEvaluable, str] = MappingProxyType(
    {
        WhyNotEvaluable.IMAGE_QUALITY: "POOR SCAN QUALITY",
        WhyNotEvaluable.CONTRAST: "NON-COMPATIBLE TECHNIQUE",
        WhyNotEvaluable.TECHNIQUE: "NON-COMPATIBLE TECHNIQUE",
        WhyNotEvaluable.OBSCURED: "OBSCURING DUE TO PHYSICAL CHANGES",
        WhyNotEvaluable.REMOVED: "RESECTION OR FOCAL THERAPY PERFORMED",
        WhyNotEvaluable.TREATED: "RESECTION OR FOCAL THERAPY PERFORMED",
    }
)
"""CDISC's words (COSMoS, TRREASNE) for the reader's coded reasons; the others have none there."""

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "TULOCDTL": "Detailed Location Information",
        "TUPRVIR": "Previously Irradiated or Treated",
        "TUPRVIRP": "Progressed Since Irradiation or Therapy",
        "TRREASNE": "Reason Not Evaluable",
        "TRREASTX": "Reason in the Reader's Words",
        "RSARGUED": "Argument for the Target Response",
        "RSCONFRQ": "Confirmation Required",
        "RSBESTUC": "Best Response Without Confirmation",
        "RSBESTDT": "Date of Best Response",
        "RSREASNE": "Reason Best Response Not Evaluable",
    }
)
"""The qualifiers that we give, and what each is called."""

_COLLECTED = "Collected"
_DERIVED = "Derived"
_LONGEST = 200  # of a value in a transport file of version 5
_OWN_ASCII = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "µ": "u"})
"""Letters that Unicode does not take apart."""


def relrec_records(
    study: str, found: Mapping[str, Sequence[Mapping[str, Value]]]
) -> Iterator[dict[str, Value]]:
    """Yield the relations of whole datasets: lesions with results, results with responses.

    Parameters
    ----------
    study : str
        STUDYID.
    found : mapping of str to sequence of mapping
        The records of TU, TR and RS. A relation stands where both its sides have links: before the
        first response there is one of lesions with results only. A lesion that merged stands twice
        in TU, identified and merged, so that its side is no longer one record a link.
    """
    merged = any(record["TUTESTCD"] == MERGED for record in found["TU"])
    for number, sides in (
        ("1", (("TU", "TULNKID", "MANY" if merged else "ONE"), ("TR", "TRLNKID", "MANY"))),
        ("2", (("TR", "TRLNKGRP", "MANY"), ("RS", "RSLNKGRP", "MANY"))),
    ):
        if not all(any(one.get(link) for one in found[domain]) for domain, link, _ in sides):
            continue
        for domain, variable, kind in sides:
            yield {
                "STUDYID": study,
                "RDOMAIN": domain,
                "IDVAR": variable,
                "RELTYPE": kind,
                "RELID": number,
            }


def of_lesion(record: Mapping[str, Value], lesion: Lesion) -> Iterator[dict[str, Value]]:
    """Yield what is told of a lesion beside TU: its place in words where CDISC's terms say less."""
    location, _ = sdtm_location(lesion.organ, lesion.site)
    whole, _ = sdtm_location(lesion.organ)
    if not location or (lesion.site and location == whole):
        words = ", ".join(part for part in (lesion.organ, lesion.site) if part)
        yield from qualifiers(record, {"TULOCDTL": words})
    if lesion.prior_local_therapy and record["TUTESTCD"] == IDENTIFIED:
        since = "Y" if lesion.progressed_since else "N"
        yield from qualifiers(record, {"TUPRVIR": "Y", "TUPRVIRP": since})


def of_statement(record: Mapping[str, Value], said: Observation) -> Iterator[dict[str, Value]]:
    """Yield why a lesion could not be judged: by CDISC's words, and by the reader's."""
    coded = REASONS.get(said.code, "") if said.code else ""
    yield from qualifiers(record, {"TRREASNE": coded, "TRREASTX": said.reason})


def qualifiers(
    record: Mapping[str, Value], told: Mapping[str, str], *, derived: bool = False
) -> Iterator[dict[str, Value]]:
    """Yield supplemental qualifiers of a numbered record, by name; nothing for what is not told.

    A text longer than a transport file holds goes on under the same name with 1, 2 ... at its end,
    as SDTMIG 3.4 (section 4.5.3) has it.
    """
    domain = str(record["DOMAIN"])
    for name, value in told.items():
        for number, part in enumerate(textwrap.wrap(plain(value), _LONGEST)):
            yield {
                "STUDYID": record["STUDYID"],
                "RDOMAIN": domain,
                "USUBJID": record["USUBJID"],
                "IDVAR": f"{domain}SEQ",
                "IDVARVAL": str(record[f"{domain}SEQ"]),
                "QNAM": f"{name[:7]}{number}" if number else name,
                "QLABEL": LABELS[name],
                "QVAL": part,
                "QORIG": _DERIVED if derived else _COLLECTED,
                "QEVAL": ASSESSOR,
            }


def plain(text: str) -> str:
    r"""Return a text in ASCII, the one alphabet of transport files, losing no letter.

    Accents fall; what has no letter of ASCII is written by its number, as ``\u4e2d``.
    """
    apart = unicodedata.normalize("NFKD", text.translate(_OWN_ASCII))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.encode("ascii", "backslashreplace").decode("ascii").split())
