"""The commands ``pacs query``, ``pacs fetch`` and ``pacs send``: images from and to an archive."""

import datetime as dt
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from napari_recist.cli import app
from napari_recist.cli.columns import aligned
from napari_recist.cli.passwords import asked
from napari_recist.errors import ArchiveError, TransferError
from napari_recist.imaging.pacs import (
    Archive,
    ArchivedSeries,
    ArchivedStudy,
    Search,
    Sent,
    access_of,
    address_of,
    archive_at,
    fetch,
    first_reachable,
    send,
    to_send,
)

pacs_app = typer.Typer(
    help="Images from and to a PACS. Login: NAPARI_RECIST_PACS_USER and _PASSWORD, or _TOKEN; "
    "trusted authority: _CA; own certificate: _CERTIFICATE and _KEY."
)
app.add_typer(pacs_app, name="pacs")

Address = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS",
        envvar="NAPARI_RECIST_PACS",
        help="https://HOST/dicom-web, dicom://CALLED_AE@HOST:PORT or dicoms:// for TLS.",
    ),
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
    search = Search(patient_id, name, accession, _day(first), _day(last), modality, study)
    with _archive(address, fallback, aet, insecure=insecure) as archive:
        studies = sorted(archive.studies(search), key=_in_order)
        listed = {one.study_uid: archive.series(one.study_uid) for one in studies if series}
    if as_json:
        typer.echo(json.dumps([_as_json(one, listed) for one in studies], indent=2))
        return
    for line in _lines(studies, listed, names=sys.stdout.isatty()):
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
    if (out is None) == (not trial):
        raise typer.BadParameter("give either --out or --trial")
    searches = [
        Search(patient_id, "", accession, _day(first), _day(last), modality, uid)
        for uid in study or [""]
    ]
    if searches == [Search()]:
        raise typer.BadParameter("say what to fetch: the whole archive is never meant")
    with _archive(address, fallback, aet, insecure=insecure) as archive, _stoppable():
        chosen = _chosen(archive, searches, frozenset(series or ()), modality)
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
    address: Address,
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
    from napari_recist.cli.progress import transfer_bar

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
            _archive(address, fallback, aet, insecure=insecure) as archive,
            _stoppable(),
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


def _to_folder(archive: Archive, series: Sequence[ArchivedSeries], out: Path) -> None:
    from napari_recist.cli.progress import transfer_bar

    with transfer_bar("Fetching") as watch:
        done = fetch(archive, series, out, watch)
    typer.echo(
        f"{len(done.arrived)} instances fetched ({_size(done.size)}), "
        f"{done.there} were there already."
    )


def _to_trial(
    archive: Archive,
    chosen: Sequence[tuple[ArchivedStudy, tuple[ArchivedSeries, ...]]],
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


def _chosen(
    archive: Archive, searches: Sequence[Search], series: frozenset[str], modality: str
) -> list[tuple[ArchivedStudy, tuple[ArchivedSeries, ...]]]:
    """Return the studies found, each with those of its series that are wanted."""
    studies = {one.study_uid: one for search in searches for one in archive.studies(search)}
    chosen = []
    for study in sorted(studies.values(), key=_in_order):
        members = tuple(
            one
            for one in archive.series(study.study_uid)
            if (not series or one.series_uid in series)
            and (not modality or one.modality == modality)
        )
        if members:
            chosen.append((study, members))
    if not chosen:
        raise ArchiveError(
            f"{archive} has nothing that matches.",
            "pacs query shows what it has; widen the search.",
        )
    return chosen


@contextmanager
def _archive(address: str, fallback: str, title: str, *, insecure: bool) -> Iterator[Archive]:
    """Give the archive, or its fallback where it cannot be reached; say when TLS is missing."""
    access = access_of(os.environ, title)
    addresses = [address_of(text) for text in (address, fallback) if text]
    archives = [archive_at(one, access, insecure=insecure) for one in addresses]
    try:
        archive = first_reachable(archives, _tell)
        for one, opened in zip(addresses, archives, strict=True):
            if opened is archive and not (one.encrypted or one.loopback):
                _tell(f"{archive} is not encrypted (--insecure).")
        yield archive
    finally:
        for opened in archives:
            opened.close()


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let Ctrl-C and a request to end stop a transfer in order; what was done is kept."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt as error:
        raise TransferError("Stopped.", "Run it again: only the rest is transferred.") from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _lines(
    studies: Sequence[ArchivedStudy],
    listed: dict[str, tuple[ArchivedSeries, ...]],
    *,
    names: bool,
) -> Iterator[str]:
    head = ("date", "patient", "accession", "modality", "series", "images", "study", "description")
    rows = [(*head, "name") if names else head]
    for one in studies:
        row = (
            *(str(one.date or ""), one.patient_id, one.accession, ",".join(one.modalities)),
            *(_number(one.series), _number(one.instances), one.study_uid, one.description),
        )
        rows.append((*row, one.name) if names else row)
    lines = aligned(rows)
    yield next(lines)
    for one, line in zip(studies, lines, strict=True):
        yield line
        members = [
            (f"    {s.number}", s.modality, _number(s.instances), s.series_uid, s.description)
            for s in listed.get(one.study_uid, ())
        ]
        yield from aligned(members) if members else ()


def _as_json(
    study: ArchivedStudy, listed: dict[str, tuple[ArchivedSeries, ...]]
) -> dict[str, object]:
    """Return a study for a program; the patient's name is for eyes on a terminal only."""
    told: dict[str, object] = {
        "study_uid": study.study_uid,
        "patient_id": study.patient_id,
        "accession": study.accession,
        "date": study.date.isoformat() if study.date else None,
        "modalities": list(study.modalities),
        "description": study.description,
        "series_count": study.series,
        "instances": study.instances,
    }
    if study.study_uid in listed:
        told["series"] = [
            {
                "series_uid": one.series_uid,
                "number": one.number,
                "modality": one.modality,
                "description": one.description,
                "instances": one.instances,
            }
            for one in listed[study.study_uid]
        ]
    return told


def _in_order(study: ArchivedStudy) -> tuple[str, dt.date, str]:
    return study.patient_id, study.date or dt.date.min, study.study_uid


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
