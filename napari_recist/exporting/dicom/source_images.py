"""The images a visit was read on, read from their files as far as a report refers to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filereader import read_partial
from pydicom.tag import BaseTag

from napari_recist.criteria.calipers import Point
from napari_recist.errors import ExportError
from napari_recist.exporting.dicom.image_plane import ImagePlane
from napari_recist.trial import ScheduledVisit

_SOP_INSTANCE_UID = 0x00080018
_MOSAIC = "MOSAIC"


@dataclass(frozen=True)
class SourceImage:
    """One image file: its header, without pixels."""

    file: Path
    header: Dataset

    @property
    def sop_class_uid(self) -> str:
        """SOP Class UID."""
        return str(self.header.SOPClassUID)

    @property
    def sop_instance_uid(self) -> str:
        """SOP Instance UID."""
        return str(self.header.SOPInstanceUID)

    @property
    def series_uid(self) -> str:
        """Series Instance UID."""
        return str(self.header.SeriesInstanceUID)

    @property
    def study_uid(self) -> str:
        """Study Instance UID."""
        return str(self.header.StudyInstanceUID)

    @property
    def multi_frame(self) -> bool:
        """Whether its frames are referred to by number."""
        return "NumberOfFrames" in self.header

    @property
    def tiled(self) -> bool:
        """Whether it is a Siemens mosaic: one plane of pixels with many slices side by side.

        The place of a tile stands in the maker's private header only, and there is no frame number
        by which a report could name it.
        """
        return not self.multi_frame and _MOSAIC in (self.header.get("ImageType") or ())

    def plane(self, frame: int) -> ImagePlane:
        """Return where a frame (counted from 1) lies in the patient.

        Raises
        ------
        ExportError
            If the file does not tell.
        """
        source = self._functional_groups(frame) if self.multi_frame else self.header
        try:
            across, down = source.ImageOrientationPatient[:3], source.ImageOrientationPatient[3:]
            row_spacing, column_spacing = map(float, source.PixelSpacing)
            return ImagePlane(
                _three(source.ImagePositionPatient),
                _three(across),
                _three(down),
                row_spacing,
                column_spacing,
            )
        except (AttributeError, TypeError, ValueError) as error:
            raise ExportError(
                f"Nothing was exported: {self.file} does not tell where frame {frame} lies, "
                "though a caliper was drawn there.",
                "Put the file back as it was imported.",
            ) from error

    def _functional_groups(self, frame: int) -> Dataset:
        """Return position, orientation and spacing of a frame; its own group wins (C.7.6.16)."""
        per_frame = self.header.get("PerFrameFunctionalGroupsSequence") or ()
        shared = self.header.get("SharedFunctionalGroupsSequence") or ()
        levels = (*shared[:1], *per_frame[frame - 1 : frame])
        found = Dataset()
        for level in levels:
            for name in ("PlanePosition", "PlaneOrientation", "PixelMeasures"):
                for item in level.get(f"{name}Sequence") or ():
                    found.update(item)
        return found


class VisitImages:
    """The files of a visit's series, found by SOP Instance UID and read when asked for.

    Parameters
    ----------
    visit : ScheduledVisit
        The visit as it was registered.
    """

    def __init__(self, visit: ScheduledVisit) -> None:
        self.visit = visit
        self._read: dict[Path, SourceImage] = {}

    def image(self, series_uid: str, sop_instance_uid: str) -> SourceImage:
        """Return the image of this UID.

        Raises
        ------
        ExportError
            If no file of the visit is that image, or its file cannot be read.
        """
        file = self._files.get(series_uid, {}).get(sop_instance_uid)
        if file is None:
            raise ExportError(
                f"Nothing was exported: no file of {self.visit.visit} of {self.visit.subject} is "
                f"the image {sop_instance_uid}, on which a caliper was drawn.",
                "Import the visit's images again.",
            )
        return self._image(file)

    def first(self, series_uid: str = "") -> SourceImage:
        """Return the first image of a series, or of the one proposed for reading.

        Raises
        ------
        ExportError
            If the visit has no images, or the file cannot be read.
        """
        chosen = [one for one in self.visit.series if one.series_uid == series_uid]
        for series in (*chosen, *self.visit.series):
            if series.paths:
                return self._image(series.paths[0])
        raise ExportError(
            f"Nothing was exported: {self.visit.visit} of {self.visit.subject} has no images.",
            "Import them.",
        )

    @cached_property
    def _files(self) -> dict[str, dict[str, Path]]:
        """The files by series and SOP Instance UID."""
        found: dict[str, dict[str, Path]] = {}
        for series in self.visit.series:
            images = found.setdefault(series.series_uid, {})
            images.update((_sop_instance_uid(file), file) for file in series.paths)
        return found

    def _image(self, file: Path) -> SourceImage:
        if file not in self._read:
            try:
                header = dcmread(file, stop_before_pixels=True, force=True)
            except OSError as error:
                raise _unreadable(file, error) from error
            self._read[file] = SourceImage(file, header)
        return self._read[file]


def _sop_instance_uid(file: Path) -> str:
    """Return the SOP Instance UID of a file, read no further than there."""
    try:
        with file.open("rb") as opened:
            start = read_partial(opened, stop_when=_past_the_uid, force=True)
    except OSError as error:
        raise _unreadable(file, error) from error
    return str(start.get("SOPInstanceUID", ""))


def _past_the_uid(tag: BaseTag, _representation: str | None, _length: int) -> bool:
    return bool(tag > _SOP_INSTANCE_UID)


def _unreadable(file: Path, error: OSError) -> ExportError:
    return ExportError(
        f"Nothing was exported: {file}: {error.strerror}.", "Put the file back, or import it again."
    )


def _three(values: Sequence[Any]) -> Point:
    x, y, z = map(float, values)
    return x, y, z
