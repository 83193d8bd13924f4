"""The audit trail in a file, a reader's worklist, and the trial desk of a file's owner."""

from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli.trial import TrialUrl, trial_app


@trial_app.command(epilog="Example: napari-recist trial audit trial.db --out audit.ndjson")
def audit(
    url: TrialUrl,
    out: Annotated[
        Path, typer.Option(help="audit.csv for the table in words, .ndjson for the record.")
    ],
) -> None:
    """Write every record: who stated what of whom, when, what stood there before, and why."""
    from napari_recist.trial import open_trial
    from napari_recist.trial.audit import write_audit

    with open_trial(url) as trial:
        count = write_audit(trial, out)
    typer.echo(f"{out}: {count} records.")


@trial_app.command(epilog="Example: napari-recist trial worklist trial.db --name R1")
def worklist(
    url: TrialUrl,
    name: Annotated[str, typer.Option(help="Whose worklist; the password is asked for.")],
) -> None:
    """List one's own patients in one's own order, and what is left of each."""
    from napari_recist.cli.passwords import password_of
    from napari_recist.reading.my_patients import my_patients
    from napari_recist.trial.opening import open_seat

    with open_seat(url, name, password_of(name)) as trial:
        for one in my_patients(trial):
            visit = "" if one.week is None else "baseline " if not one.week else f"week {one.week} "
            reason = f", because {one.reason}" if one.reason else ""
            typer.echo(f"{one.subject}  {visit}{one.left}{reason}")


@trial_app.command(epilog="Example: napari-recist trial desk trial.db")
def desk(url: TrialUrl) -> None:
    """Open the trial desk as the owner of the file, without signing in."""
    import napari
    from napari.qt import get_qapp

    from napari_recist.cli.open import require_display
    from napari_recist.trial import open_trial
    from napari_recist.ui.trial_desk.desk_window import TrialDesk

    require_display()
    get_qapp()
    with open_trial(url) as trial:
        opened = TrialDesk(trial)
        napari.run()
        opened.close()
