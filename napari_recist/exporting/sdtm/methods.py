"""The CDISC term for how the images of a series were made, as far as the series tells."""

from collections.abc import Mapping

from napari_recist.trial import SeriesEntry

_NATIVE = "native"
_CONTRAST_PHASES = ("arterial", "portal venous", "delayed", "hepatobiliary")
"""The words that the trial's images have for the phases of a contrast agent."""

_PLAIN: Mapping[str, str] = {
    "CT": "CT SCAN",
    "MR": "MRI",
    "PT": "PET SCAN",
    "US": "ULTRASOUND",
}
"""By DICOM modality, where nothing is known of a contrast agent."""

_WITH_CONTRAST: Mapping[str, str] = {
    "CT": "CONTRAST ENHANCED CT SCAN",
    "MR": "CONTRAST ENHANCED MRI",
}
_WITHOUT: Mapping[str, str] = {"CT": "CT SCAN WITHOUT CONTRAST", "MR": "MRI WITHOUT CONTRAST"}


def method_of(series: SeriesEntry) -> str:
    """Return the term of METHOD (C85492) for a series; "" where the list has none for it.

    Contrast counts as given where the phase depends on it, or the files name an agent; as not
    given where the phase is native.
    """
    modality = series.modality
    if series.phase == _NATIVE:
        return _WITHOUT.get(modality, _PLAIN.get(modality, ""))
    agent = bool(series.profile and series.profile.contrast)
    if agent or series.phase in _CONTRAST_PHASES:
        return _WITH_CONTRAST.get(modality, _PLAIN.get(modality, ""))
    return _PLAIN.get(modality, "")
