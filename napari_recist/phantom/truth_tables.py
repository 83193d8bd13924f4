"""The truth of the sample trial as CSV: lesions, what readers state, and what has to follow."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from napari_recist.phantom.truth import ReadingTruth, SubjectTruth, TrialTruth, VisitTruth

LESIONS, TRUE_LESIONS = "LESIONS.csv", "true_lesions.csv"
EXPECTED_TIMEPOINTS, EXPECTED_SUBJECTS = "expected_timepoints.csv", "expected_subjects.csv"


def write_truth_tables(folder: Path, trial: TrialTruth) -> None:
    """Write the four tables into a folder.

    ``LESIONS.csv`` holds what the readers state, in the contract's columns; ``true_lesions.csv``
    each lesion's exact axes; the two ``expected_`` tables what has to follow.
    """
    for name, rows in (
        (LESIONS, stated_rows(trial)),
        (TRUE_LESIONS, true_lesion_rows(trial)),
        (EXPECTED_TIMEPOINTS, expected_timepoint_rows(trial)),
        (EXPECTED_SUBJECTS, expected_subject_rows(trial)),
    ):
        _write(folder / name, list(rows))


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _readings(trial: TrialTruth) -> Iterator[tuple[SubjectTruth, ReadingTruth]]:
    for subject in trial.subjects:
        for reading in subject.readings:
            yield subject, reading


def stated_rows(trial: TrialTruth) -> Iterator[dict[str, str]]:
    """Yield what the scripted readers state, one row per lesion, reader and visit."""
    for subject, reading in _readings(trial):
        for visit in reading.visits:
            for said in visit.statements:
                yield {
                    "subject": subject.code,
                    "reader": reading.reader,
                    "visit": visit.label,
                    "date": subject.visit(visit.label).date.isoformat(),
                    "lesion": said.lesion,
                    "role": said.role.value,
                    "node": _yes(said.node),
                    "organ": said.organ,
                    "status": said.status.value,
                    "diameter_mm": "" if said.diameter_mm is None else f"{said.diameter_mm:.1f}",
                    "into": "",
                    "reason": said.reason,
                }


def true_lesion_rows(trial: TrialTruth) -> Iterator[dict[str, str]]:
    """Yield each focal lesion at each visit with the ends of its axes in patient mm (LPS)."""
    for subject in trial.subjects:
        for visit in subject.visits:
            yield from _lesion_rows(subject.code, visit)


def _lesion_rows(code: str, visit: VisitTruth) -> Iterator[dict[str, str]]:
    for lesion in visit.lesions:
        row = {
            "subject": code,
            "visit": visit.label,
            "date": visit.date.isoformat(),
            "lesion": lesion.name,
            "kind": lesion.kind,
            "organ": lesion.organ,
            "site": lesion.site,
            "node": _yes(lesion.node),
            "porta_hepatis": _yes(lesion.porta_hepatis),
            "visible": _yes(lesion.visible),
            "long_mm": f"{lesion.long_mm:.3f}",
            "short_mm": f"{lesion.short_mm:.3f}",
        }
        places = (lesion.centre, *lesion.long_axis, *lesion.short_axis)
        names = ("centre", "long_start", "long_end", "short_start", "short_end")
        for name, place in zip(names, places, strict=True):
            for axis, value in zip("xyz", place, strict=True):
                row[f"{name}_{axis}_mm"] = f"{value:.3f}"
        yield row


def expected_timepoint_rows(trial: TrialTruth) -> Iterator[dict[str, str]]:
    """Yield the sum and the responses that have to follow at each visit."""
    for subject, reading in _readings(trial):
        for visit in reading.visits:
            expected = visit.expected
            yield {
                "subject": subject.code,
                "reader": reading.reader,
                "visit": visit.label,
                "date": subject.visit(visit.label).date.isoformat(),
                "sum_mm": f"{expected.sum_mm:.1f}",
                "target_response": expected.target,
                "nontarget_response": expected.nontarget,
                "new_lesion": _yes(expected.new_lesion),
                "overall_response": expected.overall,
            }


def expected_subject_rows(trial: TrialTruth) -> Iterator[dict[str, str]]:
    """Yield the best response that has to follow for each read."""
    for subject, reading in _readings(trial):
        dates = {visit.label: visit.date.isoformat() for visit in subject.visits} | {"": ""}
        yield {
            "subject": subject.code,
            "reader": reading.reader,
            "best_response": reading.best_response,
            "best_response_date": dates[reading.best_visit],
            "confirmed_best_response": reading.confirmed_best_response,
            "progression_date": dates[reading.progression_visit],
        }


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
