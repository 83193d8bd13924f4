"""Exports a frozen transfer for an electronic data capture system."""

from pathlib import Path

from napari_recist.errors import ExportError
from napari_recist.exporting.extras import exports_extra
from napari_recist.exporting.odm.redcap import redcap_files
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.writing import export_transfer
from napari_recist.trial import Trial


def export_odm(trial: Trial, out: Path, number: int | None = None) -> tuple[Path, ...]:
    """Write ``odm.xml``, the files of ``redcap/`` and one document per patient in ``rave/``.

    Raises
    ------
    ExportError
        If the charter gives the trial no id, a patient no site, or a library is missing; else as
        :func:`~napari_recist.exporting.transfer.writing.export_transfer`.
    """
    return export_transfer(trial, "odm", odm_files, out, number)


def odm_files(transfer: Transfer) -> dict[str, bytes]:
    """Return the files of an export by their names in the folder."""
    with exports_extra("An export for data capture systems"):
        from napari_recist.exporting.odm.document import odm_document  # noqa: PLC0415 - an extra
        from napari_recist.exporting.odm.rave import rave_documents  # noqa: PLC0415 - an extra
    _refuse_unnamed(transfer)
    redcap = {f"redcap/{name}": text.encode() for name, text in redcap_files(transfer).items()}
    rave = {f"rave/{code}.xml": content for code, content in rave_documents(transfer).items()}
    return {"odm.xml": odm_document(transfer), **redcap, **rave}


def _refuse_unnamed(transfer: Transfer) -> None:
    """Refuse what a data capture system would take for another study's or for no site's."""
    if not transfer.charter.trial.id:
        raise ExportError(
            "The charter gives the trial no id, which data capture systems need.",
            "Set [trial] id in the charter.",
        )
    for patient in transfer.patients:
        if not patient.site:
            raise ExportError(
                f"The site of {patient.subject} is not known.",
                "Give [deidentification] subject_code a group (?P<site>…) in the charter.",
            )
