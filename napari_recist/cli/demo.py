"""``napari-recist demo``: the reading room on the sample trial, or a scripted read of it."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli import app
from napari_recist.errors import RecistError


@app.command(epilog="Example: napari-recist demo --headless --out demo-output")
def demo(
    headless: Annotated[
        bool, typer.Option(help="Walk the whole trial alone, on a virtual screen.")
    ] = False,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the scripted read writes.")
    ] = Path("demo-output"),
) -> None:
    """Open the reading room on a synthetic trial; without a screen, read it and compare."""
    from napari_recist.demo.virtual_screen import has_display, use_virtual_screen

    if headless or not has_display():
        use_virtual_screen()
        _walk(out)
    else:
        _open()


def _walk(out: Path) -> None:
    from tempfile import TemporaryDirectory

    from napari_recist.cli.progress import progress_bar
    from napari_recist.demo.sample_database import PASSWORD, sample_database
    from napari_recist.demo.walk import walk
    from napari_recist.phantom import sample_trial

    truth = sample_trial()
    with TemporaryDirectory() as scratch:
        with progress_bar("Making the sample trial") as advance:
            trial = sample_database(
                Path(scratch) / "trial.sqlite", truth, lambda done, total, _: advance(done, total)
            )
        with trial:
            comparison = walk(trial, truth, out, PASSWORD, typer.echo)
    typer.echo(f"{out / 'summary.md'}: {comparison.verdict}")
    if comparison.differences:
        raise RecistError(
            f"{len(comparison.differences)} answers of the scripted read differ from the truth.",
            f"They are marked in {out / 'summary.md'}.",
        )


def _open() -> None:
    import napari
    import platformdirs

    from napari_recist.cli.progress import progress_bar
    from napari_recist.demo.sample_database import PASSWORD, sample_database
    from napari_recist.phantom import sample_trial
    from napari_recist.reading import ReadingSession
    from napari_recist.ui.reading_room import open_reading_room

    truth = sample_trial()
    place = platformdirs.user_data_path("napari-recist") / "sample-trial.sqlite"
    with progress_bar("Making the sample trial") as advance:
        trial = sample_database(place, truth, lambda done, total, _: advance(done, total))
    with trial:
        subject, reader = truth.subjects[0].code, truth.subjects[0].readings[0].reader
        typer.echo(
            f"Reading {subject} as {reader}; the password is {PASSWORD!r}. Press ? for the keys."
        )
        open_reading_room(ReadingSession(trial, reader, subject))
        napari.run()
