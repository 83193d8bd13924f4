"""``napari-recist open``: a scan for a quick look, or a trial as one's role has it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_recist.cli import app
from napari_recist.errors import DisplayError, ImageError

if TYPE_CHECKING:
    from napari_recist.trial import Trial

PATHS = typer.Argument(help="A folder with DICOM files, or the files.", show_default=False)


@app.command("open")
def open_window(
    paths: Annotated[list[Path] | None, PATHS] = None,
    trial: Annotated[str, typer.Option(help="The trial's database.", metavar="URL")] = "",
    reader: Annotated[str, typer.Option(help="Who signs in.", metavar="NAME")] = "",
    subject: Annotated[str, typer.Option(help="Patient code; else the next unfinished.")] = "",
) -> None:
    """Open napari on a scan (quick look), or sign in to a trial: the reading room for a reader.

    Examples: [bold]napari-recist open scans/patient1[/bold]

    [bold]napari-recist open --trial trial.db --reader "Reader A"[/bold]
    """
    require_display()
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


def _open_trial(url: str, name: str, subject: str) -> None:
    from napari_recist.cli.passwords import given_password
    from napari_recist.trial.opening import open_seat
    from napari_recist.ui.workplace import work

    password = given_password()
    trial = open_seat(url, name, password) if password else _signed_in(url, name)
    if trial is not None:
        with trial:
            work(trial, subject)


def _signed_in(url: str, name: str) -> "Trial | None":
    """Return the trial as somebody has it open who signs in at the screen, if somebody does."""
    from napari.qt import get_qapp

    from napari_recist.ui.sign_in import SignInDialog

    get_qapp()
    dialog = SignInDialog(url, name)
    dialog.exec()
    return dialog.trial


def require_display() -> None:
    """Raise :class:`DisplayError` where no window can be shown."""
    from napari_recist.demo.virtual_screen import has_display

    if not has_display():
        raise DisplayError(
            "There is no screen to show the window on.",
            "Start it from a desktop, or use 'napari-recist demo --headless'.",
        )
