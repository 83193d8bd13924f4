"""Commands of the central read: a trial made, filled, staffed, assigned and watched."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli import app
from napari_recist.cli.columns import aligned
from napari_recist.cli.passwords import asked
from napari_recist.trial.staff.roles import TrialRole

trial_app = typer.Typer(help="The trial database: make it, fill it, see how far it is.")
app.add_typer(trial_app, name="trial")

TrialUrl = Annotated[
    str,
    typer.Argument(
        metavar="URL",
        help="A path, sqlite:///path or postgresql://name@host/db.",
        callback=asked,
    ),
]
Subject = Annotated[str, typer.Option(help="Patient code.")]
Reason = Annotated[str, typer.Option(help="Why; it stands in the record.")]


@trial_app.command(epilog="Example: napari-recist trial init trial.db --charter charter.toml")
def init(
    url: TrialUrl,
    charter: Annotated[Path, typer.Option(help="The charter, a TOML file.")],
) -> None:
    """Make a new trial database that is read by this charter."""
    from napari_recist.trial import create_trial

    with create_trial(url, charter) as trial:
        version = trial.charter_version
        typer.echo(f"{url}: new trial, charter {version.charter_hash[:12]}.")


@trial_app.command(
    "charter",
    epilog="Example: napari-recist trial charter trial.db --new charter2.toml "
    "--from 2027-03-01 --reason 'amendment 2'",
)
def charter_command(
    url: TrialUrl,
    new: Annotated[Path | None, typer.Option(help="A later version to adopt.")] = None,
    holds_from: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day of reads under it."),
    ] = None,
    reason: Reason = "",
    look: Annotated[
        bool, typer.Option("--dry-run", help="Only tell which reads it concerns.")
    ] = False,
) -> None:
    """List the versions of the charter, or adopt a later one and tell which reads it concerns."""
    from napari_recist.trial import open_trial
    from napari_recist.trial.charter_file import load_charter
    from napari_recist.trial.reads.charter_change import amend_charter, concerned_reads

    with open_trial(url) as trial:
        if new is not None:
            for concerned in concerned_reads(trial, load_charter(new)):
                others = ", ".join(concerned.differing) or "no visit"
                state = "finished" if concerned.finished else "begun"
                typer.echo(
                    f"{concerned.read.subject} by {concerned.read.reader}: {state} under version "
                    f"{concerned.version}, which stays; other response at {others}."
                )
            if not look:
                day = holds_from or dt.datetime.now(dt.UTC)
                amend_charter(trial, new, day.date(), reason)
        for version in trial.again().charters:
            adopted = version.adopted
            since = f"from {adopted.holds_from}" if adopted.holds_from else "from the beginning"
            typer.echo(f"version {adopted.version} {since} {version.charter_hash[:12]}")


@trial_app.command("import", epilog="Example: napari-recist trial import trial.db scans/")
def import_command(
    url: TrialUrl,
    folder: Annotated[Path, typer.Argument(help="Folder with DICOM files, at any depth.")],
    images: Annotated[
        Path | None,
        typer.Option(help="Where the coded images go; trial.images beside trial.db if not given."),
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(help="The trial's secret key; trial.key beside trial.db if not given."),
    ] = None,
    subjects: Annotated[
        Path | None,
        typer.Option(help="CSV with patient_id,subject,site where PatientID is no code yet."),
    ] = None,
) -> None:
    """Register a folder's scans, de-identified: patients by code, visits by date and schedule."""
    from napari_recist.cli.progress import progress_bar
    from napari_recist.imaging.deidentify import load_subjects
    from napari_recist.reading import Storage, import_images
    from napari_recist.trial import open_trial

    with open_trial(url) as trial, progress_bar("Reading images") as advance:
        listed = load_subjects(subjects, trial.charter.deidentification.subject_code)
        found = import_images(trial, folder, advance, Storage(images, key_file, listed))
    for left_out in found.left_out:
        typer.echo(f"left out: {left_out.what}: {left_out.reason}", err=True)
    for visit in found.visits:
        read = visit.series[0]
        typer.echo(f"{visit.subject} {visit.visit} {visit.date}: {read.description}")


@trial_app.command(epilog="Example: napari-recist trial users trial.db --add anna --role reader")
def users(
    url: TrialUrl,
    add: Annotated[
        str, typer.Option(help="Admit this person, or give a known one a new password.")
    ] = "",
    role: Annotated[TrialRole, typer.Option(help="What the person is in the trial.")] = (
        TrialRole.READER
    ),
    retire: Annotated[str, typer.Option(help="End this person's work on the trial.")] = "",
    reason: Reason = "",
) -> None:
    """List the people, admit or retire one; passwords are asked for, or from the environment."""
    from napari_recist.cli.passwords import new_password_of
    from napari_recist.trial import open_trial

    with open_trial(url) as trial:
        if add:
            trial.admit(add, role, new_password_of(add))
        if retire:
            trial.retire(retire, reason)
        for person in trial.people().present:
            typer.echo(f"{person.name}  {person.role}")


@trial_app.command(epilog="Example: napari-recist trial assign trial.db")
def assign(
    url: TrialUrl,
    subject: Subject = "",
    reader: Annotated[list[str] | None, typer.Option(help="Who reads it.")] = None,
    adjudicator: Annotated[str, typer.Option(help="Who settles it.")] = "",
) -> None:
    """Assign one patient, or every patient that waits, by chance and evenly."""
    from napari_recist.trial import assign as assign_reader
    from napari_recist.trial import assign_adjudicator, assign_waiting, open_trial

    with open_trial(url) as trial:
        if not subject:
            made = assign_waiting(trial)
        else:
            for name in reader or []:
                assign_reader(trial, subject, name)
            if adjudicator:
                assign_adjudicator(trial, subject, adjudicator)
            made = (trial.assignment(subject),)
    for one in made:
        settles = f", {one.adjudicator} adjudicates" if one.adjudicator else ""
        typer.echo(f"{one.subject}: {', '.join(one.readers)} read{settles}")


@trial_app.command(
    epilog="Example: napari-recist trial reopen trial.db --subject NRC-001-0001 --reader R1 "
    "--visit W8 --reason 'wrong series measured'"
)
def reopen(
    url: TrialUrl,
    subject: Subject,
    reader: Annotated[str, typer.Option(help="Whose read.")],
    visit: Annotated[str, typer.Option(help="The visit.")],
    reason: Reason,
) -> None:
    """Open a signed visit again, and first what was signed after it."""
    from napari_recist.trial import ReadKey, open_trial
    from napari_recist.trial import reopen as reopen_visit

    with open_trial(url) as trial:
        opened = reopen_visit(trial, ReadKey(subject, reader), visit, reason)
    typer.echo(f"{subject} by {reader}: open again: {', '.join(opened)}")


@trial_app.command(
    "end-follow-up",
    epilog="Example: napari-recist trial end-follow-up trial.db --subject NRC-001-0001 "
    "--reason 'progressive disease'",
)
def end_follow_up_command(url: TrialUrl, subject: Subject, reason: Reason) -> None:
    """Say that no further images of a patient will come: its reads can be compared."""
    from napari_recist.trial import end_follow_up, open_trial

    with open_trial(url) as trial:
        end_follow_up(trial, subject, reason)


@trial_app.command(epilog="Example: napari-recist trial status trial.db --json")
def status(
    url: TrialUrl,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a program.")] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only what is late by the charter's schedule.")
    ] = False,
) -> None:
    """Tell how far each patient is read by each of its readers, and where it stands."""
    from napari_recist.trial import open_trial
    from napari_recist.trial.reads.progress import case_states, reading_progress

    if overdue:
        _overdue(url, as_json=as_json)
        return
    with open_trial(url) as trial:
        states = case_states(trial)
        rows = list(reading_progress(trial))
    if as_json:
        typer.echo(
            json.dumps([asdict(row) | {"case": states[row.subject]} for row in rows], indent=2)
        )
        return
    table = [
        (
            row.subject,
            row.reader,
            f"{row.signed} of {row.visits}",
            row.next_visit,
            states[row.subject],
        )
        for row in rows
    ]
    read = {row.subject for row in rows}
    table += [
        (subject, "", "", "", state) for subject, state in states.items() if subject not in read
    ]
    for line in aligned([("subject", "reader", "signed", "next", "case"), *table]):
        typer.echo(line)


def _overdue(url: str, *, as_json: bool) -> None:
    from napari_recist.trial import open_trial
    from napari_recist.trial.images.identity import shifts_of
    from napari_recist.trial.reads.progress import overdue_reads, overdue_scans

    today = dt.datetime.now(dt.UTC).date()
    with open_trial(url) as trial:
        late = (*overdue_scans(trial, today, shifts_of(trial)), *overdue_reads(trial, today))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in late], indent=2, default=str))
        return
    for one in late:
        typer.echo(f"{one.subject}  {one.visit}  {one.what}  {one.due}")
