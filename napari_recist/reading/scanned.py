"""How a visit was scanned, in the words of the rules of measurability."""

from decimal import Decimal

from napari_recist.criteria import Scanned, Technique, from_raw
from napari_recist.trial import SeriesEntry

TECHNIQUES = {
    "CT": Technique.CT,
    "MR": Technique.MRI,
    "CR": Technique.CHEST_X_RAY,
    "DX": Technique.CHEST_X_RAY,
    "US": Technique.ULTRASOUND,
    "ES": Technique.ENDOSCOPY,
    "PT": Technique.PET,
    "NM": Technique.BONE_SCAN,
}
"""The technique of each DICOM modality that has a rule of its own; others count as CT."""


def scanned(series: SeriesEntry) -> Scanned:
    """Return how a series was taken; a thickness that is not known is held against nothing."""
    thickness = series.profile.thickness_mm if series.profile else None
    return Scanned(
        TECHNIQUES.get(series.modality, Technique.CT),
        from_raw(Decimal(str(thickness))) if thickness else 0,
    )
