"""The command ``deidentify``: a folder of DICOM files into one that names nobody."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli import app

_EXAMPLE = """
Example:

    napari-recist deidentify scans/ coded/ --charter charter.toml --subjects subjects.csv
"""


@app.command(epilog=_EXAMPLE)
def deidentify(  # noqa: PLR0913, PLR0917 - a command has as many options as it has
    source: Annotated[Path, typer.Argument(metavar="IN", help="Folder with DICOM files.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder for the coded files.")],
    charter: Annotated[Path, typer.Option(help="The charter; [deidentification] says how.")],
    subjects: Annotated[
        Path | None,
        typer.Option(help="CSV with patient_id,subject,site where PatientID is no code yet."),
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(help="The trial's secret key; made where there is none, beside the charter."),
    ] = None,
    show_names: Annotated[
        bool,
        typer.Option("--show-names", help="Name the files left out; names may tell the patient."),
    ] = False,
) -> None:
    """De-identify DICOM files by PS3.15 Annex E; again, it finishes or changes nothing.

    The key comes from NAPARI_RECIST_DEIDENTIFICATION_KEY (64 hexadecimal digits) or a file. With
    it, UIDs and dates come out the same at every run; keep it secret and keep it safe.
    """
    from napari_recist.cli.progress import progress_bar
    from napari_recist.errors import DeidentificationError
    from napari_recist.imaging.deidentify import (
        Order,
        TrialFacts,
        deidentify_folder,
        key_from,
        load_subjects,
    )
    from napari_recist.trial.charter_file import load_charter

    settled = load_charter(charter)
    listed = load_subjects(subjects, settled.deidentification.subject_code)
    key = key_from(key_file or charter.with_suffix(".key"))
    order = Order(key, TrialFacts.of(settled), listed)
    with progress_bar("De-identifying") as advance:
        done = deidentify_folder(source, out, order, advance)
    for number, left in enumerate(done.left_out, start=1):
        name = str(left.source) if show_names else f"file {number}"
        typer.echo(f"left out: {name}: {left.reason}", err=True)
    written = sum(outcome.written for outcome in done.kept)
    typer.echo(
        f"{len(done.kept)} files de-identified ({written} written, "
        f"{len(done.kept) - written} there already), {len(done.left_out)} left out."
    )
    if not done.kept:
        raise DeidentificationError(
            "No file could be de-identified.", "The lines above say why; --show-names says which."
        )
