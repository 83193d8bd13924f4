"""``napari-recist import sr``: measurements drawn elsewhere, laid before a reader as proposals."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_recist.cli import app
from napari_recist.errors import RecistError

if TYPE_CHECKING:
    from napari_recist.imaging.deidentify import TrialKey
    from napari_recist.reading.structured_reports.proposing import ImportedReport

import_app = typer.Typer(help="Bring measurements drawn elsewhere into a trial.")
app.add_typer(import_app, name="import")


@import_app.callback()
def import_() -> None:
    """Bring measurements drawn elsewhere into a trial; nothing counts until its reader accepts."""


@import_app.command(
    "sr",
    epilog="Example: napari-recist import sr report.dcm --trial trial.db --reader 'Reader A'",
)
def sr(
    files: Annotated[list[Path], typer.Argument(help="Structured reports (DICOM SR, TID 1500).")],
    trial: Annotated[str, typer.Option(metavar="URL", help="The trial's database.")],
    reader: Annotated[str, typer.Option(metavar="NAME", help="Who signs in, and reads them.")],
    subject: Annotated[
        str, typer.Option(metavar="ID", help="Patient code; else whoever the images are of.")
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option(help="The trial's key, for reports drawn before the images were coded."),
    ] = None,
) -> None:
    """Lay the lines of structured reports before a reader, as proposals.

    They stand dashed in the reading room and count for nothing until the reader accepts each.
    """
    from napari_recist.cli.passwords import password_of
    from napari_recist.reading.structured_reports.proposing import ReportIntake
    from napari_recist.trial.opening import open_seat

    refused = 0
    with open_seat(trial, reader, password_of(reader)) as seat:
        intake = ReportIntake(seat, subject, _key(trial, key))
        for file in files:
            try:
                for line in _told(intake.take(file)):
                    typer.echo(line)
            except RecistError as refusal:
                refused += 1
                typer.echo(f"{file}: refused. {refusal}", err=True)
    if refused:
        raise typer.Exit(1)


def _key(url: str, given: Path | None) -> "TrialKey | None":
    """Return the trial's key where there is one; none is made for a report."""
    import os

    from napari_recist.imaging.deidentify import key_from
    from napari_recist.imaging.deidentify.key import KEY_VARIABLE
    from napari_recist.trial import key_file

    file = key_file(url, given)
    if given is None and KEY_VARIABLE not in os.environ and not (file and file.is_file()):
        return None
    if given is not None and not given.is_file():
        raise typer.BadParameter(f"there is no key at {given}")
    return key_from(file)


def _told(imported: "ImportedReport") -> Iterator[str]:
    from napari_recist.reading.structured_reports.proposing import mm_of

    yield f"{imported.file}: {imported.subject}, {len(imported.proposed)} proposed"
    for one in imported.proposed:
        yield f"  {one.visit} {one.lesion or 'without a name'}: {mm_of(one.caliper)}"
        for words in one.told:
            yield f"    note: {words}"
    for left in imported.left_out:
        yield f"  left out: {left.what}: {left.reason}"
