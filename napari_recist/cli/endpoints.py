"""The command that answers what the trial wanted to know: ``endpoints``."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli import app
from napari_recist.cli.assess import CharterFile
from napari_recist.cli.export import OutFolder, TransferNumber, exported
from napari_recist.cli.passwords import asked
from napari_recist.errors import ExportError


@app.command(epilog="Example: napari-recist endpoints --trial trial.db --out endpoints")
def endpoints(  # noqa: PLR0913, PLR0917 - tables or a trial, and what belongs to each
    out: OutFolder,
    subjects: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SUBJECTS.csv]", help="As `assess` wrote it, with timepoints.csv beside it."
        ),
    ] = None,
    trial: Annotated[
        str, typer.Option(metavar="URL", help="The trial's database.", callback=asked)
    ] = "",
    transfer: TransferNumber = None,
    charter: CharterFile = None,
    clinical: Annotated[
        Path | None,
        typer.Option(
            help="CSV with subject, item, value: treatment start, death, last known "
            "alive, new anticancer therapy. Beside SUBJECTS.csv only."
        ),
    ] = None,
) -> None:
    """Give response and disease control at the landmark and times to events, with intervals."""
    if bool(trial) == (subjects is not None):
        raise ExportError("Name either SUBJECTS.csv or --trial URL.", "See --help.")
    if subjects is None:
        _of_trial(trial, out, transfer)
    else:
        _of_tables(subjects, out, charter, clinical)


def _of_trial(url: str, out: Path, transfer: int | None) -> None:
    from napari_recist.exporting.endpoints.export import export_endpoints

    exported(url, lambda opened: export_endpoints(opened, out, transfer))


def _of_tables(subjects: Path, out: Path, charter: Path | None, clinical: Path | None) -> None:
    from napari_recist.cli.assess import chosen_charter
    from napari_recist.exporting.endpoints.of_tables import analyses_of_tables
    from napari_recist.exporting.endpoints.tables import endpoint_tables
    from napari_recist.exporting.table_files import write_texts
    from napari_recist.trial.reads.clinical import clinical_data_of

    data = clinical_data_of(clinical) if clinical else {}
    analyses = analyses_of_tables(subjects, chosen_charter(charter, None), data)
    tables = endpoint_tables(analyses)
    for file in write_texts({out / name: text for name, text in tables.items()}):
        typer.echo(str(file))
