"""The commands ``pacs query``, ``pacs fetch`` and ``pacs send``: images from and to an archive."""

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from napari_recist.cli import app
from napari_recist.cli.passwords import asked
from napari_recist.errors import TransferError

if TYPE_CHECKING:
    from napari_recist.imaging.pacs import Archive, ArchivedSeries, ArchivedStudy

pacs_app = typer.Typer(
    help="Images from and to a PACS. Login: NAPARI_RECIST_PACS_USER and _PASSWORD, or _TOKEN; "
    "trusted authority: _CA; own certificate: _CERTIFICATE and _KEY."
)
app.add_typer(pacs_app, name="pacs")

_ADDRESS = "https://HOST/dicom-web, dicom://CALLED_AE@HOST:PORT or dicoms:// for TLS."
Address = Annotated[
    str, typer.Argument(metavar="ADDRESS", envvar="NAPARI_RECIST_PACS", help=_ADDRESS)
]
Fallback = Annotated[
    str,
    typer.Option(
        envvar="NAPARI_RECIST_PACS_FALLBACK",
        help="Asked where ADDRESS cannot be reached; usually the archive's DIMSE address.",
    ),
]
Title = Annotated[str, typer.Option("--aet", help="Our AE title; NAPARI_RECIST_PACS_AET.")]
Insecure = Annotated[
    bool, typer.Option("--insecure", help="Without TLS over a network that is protected itself.")
]
PatientId = Annotated[str, typer.Option(help="PatientID; * and ? stand for any text.")]
Accession = Annotated[str, typer.Option(help="Accession number.")]
FirstDay = Annotated[
    dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First study date.")
]
LastDay = Annotated[
    dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last study date.")
]
Modality = Annotated[str, typer.Option(help="A modality, such as CT.")]


@pacs_app.command(
    epilog="Example: napari-recist pacs query https://pacs.example/dicom-web "
    "--patient-id NRC-001-0001 --modality CT"
)
def query(  # noqa: PLR0913, PLR0917 - one option for each thing to search by
    address: Address,
    fallback: Fallback = "",
    patient_id: PatientId = "",
    name: Annotated[str, typer.Option(help="Patient's name, such as DOE*.")] = "",
    accession: Accession = "",
    first: FirstDay = None,
    last: LastDay = None,
    modality: Modality = "",
    study: Annotated[str, typer.Option(help="Study Instance UID.")] = "",
    series: Annotated[bool, typer.Option("--series", help="List the series too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a program.")] = False,
    aet: Title = "",
    insecure: Insecure = False,
) -> None:
    """List studies, and with --series their series. Names are shown on a terminal only."""
    from napari_recist.cli.archive_listing import study_json, study_lines
    from napari_recist.cli.archive_session import archive_session, in_order
    from napari_recist.imaging.pacs import Search

    search = Search(patient_id, name, accession, _day(first), _day(last), modality, study)
    with archive_session(address, fallback, aet, insecure=insecure) as archive:
        studies = sorted(archive.studies(search), key=in_order)
        listed = {one.study_uid: archive.series(one.study_uid) for one in studies if series}
    if as_json:
        typer.echo(json.dumps([study_json(one, listed) for one in studies], indent=2))
        return
    for line in study_lines(studies, listed, names=sys.stdout.isatty()):
        typer.echo(line)


@pacs_app.command(
    "fetch",
    epilog="Example: napari-recist pacs fetch https://pacs.example/dicom-web "
    "--patient-id NRC-001-0001 --trial trial.db",
)
def fetch_command(  # noqa: PLR0913, PLR0917 - one option for each thing to choose by
    address: Address,
    fallback: Fallback = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files as the archive has them.")
    ] = None,
    trial: Annotated[
        str, typer.Option(help="Trial to import into, de-identified.", callback=asked)
    ] = "",
    study: Annotated[list[str] | None, typer.Option(help="Study Instance UID.")] = None,
    series: Annotated[
        list[str] | None, typer.Option(help="Only these of the studies: Series Instance UID.")
    ] = None,
    patient_id: PatientId = "",
    accession: Accession = "",
    first: FirstDay = None,
    last: LastDay = None,
    modality: Modality = "",
    images: Annotated[
        Path | None, typer.Option(help="The trial's image folder, as in trial import.")
    ] = None,
    key_file: Annotated[Path | None, typer.Option(help="The trial's key, as in trial import.")] = (
        None
    ),
    subjects: Annotated[
        Path | None, typer.Option(help="CSV patient_id,subject,site, as in trial import.")
    ] = None,
    aet: Title = "",
    insecure: Insecure = False,
) -> None:
    """Fetch studies into a folder or a trial. Stopped or broken off, run it again: it goes on."""
    from napari_recist.cli.archive_session import archive_session, chosen_series, stoppable
    from napari_recist.imaging.pacs import Search

    if (out is None) == (not trial):
        raise typer.BadParameter("give either --out or --trial")
    searches = [
        Search(patient_id, "", accession, _day(first), _day(last), modality, uid)
        for uid in study or [""]
    ]
    if searches == [Search()]:
        raise typer.BadParameter("say what to fetch: the whole archive is never meant")
    with archive_session(address, fallback, aet, insecure=insecure) as archive, stoppable():
        chosen = chosen_series(archive, searches, frozenset(series or ()), modality)
        if out is not None:
            _to_folder(archive, [one for _, members in chosen for one in members], out)
        else:
            _to_trial(archive, chosen, trial, (images, key_file, subjects))


@pacs_app.command(
    "send",
    epilog="Example: napari-recist pacs send https://pacs.example/dicom-web export_sr/ "
    "--trial trial.db",
)
def send_command(  # noqa: PLR0913, PLR0917 - a command has as many options as it has
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help=_ADDRESS)],
    files: Annotated[list[Path], typer.Argument(help="DICOM files, or folders with some.")],
    fallback: Fallback = "",
    trial: Annotated[
        str,
        typer.Option(
            help="Only what is of this trial's coded images, and reports of them.", callback=asked
        ),
    ] = "",
    aet: Title = "",
    insecure: Insecure = False,
) -> None:
    """Send DICOM files as they are; what the archive has already is not sent again."""
    from napari_recist.cli.archive_session import archive_session, stoppable
    from napari_recist.cli.progress import transfer_bar
    from napari_recist.imaging.pacs import Sent, send, to_send

    place = to_send(files)
    found, refused = place.files, place.refused
    if trial:
        from napari_recist.reading.leaving_trial import of_trial
        from napari_recist.trial import open_trial

        with open_trial(trial) as opened:
            found, foreign = of_trial(opened, found)
        refused = (*refused, *foreign)
    sent = Sent((), 0, ())
    if found:
        with (
            archive_session(address, fallback, aet, insecure=insecure) as archive,
            stoppable(),
            transfer_bar("Sending") as watch,
        ):
            sent = send(archive, found, watch)
    for one in (*refused, *sent.refused):
        typer.echo(f"not sent: {one.file}: {one.reason}", err=True)
    typer.echo(
        f"{len(sent.accepted)} files sent and accepted ({_size(sent.size)}), "
        f"{sent.there} were there already, {place.others} files are no DICOM."
    )
    left = len(refused) + len(sent.refused)
    if left:
        raise TransferError(f"{left} files are not in the archive.", "The lines above say why.")


def _to_folder(archive: "Archive", series: "Sequence[ArchivedSeries]", out: Path) -> None:
    from napari_recist.cli.progress import transfer_bar
    from napari_recist.imaging.pacs import fetch

    with transfer_bar("Fetching") as watch:
        done = fetch(archive, series, out, watch)
    typer.echo(
        f"{len(done.arrived)} instances fetched ({_size(done.size)}), "
        f"{done.there} were there already."
    )


def _to_trial(
    archive: "Archive",
    chosen: "Sequence[tuple[ArchivedStudy, tuple[ArchivedSeries, ...]]]",
    url: str,
    places: tuple[Path | None, Path | None, Path | None],
) -> None:
    from napari_recist.cli.progress import transfer_bar
    from napari_recist.imaging.deidentify import load_subjects
    from napari_recist.reading import Storage
    from napari_recist.reading.archive_intake import Wanted, fetch_into_trial
    from napari_recist.trial import open_trial

    images, key_file, subjects = places
    with open_trial(url) as trial, transfer_bar("Fetching") as watch:
        listed = load_subjects(subjects, trial.charter.deidentification.subject_code)
        wanted = [Wanted(study, members) for study, members in chosen]
        storage = Storage(images, key_file, listed)
        done = fetch_into_trial(trial, archive, wanted, storage, watch)
    for left_out in done.intake.left_out:
        typer.echo(f"left out: {left_out.reason}", err=True)
    for visit in done.intake.visits:
        typer.echo(f"{visit.subject} {visit.visit} {visit.date}: {visit.series[0].description}")
    typer.echo(
        f"{done.instances} instances fetched ({_size(done.size)}), "
        f"{done.series_there} series were there already."
    )


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
