"""``napari-recist open``: a scan for a quick look, or a reader's next patient of a trial."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli import app
from napari_recist.errors import DisplayError, ImageError

PATHS = typer.Argument(help="A folder with DICOM files, or the files.", show_default=False)


@app.command("open")
def open_window(
    paths: Annotated[list[Path] | None, PATHS] = None,
    trial: Annotated[str, typer.Option(help="The trial's database.", metavar="URL")] = "",
    reader: Annotated[str, typer.Option(help="Who reads.", metavar="NAME")] = "",
    subject: Annotated[str, typer.Option(help="Patient code; else the next unfinished.")] = "",
) -> None:
    """Open napari on a scan (quick look), or the reading room on a trial's patient.

    Examples: [bold]napari-recist open scans/patient1[/bold]

    [bold]napari-recist open --trial trial.db --reader "Reader A"[/bold]
    """
    _require_display()
    if trial:
        _open_trial(trial, reader, subject)
    else:
        _open_scan(paths or [])


def _open_scan(paths: list[Path]) -> None:
    import napari

    from napari_recist.ui.dropped_images import add_images
    from napari_recist.ui.quick_look import QuickLook

    viewer = napari.Viewer(title="napari-recist quick look")
    try:
        if paths:
            add_images(viewer, [str(path) for path in paths])
    except ImageError:
        viewer.close()
        raise
    viewer.window.add_dock_widget(QuickLook(viewer), name="Measure (RECIST)", area="right")
    napari.run()


def _open_trial(url: str, reader: str, subject: str) -> None:
    from napari_recist.cli.passwords import password_of
    from napari_recist.trial import open_trial
    from napari_recist.ui.trial_room import read_trial

    with open_trial(url) as trial:
        read_trial(trial.sign_in(reader, password_of(reader)), subject)


def _require_display() -> None:
    from napari_recist.demo.virtual_screen import has_display

    if not has_display():
        raise DisplayError(
            "There is no screen to show the window on.",
            "Start it from a desktop, or use 'napari-recist demo --headless'.",
        )
