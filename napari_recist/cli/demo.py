"""``napari-recist demo``: the reading room on the sample trial, or a scripted read of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_recist.cli import app
from napari_recist.errors import RecistError

if TYPE_CHECKING:
    from napari_recist.trial import Trial


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

    from napari_recist.demo.effort import effort_sentence
    from napari_recist.demo.sample_database import PASSWORD
    from napari_recist.demo.walk import walk
    from napari_recist.phantom import sample_trial

    with TemporaryDirectory() as scratch, _sample_trial(Path(scratch)) as trial:
        comparison = walk(trial, sample_trial(), out, PASSWORD, typer.echo)
    typer.echo(f"{out / 'summary.md'}: {comparison.verdict}")
    typer.echo(effort_sentence(comparison.efforts))
    if comparison.differences:
        raise RecistError(
            f"{len(comparison.differences)} answers of the scripted read differ from the truth.",
            f"They are marked in {out / 'summary.md'}.",
        )


def _open() -> None:
    import platformdirs

    from napari_recist.demo.sample_database import PASSWORD
    from napari_recist.ui.trial_room import read_trial

    with _sample_trial(platformdirs.user_data_path("napari-recist")) as trial:
        reader = trial.readers()[0]
        typer.echo(f"Reading as {reader}, password {PASSWORD!r}. Press ? for the keys.")
        read_trial(trial.sign_in(reader, PASSWORD))


def _sample_trial(data: Path) -> "Trial":
    from napari_recist.cli.progress import progress_bar
    from napari_recist.demo.sample_database import sample_database

    with progress_bar("Making the sample trial") as advance:
        return sample_database(data, lambda done, total, _: advance(done, total))
