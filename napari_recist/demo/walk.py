"""The scripted read of the whole sample trial: the window is driven, the answers are compared."""

from collections.abc import Callable, Iterator
from pathlib import Path

from napari_recist.criteria import Assessment, Status
from napari_recist.criteria.tenths import TENTHS_PER_MM
from napari_recist.demo import gestures
from napari_recist.demo.comparison import (
    Comparison,
    DiameterCheck,
    ResponseCheck,
    write_summary,
)
from napari_recist.demo.effort import VisitEffort
from napari_recist.demo.scripted_adjudicator import settle
from napari_recist.demo.scripted_reader import ScriptedReader
from napari_recist.exporting.csv_files import export_csv
from napari_recist.exporting.dicom.export import export_sr
from napari_recist.exporting.endpoints.export import export_endpoints
from napari_recist.exporting.odm.export import export_odm
from napari_recist.exporting.sdtm.export import export_sdtm
from napari_recist.exporting.tables.export import export_tables
from napari_recist.exporting.trend import write_trend
from napari_recist.phantom import ReadingTruth, SubjectTruth, TrialTruth
from napari_recist.reading import ReadingSession
from napari_recist.trial import Trial, freeze
from napari_recist.ui.reading_room import ReadingRoom, open_reading_room

Told = Callable[[str], None]

EXPORTS = {
    "sdtm": export_sdtm,
    "sr": export_sr,
    "odm": export_odm,
    "tables": export_tables,
    "endpoints": export_endpoints,
}
"""What leaves the trial beside the CSV files, by its folder."""


def walk(trial: Trial, truth: TrialTruth, out: Path, password: str, told: Told) -> Comparison:
    """Read every patient through the window, settle those whose readers differ, write the outcome.

    Into ``out`` go ``screenshots/``, ``plots/``, the CSV files of the export, every other export in
    a folder of ``exports/``, ``summary.md`` and ``summary.json``.

    Returns
    -------
    Comparison
        Measured beside true diameters, computed beside expected responses, what was accepted beside
        what is right, and the gestures.
    """
    for folder in ("screenshots", "plots"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    diameters: list[DiameterCheck] = []
    responses: list[ResponseCheck] = []
    efforts: list[VisitEffort] = []
    room: ReadingRoom | None = None
    try:
        for subject, reading in ((one, read) for one in truth.subjects for read in one.readings):
            told(f"{subject.code}, reader {reading.reader}: {subject.story}")
            session = ReadingSession(trial.sign_in(reading.reader, password), subject.code)
            if room is None:
                room = open_reading_room(session)
            else:
                room.read(session)
            efforts += _read(ScriptedReader(room, subject, reading, password), out)
            diameters += _diameters(session, subject, reading)
            responses += _responses(session.assessment, reading)
    finally:
        if room is not None:
            room.close()
            gestures.put_away()
    responses += settle(trial, truth, out, password, told)
    freeze(trial, "the whole sample trial")
    export_csv(trial, out)
    for kind, export in EXPORTS.items():
        files = export(trial, out / "exports" / kind)
        told(f"Exported {kind}: {len(files)} files")
    comparison = Comparison(tuple(diameters), tuple(responses), tuple(efforts))
    write_summary(comparison, out)
    return comparison


def _read(reader: ScriptedReader, out: Path) -> list[VisitEffort]:
    name = f"{reader.subject.code}-{reader.reading.reader}"

    def picture(room: ReadingRoom, visit: str) -> None:
        gestures.settle(0.2)
        room.screenshot(out / "screenshots" / f"{name}-{visit}.png")

    reader.read(picture)
    write_trend(reader.room.session.assessment, out / "plots" / f"{name}.png")
    return reader.efforts


def _diameters(
    session: ReadingSession, subject: SubjectTruth, reading: ReadingTruth
) -> Iterator[DiameterCheck]:
    for visit in reading.visits:
        for said in visit.statements:
            if said.status is not Status.MEASURED:
                continue
            observed = session.read.observation(visit.label, said.lesion)
            true = subject.visit(visit.label).lesion(said.truth[0])
            measured = observed.diameters[0] / TENTHS_PER_MM if observed else float("nan")
            yield DiameterCheck(
                subject.code,
                reading.reader,
                visit.label,
                said.lesion,
                true.short_mm if said.node else true.long_mm,
                measured,
            )


def _responses(assessment: Assessment, reading: ReadingTruth) -> Iterator[ResponseCheck]:
    place = (assessment.subject, assessment.reader)
    for visit in reading.visits:
        computed, expected = assessment.visit(visit.label), visit.expected
        for question, right, answer in (
            ("target", expected.target, computed.target or ""),
            ("non-target", expected.nontarget, computed.nontarget or ""),
            ("new lesion", _yes(expected.new_lesion), _yes(computed.new_lesion)),
            ("overall", expected.overall, computed.overall or ""),
        ):
            yield ResponseCheck(*place, visit.label, question, str(right), str(answer))
    best = assessment.best
    for question, right, answer in (
        ("best response", reading.best_response, best.best_response),
        ("confirmed best response", reading.confirmed_best_response, best.confirmed_best_response),
    ):
        yield ResponseCheck(*place, "", question, str(right), str(answer))


def _yes(new: bool) -> str:
    return "yes" if new else "no"
