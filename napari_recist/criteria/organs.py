"""The closed list of organs and sites a lesion is coded by, with the CDISC term each maps onto.

``loc`` is a submission value of the CDISC codelist LOC (C74456), ``lat`` of LAT (C99073). Which
Couinaud segment is which CDISC segment of the left lobe is our reading of their names.
"""

from dataclasses import dataclass

OTHER = "other"
"""The organ that is none of the list: its site is told in words."""

NODE_ORGAN = "lymph node"
LIVER = "liver"
PORTA_HEPATIS = "porta hepatis"


@dataclass(frozen=True, slots=True)
class Site:
    """A part of an organ as readers write it, and what it is in SDTM."""

    word: str
    loc: str
    lat: str = ""


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ of the list, its term in SDTM and the sites offered with it."""

    word: str
    loc: str
    sites: tuple[Site, ...] = ()


def _sided(loc: str) -> tuple[Site, ...]:
    return (Site("right", loc, "RIGHT"), Site("left", loc, "LEFT"))


_LEFT, _RIGHT = "LIVER, LEFT LOBE", "LIVER, RIGHT LOBE"
LIVER_SITES = (
    Site("S1", "LIVER, CAUDATE LOBE"),
    Site("S2", f"{_LEFT} POSTEROLATERAL SEGMENT"),
    Site("S3", f"{_LEFT} ANTEROLATERAL SEGMENT"),
    Site("S4", "LIVER, QUADRATE LOBE"),
    Site("S4a", f"{_LEFT} SUPEROMEDIAL SEGMENT"),
    Site("S4b", f"{_LEFT} INFEROMEDIAL SEGMENT"),
    Site("S5", f"{_RIGHT} ANTEROINFERIOR SEGMENT"),
    Site("S6", f"{_RIGHT} POSTEROINFERIOR SEGMENT"),
    Site("S7", f"{_RIGHT} POSTEROSUPERIOR SEGMENT"),
    Site("S8", f"{_RIGHT} ANTEROSUPERIOR SEGMENT"),
    Site("left lobe", _LEFT),
    Site("right lobe", _RIGHT),
    Site("both lobes", "LIVER"),
)
"""Couinaud's segments I to VIII, as S1 to S8, and what covers more than one."""

LUNG_SITES = (
    Site("right upper lobe", "LUNG, RIGHT UPPER LOBE"),
    Site("right middle lobe", "LUNG, RIGHT MIDDLE LOBE"),
    Site("right lower lobe", "LUNG, RIGHT LOWER LOBE"),
    Site("left upper lobe", "LUNG, LEFT UPPER LOBE"),
    Site("lingula", "LINGULA OF THE LUNG"),
    Site("left lower lobe", "LUNG, LEFT LOWER LOBE"),
    Site("both lungs", "LUNG", "BILATERAL"),
)

NODE_SITES = (
    Site(PORTA_HEPATIS, "PORTA HEPATIS LYMPH NODE"),
    Site("hepatic", "HEPATIC LYMPH NODE"),
    Site("portacaval", "PORTACAVAL LYMPH NODE"),
    Site("peripancreatic", "PERIPANCREATIC LYMPH NODE"),
    Site("coeliac", "CELIAC LYMPH NODE"),
    Site("gastric", "GASTRIC CURVATURE LYMPH NODE"),
    Site("splenic hilar", "SPLENIC HILAR LYMPH NODE"),
    Site("mesenteric", "MESENTERIC LYMPH NODE"),
    Site("left para-aortic", "PARA-AORTIC LYMPH NODE", "LEFT"),
    Site("right para-aortic", "PARA-AORTIC LYMPH NODE", "RIGHT"),
    Site("aortocaval", "AORTOCAVAL LYMPH NODE"),
    Site("paracaval", "PARACAVAL LYMPH NODE"),
    Site("retroperitoneal", "RETROPERITONEAL LYMPH NODE"),
    Site("retrocrural", "RETROCRURAL LYMPH NODE"),
    Site("cardiophrenic", "CARDIOPHRENIC LYMPH NODE"),
    Site("iliac", "ILIAC LYMPH NODE"),
    Site("inguinal", "INGUINAL LYMPH NODE"),
    Site("mediastinal", "MEDIASTINAL LYMPH NODE"),
    Site("paratracheal", "PARATRACHEAL LYMPH NODE"),
    Site("subcarinal", "SUBCARINAL LYMPH NODE"),
    Site("hilar", "HILAR LYMPH NODE"),
    Site("axillary", "AXILLARY LYMPH NODE"),
    Site("supraclavicular", "SUPRACLAVICULAR LYMPH NODE"),
    Site("cervical", "CERVICAL LYMPH NODE"),
)

BONE_SITES = (
    Site("cervical spine", "CERVICAL SPINE"),
    Site("thoracic spine", "THORACIC SPINE"),
    Site("lumbar spine", "LUMBAR SPINE"),
    Site("sacrum", "SACRUM"),
    Site("pelvis", "PELVIC BONE"),
    Site("rib", "RIB"),
    Site("sternum", "STERNUM"),
    Site("femur", "FEMUR"),
)

ORGANS = (
    Organ(LIVER, "LIVER", LIVER_SITES),
    Organ("lung", "LUNG", LUNG_SITES),
    Organ(NODE_ORGAN, "LYMPH NODE", NODE_SITES),
    Organ("adrenal", "ADRENAL GLAND", _sided("ADRENAL GLAND")),
    Organ("bone", "BONE", BONE_SITES),
    Organ("brain", "BRAIN"),
    Organ("kidney", "KIDNEY", _sided("KIDNEY")),
    Organ(
        "pancreas",
        "PANCREAS",
        (
            Site("head", "PANCREAS, HEAD"),
            Site("body", "PANCREAS, BODY"),
            Site("tail", "PANCREAS, TAIL"),
        ),
    ),
    Organ("portal vein", "PORTAL VEIN"),
    Organ("bile duct", "BILE DUCT"),
    Organ("gallbladder", "GALLBLADDER"),
    Organ(
        "peritoneum",
        "PERITONEUM",
        (Site("ascites", "PERITONEAL CAVITY"), Site("omentum", "OMENTUM")),
    ),
    Organ("mesentery", "MESENTERY"),
    Organ("retroperitoneum", "RETROPERITONEUM"),
    Organ("pleura", "PLEURA", (*_sided("PLEURA"), Site("effusion", "PLEURAL CAVITY"))),
    Organ("pericardium", "PERICARDIUM"),
    Organ("mediastinum", "MEDIASTINUM"),
    Organ("spleen", "SPLEEN"),
    Organ("stomach", "STOMACH"),
    Organ("small bowel", "SMALL INTESTINE"),
    Organ("colon", "COLON"),
    Organ("rectum", "RECTUM"),
    Organ("bladder", "BLADDER"),
    Organ("ovary", "OVARY", _sided("OVARY")),
    Organ("uterus", "UTERUS"),
    Organ("prostate", "PROSTATE GLAND"),
    Organ("breast", "BREAST", _sided("BREAST")),
    Organ("thyroid", "THYROID GLAND"),
    Organ("chest wall", "CHEST WALL"),
    Organ("abdominal wall", "ABDOMINAL WALL"),
    Organ("muscle", "MUSCLE"),
    Organ("skin", "SKIN"),
    Organ("soft tissue", "SOFT TISSUE"),
    Organ(OTHER, ""),
)
"""Every organ a reader can choose; the commonest sites of spread first."""

_BY_WORD = {organ.word: organ for organ in ORGANS}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
_SEGMENTS = {
    spelling.casefold(): f"S{number}{half}"
    for number, roman in enumerate(_ROMAN, start=1)
    for half in (("", "a", "b") if roman == "IV" else ("",))
    for spelling in (
        f"{number}{half}",
        f"S{number}{half}",
        f"{roman}{half}",
        f"segment {number}{half}",
        f"segment {roman}{half}",
    )
}


def organ_named(word: str) -> Organ | None:
    """Return the organ of the list that a word names, ``None`` where it names none."""
    return _BY_WORD.get(" ".join(word.casefold().split()))


def site_word(organ: Organ, text: str) -> str:
    """Return a site as the list writes it ("iva" is S4a); other words stay as they are."""
    text = " ".join(text.split())
    if organ.word == LIVER:
        text = _SEGMENTS.get(text.casefold(), text)
    return next((site.word for site in organ.sites if site.word == text.casefold()), text)


def sdtm_location(organ: str, site: str = "") -> tuple[str, str]:
    """Return the CDISC terms (LOC, LAT) of a place; both "" where the list has no such organ."""
    coded = organ_named(organ)
    if coded is None:
        return "", ""
    word = site_word(coded, site)
    for known in coded.sites:
        if known.word == word:
            return known.loc, known.lat
    return coded.loc, ""
