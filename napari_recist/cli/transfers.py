"""Commands of frozen transfers: ``trial freeze``, ``trial transfers`` and ``trial differences``."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from napari_recist.cli.trial import TrialUrl, trial_app

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for a program.")]


@trial_app.command(
    "freeze", epilog="Example: napari-recist trial freeze trial.db --comment 'interim analysis'"
)
def freeze_command(
    url: TrialUrl,
    comment: Annotated[str, typer.Option(help="What the transfer is for.")] = "",
) -> None:
    """Freeze all signed data as the next transfer: exports are made of frozen data only."""
    from napari_recist.trial import freeze, open_trial, transfers

    with open_trial(url) as trial:
        number = freeze(trial, comment)
        frozen = transfers(trial)[number - 1]
    typer.echo(f"{url}: transfer {number} frozen, {frozen.anchor.sequence} records.")


@trial_app.command("transfers", epilog="Example: napari-recist trial transfers trial.db --json")
def transfers_command(url: TrialUrl, as_json: AsJson = False) -> None:
    """List the frozen transfers, and what was exported of each by whom."""
    from napari_recist.trial import open_trial, transfers
    from napari_recist.trial.transfers import exports

    with open_trial(url) as trial:
        frozen, written = transfers(trial), exports(trial)
    if as_json:
        told = [
            asdict(one) | {"exports": [asdict(w) for w in written if w.number == one.number]}
            for one in frozen
        ]
        typer.echo(json.dumps(told, indent=2, default=str))
        return
    for one in frozen:
        comment = f": {one.comment}" if one.comment else ""
        moment = one.frozen_at.isoformat(sep=" ", timespec="seconds")
        typer.echo(f"{one.number}  {moment}  {one.frozen_by}{comment}")
        for export in written:
            if export.number == one.number:
                moment = export.written_at.isoformat(sep=" ", timespec="seconds")
                typer.echo(f"   {export.export}  {moment}  {export.written_by}")


@trial_app.command(
    "differences", epilog="Example: napari-recist trial differences trial.db --from 1 --to 2"
)
def differences_command(
    url: TrialUrl,
    first: Annotated[
        int | None, typer.Option("--from", help="The earlier transfer; the one before.")
    ] = None,
    second: Annotated[
        int | None, typer.Option("--to", help="The later transfer; the latest.")
    ] = None,
) -> None:
    """Tell every value that changed from one transfer to another, as CSV."""
    from napari_recist.exporting.transfer.differences import differences_csv
    from napari_recist.exporting.transfer.freezing import frozen_transfer
    from napari_recist.trial import open_trial

    with open_trial(url) as trial:
        after = frozen_transfer(trial, second)
        number = after.number - 1 if first is None else first
        before = frozen_transfer(trial, number) if number or first is not None else None
    typer.echo(differences_csv(before, after).decode(), nl=False)
