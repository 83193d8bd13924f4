"""Lays the lines of structured reports before a reader, as proposals in their own read.

A report is taken for the patient and visit whose images it was drawn on, found by their UIDs.
"""

from dataclasses import dataclass
from pathlib import Path

from napari_recist.criteria import Caliper, MeasurementProposed, effective
from napari_recist.errors import LockedError, ReadError, ReportError
from napari_recist.imaging.deidentify import SubjectList, TrialKey
from napari_recist.reading.structured_reports.images import FoundImage, TrialImages
from napari_recist.reading.structured_reports.parsing import read_report
from napari_recist.reading.structured_reports.placing import NotPlacedError, placed
from napari_recist.reading.structured_reports.report import (
    LeftOut,
    ReportedMeasurement,
    StructuredReport,
)
from napari_recist.reading.view import ReadingView
from napari_recist.trial import Action, Trial


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line that was laid before the reader, and what is to be told of it."""

    visit: str
    lesion: str
    caliper: Caliper
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedReport:
    """What became of a report: of which patient it is, what is proposed, and what is left out."""

    file: Path
    subject: str
    proposed: tuple[Proposed, ...]
    left_out: tuple[LeftOut, ...]


class ReportIntake:
    """Imports structured reports into the reads of whoever acts.

    Parameters
    ----------
    trial : Trial
        The open trial, signed in to by the reader.
    subject : str
        The only patient a report may be of; by default any of the reader's.
    key : TrialKey, optional
        Maps the UIDs of images before they were coded; without it only reports on the coded
        images are found to be of the trial.

    Raises
    ------
    AccessRefusedError
        If whoever acts is no reader.
    """

    def __init__(self, trial: Trial, subject: str = "", key: TrialKey | None = None) -> None:
        trial.require(Action.READ)
        self._trial, self._only, self._key = trial, subject, key
        self._seen: dict[str, tuple[ReadingView, TrialImages]] = {}

    def take(self, file: Path) -> ImportedReport:
        """Import one report; what cannot be proposed is told, and nothing of it is recorded.

        Raises
        ------
        ReportError
            If the file is no report of measurements, or its images are of no patient of the reader.
        ReadError
            If the charter keeps measurements drawn elsewhere from readers.
        """
        report = read_report(file)
        subject = self._subject_of(report)
        view, _images = self._patient(subject)
        if not view.charter.blinding.proposals:
            raise ReadError(
                f"{file.name}: the charter keeps measurements drawn elsewhere from readers.",
                "[blinding] proposals says so.",
            )
        proposed: list[Proposed] = []
        left_out = list(report.left_out)
        for measurement in report.measurements:
            try:
                proposed.append(self._propose(report, measurement, subject))
            except (NotPlacedError, LockedError) as problem:
                left_out.append(LeftOut(measurement.name, _words(problem)))
        return ImportedReport(file, subject, tuple(proposed), tuple(left_out))

    def _propose(
        self, report: StructuredReport, measurement: ReportedMeasurement, subject: str
    ) -> Proposed:
        view, images = self._patient(subject)
        image, caliper, told = placed(measurement, images, view.series_read, report.program)
        _refuse_other_patient(report, image, self._trial.charter.deidentification.subject_code)
        studies = {images.coded(uid) if image.original else uid for uid in report.studies}
        if image.series.study_uid not in studies:
            raise NotPlacedError("its image is of another study than the report")
        uid = images.coded(report.uid) if image.original else report.uid
        fact = MeasurementProposed(
            image.visit.visit,
            measurement.lesion,
            caliper,
            f"SR {uid} of {report.program}",
            measurement.organ,
            measurement.site,
        )
        events = self._trial.events(subject, self._trial.actor)
        if any(event.fact == fact for event in effective(events)):
            raise NotPlacedError("it was proposed before")
        self._trial.append(subject, fact, last_known=events[-1].sequence if events else 0)
        return Proposed(fact.visit, fact.lesion, caliper, told)

    def _subject_of(self, report: StructuredReport) -> str:
        """Return the patient whose images a report was drawn on."""
        mine = self._trial.worklist()
        if self._only and self._only not in mine:
            mine = ()
        for subject in sorted(mine, key=lambda one: one != report.patient_id):
            if self._only in {"", subject} and self._holds(subject, report):
                return subject
        whose = f"{self._only}'s" if self._only else f"a patient of {self._trial.actor}'s"
        remedy = "" if self._key else " If it was drawn before the images were coded, name the key."
        raise ReportError(
            f"{report.file.name}: its images are not {whose}, or of a visit that is not open.",
            f"Import it once that visit is.{remedy}",
        )

    def _holds(self, subject: str, report: StructuredReport) -> bool:
        _view, images = self._patient(subject)
        lines = [one.long_axis for one in report.measurements]
        if not lines:  # nothing will be proposed; its patient is whom it names
            return report.patient_id == subject
        return any(
            images.of_instance(line.sop_instance_uid)
            or images.of_space(line.frame_of_reference_uid)
            for line in lines
        )

    def _patient(self, subject: str) -> tuple[ReadingView, TrialImages]:
        if subject not in self._seen:
            actor = self._trial.actor
            view = ReadingView(self._trial, subject, actor, self._trial.events(subject, actor))
            self._seen[subject] = view, TrialImages(view.visits, self._key)
        return self._seen[subject]


def _refuse_other_patient(report: StructuredReport, image: FoundImage, pattern: str) -> None:
    """Refuse a report that names another patient than its image; no name is repeated.

    By its original PatientID only who sees identity could tell a patient, unless that is a code of
    the trial already.
    """
    subject, named = image.visit.subject, report.patient_id
    if image.original:
        coded = SubjectList(pattern).subject(named) if pattern else None
        named = coded.code if coded else subject
    if named not in {"", subject}:
        raise ReportError(
            f"{report.file.name}: it names another patient than {subject}, whose images it was "
            "drawn on.",
            "Nothing of it is proposed. Ask where it comes from.",
        )


def _words(problem: NotPlacedError | LockedError) -> str:
    return problem.problem if isinstance(problem, LockedError) else str(problem)


def mm_of(caliper: Caliper) -> str:
    """Return the lengths of a caliper as they are told: 36.8 x 20.1 mm."""
    axes = (caliper.long_axis, caliper.short_axis)
    return " x ".join(f"{axis.raw_mm:.1f}" for axis in axes if axis is not None) + " mm"
