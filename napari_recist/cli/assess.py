"""Commands that judge tables: ``assess`` and ``best-response``."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli import app
from napari_recist.cli.progress import progress_bar
from napari_recist.criteria import (
    Assessment,
    Charter,
    CriteriaName,
    Read,
    assess_read,
    best_response,
    parse_lesions,
    parse_sequences,
)
from napari_recist.criteria.csv_rows import content_of
from napari_recist.exporting.response_tables import (
    SEQUENCE_COLUMNS,
    SUBJECT_COLUMNS,
    TIMEPOINT_COLUMNS,
    sequence_row,
    subject_rows,
    timepoint_rows,
)
from napari_recist.exporting.table_files import csv_text, write_texts

CharterFile = Annotated[
    Path | None,
    typer.Option("--charter", help="Charter of the trial, TOML. Left out: the suggested one."),
]


@app.command(epilog="Example: napari-recist assess LESIONS.csv --charter charter.toml --out answer")
def assess(
    lesions: Annotated[Path, typer.Argument(metavar="LESIONS.csv", help="Lesions by visit.")],
    out: Annotated[Path, typer.Option(help="Folder for timepoints.csv and subjects.csv.")],
    charter: CharterFile = None,
    criteria: Annotated[
        CriteriaName | None, typer.Option(help="Response criteria, in place of the charter's.")
    ] = None,
) -> None:
    """Judge measured lesions: the response of each visit, and each patient's best."""
    settings = chosen_charter(charter, criteria)
    table = parse_lesions(content_of(lesions), settings, str(lesions))
    assessments = _judged(table.reads, settings)
    written = write_texts(
        {
            out / "timepoints.csv": csv_text(
                TIMEPOINT_COLUMNS, (row for one in assessments for row in timepoint_rows(one))
            ),
            out / "subjects.csv": csv_text(
                SUBJECT_COLUMNS, (row for one in assessments for row in subject_rows(one))
            ),
        }
    )
    _warn(map(str, table.warnings))
    _warn(_findings(assessments))
    _tell_written(written)


@app.command(
    "best-response", epilog="Example: napari-recist best-response SEQUENCES.csv --out best.csv"
)
def best_response_command(
    sequences: Annotated[
        Path, typer.Argument(metavar="SEQUENCES.csv", help="Overall responses by date.")
    ],
    out: Annotated[Path, typer.Option(help="CSV file for the answer.")],
    charter: CharterFile = None,
) -> None:
    """Give each patient's best response from overall responses alone, taken as read."""
    settings = chosen_charter(charter, None)
    table = parse_sequences(content_of(sequences), str(sequences))
    rows = [
        sequence_row(one.subject, best_response(one.responses, one.reference_date, settings))
        for one in table.sequences
    ]
    written = write_texts({out: csv_text(SEQUENCE_COLUMNS, rows)})
    _warn(map(str, table.warnings))
    _tell_written(written)


def _judged(reads: Sequence[Read], charter: Charter) -> list[Assessment]:
    assessments = []
    with progress_bar("Judging reads") as advance:
        for read in reads:
            assessments.append(assess_read(read, charter))
            advance(len(assessments), len(reads))
    return assessments


def chosen_charter(file: Path | None, criteria: CriteriaName | None) -> Charter:
    """Return the charter of a file, the suggested one without a file, judging by ``criteria``."""
    charter = Charter()
    if file is not None:
        # pydantic takes its time to load and is needed for a charter file only.
        from napari_recist.trial.charter_file import load_charter

        charter = load_charter(file)
    if criteria is None:
        return charter
    return replace(charter, criteria=replace(charter.criteria, name=criteria))


def _findings(assessments: Iterable[Assessment]) -> Iterable[str]:
    for one in assessments:
        whose = f"{one.subject}, reader {one.reader}" if one.reader else one.subject
        for finding in one.findings:
            yield f"{whose}: {finding}"


def _warn(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(f"warning: {line}", err=True)


def _tell_written(files: Iterable[Path]) -> None:
    for file in files:
        typer.echo(f"wrote {file}")
