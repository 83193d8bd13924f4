"""What an archive answers to a search, and how a search is put: keywords and texts, either way."""

import datetime as dt
from collections.abc import Mapping

from napari_recist.imaging.pacs.archive import ArchivedSeries, ArchivedStudy, Instance, Search

STUDY_KEYS = (
    "StudyInstanceUID",
    "PatientID",
    "PatientName",
    "AccessionNumber",
    "StudyDate",
    "ModalitiesInStudy",
    "StudyDescription",
    "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
)
SERIES_KEYS = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SeriesNumber",
    "Modality",
    "SeriesDescription",
    "NumberOfSeriesRelatedInstances",
)
INSTANCE_KEYS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")


def asked(search: Search) -> dict[str, str]:
    """Return what must match, by keyword."""
    days = (search.first_day, search.last_day)
    wanted = {
        "PatientID": search.patient_id,
        "PatientName": search.name,
        "AccessionNumber": search.accession,
        "StudyDate": "-".join(f"{day:%Y%m%d}" if day else "" for day in days) if any(days) else "",
        "ModalitiesInStudy": search.modality,
        "StudyInstanceUID": search.study_uid,
    }
    return {keyword: text for keyword, text in wanted.items() if text}


def study_of(told: Mapping[str, str]) -> ArchivedStudy:
    """Return a study from the texts of its answer."""
    return ArchivedStudy(
        study_uid=told["StudyInstanceUID"],
        patient_id=told.get("PatientID", ""),
        name=told.get("PatientName", ""),
        accession=told.get("AccessionNumber", ""),
        date=_date(told.get("StudyDate", "")),
        modalities=tuple(filter(None, told.get("ModalitiesInStudy", "").split("\\"))),
        description=told.get("StudyDescription", ""),
        series=_count(told.get("NumberOfStudyRelatedSeries", "")),
        instances=_count(told.get("NumberOfStudyRelatedInstances", "")),
    )


def series_of(told: Mapping[str, str], study_uid: str) -> ArchivedSeries:
    """Return a series of a study from the texts of its answer."""
    return ArchivedSeries(
        study_uid=study_uid,
        series_uid=told["SeriesInstanceUID"],
        number=told.get("SeriesNumber", ""),
        modality=told.get("Modality", ""),
        description=told.get("SeriesDescription", ""),
        instances=_count(told.get("NumberOfSeriesRelatedInstances", "")),
    )


def instance_of(told: Mapping[str, str], series: ArchivedSeries) -> Instance:
    """Return an instance of a series from the texts of its answer."""
    return Instance(
        study_uid=series.study_uid,
        series_uid=series.series_uid,
        instance_uid=told["SOPInstanceUID"],
        sop_class=told.get("SOPClassUID", ""),
    )


def _date(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text.replace(".", ""), "%Y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        return None


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
