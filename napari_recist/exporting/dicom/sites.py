"""Finding sites: the SNOMED CT concept of each organ and site of the closed list.

Codes and meanings are those of DICOM's own context groups (PS3.16, as pydicom carries them; a test
holds every row to it). Where they have no code for a site, the organ's stands, and the words of
the list go with it.
"""

from napari_recist.criteria import Lesion
from napari_recist.criteria.organs import LIVER, NODE_ORGAN, organ_named, site_word
from napari_recist.exporting.dicom.concepts import Concept

RIGHT = Concept("24028007", "SCT", "Right")
LEFT = Concept("7771000", "SCT", "Left")
BILATERAL = Concept("51440002", "SCT", "Bilateral")

NODE = ("59441001", "Lymph Node")

ORGAN_CODES: dict[str, tuple[str, str]] = {
    LIVER: ("10200004", "Liver"),
    "lung": ("39607008", "Lung"),
    NODE_ORGAN: NODE,
    "adrenal": ("23451007", "Adrenal gland"),
    "bone": ("272673000", "Bone"),
    "brain": ("12738006", "Brain"),
    "kidney": ("64033007", "Kidney"),
    "pancreas": ("15776009", "Pancreas"),
    "portal vein": ("32764006", "Portal vein"),
    "bile duct": ("28273000", "Bile duct"),
    "gallbladder": ("28231008", "Gallbladder"),
    "peritoneum": ("15425007", "Peritoneum"),
    "retroperitoneum": ("82849001", "Retroperitoneum"),
    "pleura": ("3120008", "Pleura"),
    "pericardium": ("76848001", "Pericardium"),
    "mediastinum": ("72410000", "Mediastinum"),
    "spleen": ("78961009", "Spleen"),
    "stomach": ("69695003", "Stomach"),
    "small bowel": ("30315005", "Small intestine"),
    "colon": ("71854001", "Colon"),
    "rectum": ("34402009", "Rectum"),
    "bladder": ("89837001", "Bladder"),
    "ovary": ("15497006", "Ovary"),
    "uterus": ("35039007", "Uterus"),
    "prostate": ("41216001", "Prostate"),
    "breast": ("76752008", "Breast"),
    "thyroid": ("69748006", "Thyroid"),
    "chest wall": ("78904004", "Chest wall"),
    "muscle": ("71616004", "Muscle"),
    "skin": ("39937001", "Skin"),
    "soft tissue": ("87784001", "Soft tissue"),
}
"""By the words of the list. DICOM has no concept of the mesentery nor of the abdominal wall."""

SITE_CODES: dict[str, dict[str, tuple[str, str]]] = {
    LIVER: {
        "S1": ("71133005", "Couinaud hepatic segment I"),
        "S2": ("277956007", "Couinaud hepatic segment II"),
        "S3": ("277957003", "Couinaud hepatic segment III"),
        "S4": ("277958008", "Couinaud hepatic segment IV"),
        "S4a": ("277958008", "Couinaud hepatic segment IV"),
        "S4b": ("277958008", "Couinaud hepatic segment IV"),
        "S5": ("277959000", "Couinaud hepatic segment V"),
        "S6": ("277960005", "Couinaud hepatic segment VI"),
        "S7": ("277961009", "Couinaud hepatic segment VII"),
        "S8": ("277962002", "Couinaud hepatic segment VIII"),
    },
    "lung": {
        "right upper lobe": ("45653009", "Upper lobe of lung"),
        "right middle lobe": ("72481006", "Middle lobe of right lung"),
        "right lower lobe": ("90572001", "Lower lobe of lung"),
        "left upper lobe": ("45653009", "Upper lobe of lung"),
        "left lower lobe": ("90572001", "Lower lobe of lung"),
    },
    NODE_ORGAN: {
        "hepatic": ("61492009", "hepatic lymph node"),
        "peripancreatic": ("245346008", "peripancreatic lymph node"),
        "coeliac": ("47985009", "celiac lymph node"),
        "gastric": ("245344006", "perigastric lymph node"),
        "splenic hilar": ("280824006", "splenic lymph node"),
        "mesenteric": ("279795009", "lymph node of mesentery"),
        "retroperitoneal": ("91394001", "retroperitoneal lymph node"),
        "cardiophrenic": ("371013005", "cardiophrenic angle lymph node"),
        "iliac": ("84219008", "iliac lymph node"),
        "inguinal": ("8928004", "inguinal lymph node"),
        "mediastinal": ("62683002", "mediastinal lymph node"),
        "paratracheal": ("65690001", "paratracheal lymph node"),
        "subcarinal": ("28330007", "subcarinal lymph node"),
        "hilar": ("53074004", "hilar lymph node"),
        "axillary": ("68171009", "Axillary lymph node"),
        "supraclavicular": ("76838003", "supraclavicular lymph node"),
        "cervical": ("81105003", "cervical lymph node"),
    },
    "bone": {
        "cervical spine": ("122494005", "Cervical spine"),
        "thoracic spine": ("122495006", "Thoracic spine"),
        "lumbar spine": ("122496007", "Lumbar spine"),
        "sacrum": ("54735007", "Sacrum"),
        "rib": ("113197003", "Rib"),
        "sternum": ("56873002", "Sternum"),
        "femur": ("71341001", "Femur"),
    },
    "peritoneum": {
        "ascites": ("83670000", "Peritoneal cavity"),
        "omentum": ("27398004", "Omentum"),
    },
}
"""By organ and site of the list, where a concept is as narrow as the site or nearly so."""

_SIDES = {"right": RIGHT, "left": LEFT, "both": BILATERAL}


def finding_site(lesion: Lesion) -> tuple[Concept, Concept | None] | None:
    """Return the site of a lesion and its side; ``None`` where SNOMED CT has no code for it.

    A lymph node is one wherever the list puts it.
    """
    organ = organ_named(NODE_ORGAN if lesion.node else lesion.organ)
    if organ is None or organ.word not in ORGAN_CODES:
        return None
    site = site_word(organ, lesion.site)
    value, meaning = SITE_CODES.get(organ.word, {}).get(site, ORGAN_CODES[organ.word])
    named = site in {known.word for known in organ.sites}
    side = _SIDES.get(site.split(" ")[0]) if named and organ.word != LIVER else None
    return Concept(value, "SCT", meaning), side


def site_words(lesion: Lesion) -> str:
    """Return the organ and site as the reader's list has them: "liver, S7"."""
    return ", ".join(filter(None, (lesion.organ, lesion.site)))
