"""DICOM structured reports of a frozen transfer: one per patient, visit, study and reader."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from napari_recist.exporting.dicom.read_back import refuse_other_values
from napari_recist.exporting.dicom.signed_visit import SignedVisit
from napari_recist.exporting.dicom.source_images import VisitImages
from napari_recist.exporting.dicom.structured_report import structured_reports
from napari_recist.exporting.transfer.frozen import FrozenPatient, Transfer
from napari_recist.exporting.transfer.writing import export_transfer
from napari_recist.trial import Trial


def export_sr(trial: Trial, out: Path, number: int | None = None) -> tuple[Path, ...]:
    """Write the structured reports of a transfer with its differences and manifest.

    Parameters and errors as of
    :func:`napari_recist.exporting.transfer.writing.export_transfer`; the files of the images must
    be where they were imported.
    """
    return export_transfer(trial, "sr", report_files, out, number)


def report_files(transfer: Transfer) -> Mapping[str, bytes]:
    """Return the reports of a transfer by file name: subject, visit and evaluator.

    Raises
    ------
    ExportError
        If an image that a caliper was drawn on is missing or is another one, or a report does not
        hold just the values that were signed.
    """
    files: dict[str, bytes] = {}
    for patient in transfer.patients:
        images = {visit.visit: VisitImages(visit) for visit in patient.visits}
        for signed in signed_visits(transfer, patient):
            reports = structured_reports(signed, images[signed.visit])
            refuse_other_values(signed, reports)
            files.update(reports)
    return files


def signed_visits(transfer: Transfer, patient: FrozenPatient) -> Iterator[SignedVisit]:
    """Yield each signed visit of each read of a patient."""
    for frozen in patient.reads:
        for visit in frozen.read.visits:
            judged = frozen.assessment.visit(visit.identifier)
            yield SignedVisit(
                trial_uid=transfer.trial_uid,
                subject=patient.subject,
                evaluator=frozen.evaluator,
                visit=visit.identifier,
                read=frozen.read,
                events=frozen.events,
                charter=frozen.charter,
                target=judged.target,
                nontarget=judged.nontarget,
            )
