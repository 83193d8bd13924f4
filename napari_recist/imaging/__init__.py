"""DICOM in: series, geometry, passport and voxels."""

from napari_recist.imaging.cache import VolumeCache, default_cache
from napari_recist.imaging.files.index import HeaderIndex
from napari_recist.imaging.find import find_series, scan
from napari_recist.imaging.geometry import Geometry, distance_mm
from napari_recist.imaging.passport.findings import Finding, Verdict
from napari_recist.imaging.series import Kind, Passport, Scan, Series, Skipped, Slice
from napari_recist.imaging.stream import VolumeStream
from napari_recist.imaging.volume import Volume, load_volume, read_slice

__all__ = [
    "Finding",
    "Geometry",
    "HeaderIndex",
    "Kind",
    "Passport",
    "Scan",
    "Series",
    "Skipped",
    "Slice",
    "Verdict",
    "Volume",
    "VolumeCache",
    "VolumeStream",
    "default_cache",
    "distance_mm",
    "find_series",
    "load_volume",
    "read_slice",
    "scan",
]
