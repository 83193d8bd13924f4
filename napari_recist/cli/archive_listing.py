"""Studies and series of an archive, as lines for a terminal or as JSON for a program."""

from collections.abc import Iterator, Sequence

from napari_recist.cli.columns import aligned
from napari_recist.imaging.pacs import ArchivedSeries, ArchivedStudy


def study_lines(
    studies: Sequence[ArchivedStudy],
    listed: dict[str, tuple[ArchivedSeries, ...]],
    *,
    names: bool,
) -> Iterator[str]:
    """Yield a table of studies, each followed by its listed series; ``names`` only for eyes."""
    head = ("date", "patient", "accession", "modality", "series", "images", "study", "description")
    rows = [(*head, "name") if names else head]
    for one in studies:
        row = (
            *(str(one.date or ""), one.patient_id, one.accession, ",".join(one.modalities)),
            *(_number(one.series), _number(one.instances), one.study_uid, one.description),
        )
        rows.append((*row, one.name) if names else row)
    lines = aligned(rows)
    yield next(lines)
    for one, line in zip(studies, lines, strict=True):
        yield line
        members = [
            (f"    {s.number}", s.modality, _number(s.instances), s.series_uid, s.description)
            for s in listed.get(one.study_uid, ())
        ]
        yield from aligned(members) if members else ()


def study_json(
    study: ArchivedStudy, listed: dict[str, tuple[ArchivedSeries, ...]]
) -> dict[str, object]:
    """Return a study for a program; the patient's name is for eyes on a terminal only."""
    told: dict[str, object] = {
        "study_uid": study.study_uid,
        "patient_id": study.patient_id,
        "accession": study.accession,
        "date": study.date.isoformat() if study.date else None,
        "modalities": list(study.modalities),
        "description": study.description,
        "series_count": study.series,
        "instances": study.instances,
    }
    if study.study_uid in listed:
        told["series"] = [
            {
                "series_uid": one.series_uid,
                "number": one.number,
                "modality": one.modality,
                "description": one.description,
                "instances": one.instances,
            }
            for one in listed[study.study_uid]
        ]
    return told


def _number(count: int | None) -> str:
    return "" if count is None else str(count)
