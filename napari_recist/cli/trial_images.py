"""Commands of the image manager: queries to the sites, and clinical data for the oncologist."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli.trial import TrialUrl, trial_app
from napari_recist.errors import RecordError
from napari_recist.trial.images.query_codes import QueryCode

CODES = {code.name.lower().replace("_", "-"): code for code in QueryCode}
"""How a query's code is written on a command line."""


@trial_app.command(
    epilog="Example: napari-recist trial queries trial.db --raise missing-slices "
    "--subject NRC-001-0001 --visit W8 --text 'Slices 3 to 5 are missing.'"
)
def queries(  # noqa: PLR0913, PLR0917 - one option for each thing that can be done to a query
    url: TrialUrl,
    ask: Annotated[
        str, typer.Option("--raise", metavar="CODE", help=f"Ask about: {', '.join(CODES)}.")
    ] = "",
    answer: Annotated[str, typer.Option(metavar="Q1", help="Note what the site answered.")] = "",
    close: Annotated[str, typer.Option(metavar="Q1", help="Settle a query.")] = "",
    accept: Annotated[bool, typer.Option("--accept", help="The visit's images are fit.")] = False,
    subject: Annotated[str, typer.Option(help="Patient code.")] = "",
    visit: Annotated[str, typer.Option(help="The visit.")] = "",
    text: Annotated[str, typer.Option(help="What is asked, answered, or decided.")] = "",
    every: Annotated[bool, typer.Option("--all", help="List settled ones too.")] = False,
) -> None:
    """List the queries to the sites; raise, answer or close one; accept a visit's images."""
    from napari_recist.trial import accept_images, open_trial
    from napari_recist.trial.images.queries import (
        all_queries,
        answer_query,
        close_query,
        raise_query,
    )

    with open_trial(url) as trial:
        if ask:
            if visit not in {one.visit for one in trial.visits(subject)}:
                raise RecordError(f"{subject or 'The patient'} has no images of {visit!r}.")
            raise_query(trial, subject, visit, _code(ask), text)
        if answer:
            answer_query(trial, answer, text)
        if close:
            close_query(trial, close, text)
        if accept:
            accept_images(trial, subject, visit)
        for query in all_queries(trial):
            if query.open or every:
                said = " / ".join((query.text, *query.answers))
                state = query.outcome or "open"
                where = f"{query.subject} {query.visit}"
                typer.echo(f"{query.identifier}  {where}  {query.code}: {said} [{state}]")


@trial_app.command(epilog="Example: napari-recist trial clinical trial.db clinical.csv")
def clinical(
    url: TrialUrl,
    file: Annotated[Path, typer.Argument(help="CSV with the columns subject, item, value.")],
) -> None:
    """Give clinical data of patients to the oncologist reviewer; no reader ever sees them."""
    from napari_recist.trial import open_trial
    from napari_recist.trial.reads.clinical import clinical_data_of, give_clinical_data

    data = clinical_data_of(file)
    with open_trial(url) as trial:
        give_clinical_data(trial, data)
    for subject, items in data.items():
        typer.echo(f"{subject}: {len(items)} items")


def _code(written: str) -> QueryCode:
    if written not in CODES:
        raise RecordError(f"{written!r} is no code of a query.", f"Known: {', '.join(CODES)}.")
    return CODES[written]
