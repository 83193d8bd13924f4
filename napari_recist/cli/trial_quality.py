"""Commands on the quality of reading: ``trial quality`` and ``trial re-reads``."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli.trial import TrialUrl, trial_app


@trial_app.command(epilog="Example: napari-recist trial quality trial.db --out quality/")
def quality(
    url: TrialUrl,
    out: Annotated[Path, typer.Option(help="Folder for the tables and figures.")],
    planned_reads: Annotated[
        int, typer.Option(help="Reads the trial will have; else those assigned by now.")
    ] = 0,
) -> None:
    """Write how readers agree with the adjudicator, with each other and with themselves."""
    from napari_recist.reading.quality_of_trial import quality_of
    from napari_recist.reading.quality_report import write_quality
    from napari_recist.trial import open_trial

    with open_trial(url) as trial:
        found = quality_of(trial, planned_reads=planned_reads)
    for file in write_quality(found, out):
        typer.echo(str(file))


@trial_app.command("re-reads", epilog="Example: napari-recist trial re-reads trial.db --seed 7")
def re_reads(
    url: TrialUrl,
    seed: Annotated[int, typer.Option(help="Same seed, same draw: note it in the trial's file.")],
    day: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Schedule what is due by then; else today."),
    ] = None,
) -> None:
    """Draw which finished reads are read again blinded, and schedule those that are due."""
    from napari_recist.reading.quality_of_trial import planned_re_reads
    from napari_recist.trial import open_trial
    from napari_recist.trial.reads.re_reads import schedule_re_read

    today = (day or dt.datetime.now(dt.UTC)).date()
    with open_trial(url) as trial:
        for planned in planned_re_reads(trial, seed):
            words = f"{planned.reader} reads {planned.of_subject} again as {planned.alias}"
            if planned.due <= today:
                schedule_re_read(trial, planned.alias, planned.of_subject, planned.reader)
                typer.echo(f"{words}: scheduled")
            else:
                typer.echo(f"{words}: due on {planned.due}, not scheduled yet")
