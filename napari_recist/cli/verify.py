"""The command ``verify``: prove that a trial's record is whole."""

from typing import Annotated

import typer

from napari_recist.cli import app


@app.command(epilog="Example: napari-recist verify --trial trial.db")
def verify(
    trial: Annotated[str, typer.Option(metavar="URL", help="A path or sqlite:///path.")],
) -> None:
    """Check every record and signature; the first that does not fit is named, with exit code 1."""
    from napari_recist.trial import open_trial

    with open_trial(trial) as opened:
        chain = opened.verify()
    typer.echo(f"{trial}: {chain.count} records verified, head {chain.head}.")
