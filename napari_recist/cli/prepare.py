"""``napari-recist prepare``: a trial's images made ready, so that reading never waits for them."""

import json
import sys
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from napari_recist.cli import app
from napari_recist.cli.passwords import asked
from napari_recist.errors import PreparationError

if TYPE_CHECKING:
    from napari_recist.imaging import VolumeCache
    from napari_recist.reading.preparing import Crew, Outcome

_EXAMPLE = """
Examples:

    napari-recist prepare --trial trial.sqlite

    napari-recist prepare --trial trial.sqlite --cluster tcp://scheduler:8786 --json
"""

GIGABYTE = 1e9
RUN_AGAIN = "Run it again: what is ready stays ready, and it goes on from there."


@app.command(epilog=_EXAMPLE)
def prepare(
    trial: Annotated[
        str, typer.Option(help="The trial's database.", metavar="URL", callback=asked)
    ],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; else one for two cores and 2 GiB.")
    ] = None,
    cluster: Annotated[
        str, typer.Option(help="A dask.distributed scheduler.", metavar="ADDRESS")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find, prove and cache every registered series of a trial ahead of reading.

    May be stopped and run again at any moment. A series that cannot be prepared is named with its
    reason and never stops the others; then the exit code is 1.
    """
    from napari_recist.imaging import default_cache

    if cluster and workers:
        message = "a cluster has its own workers; give either --workers or --cluster"
        raise typer.BadParameter(message)
    cache = default_cache()
    outcomes = _prepared(trial, _crew(workers, cluster), cache)
    _report(trial, outcomes, cache, as_json=as_json)
    _refuse_unless_ready(outcomes, cache)


def _crew(workers: int | None, cluster: str) -> "Crew":
    from napari_recist.reading.preparing import Cluster, WorkerProcesses

    return Cluster(cluster) if cluster else WorkerProcesses(workers)


def _prepared(url: str, crew: "Crew", cache: "VolumeCache") -> "list[Outcome]":
    """Return what came of every series, in the order of the trial; Ctrl-C stops in words."""
    from napari_recist.cli.progress import progress_bar
    from napari_recist.reading.preparing import Means, prepare_trial
    from napari_recist.trial import open_trial

    means = Means(cache.folder, cache.limit_bytes)
    outcomes: list[Outcome] = []
    try:
        with (
            open_trial(url) as trial,
            progress_bar("Preparing series") as advance,
            closing(prepare_trial(trial, crew, means, advance)) as coming,
        ):
            outcomes.extend(coming)
    except KeyboardInterrupt as stopped:
        raise PreparationError(f"Stopped after {len(outcomes)} series.", RUN_AGAIN) from stopped
    return sorted(outcomes, key=_place)


def _refuse_unless_ready(outcomes: "list[Outcome]", cache: "VolumeCache") -> None:
    from napari_recist.imaging.cache import LIMIT_VARIABLE

    failed = [outcome for outcome in outcomes if outcome.reason]
    if failed:
        lines = "".join(f"\n  {_named(outcome)}: {outcome.reason}" for outcome in failed)
        raise PreparationError(
            f"{len(failed)} of {len(outcomes)} series could not be prepared.{lines}",
            "\nMend what is named, or import it again, and run prepare once more.",
        )
    needed = sum(outcome.least_bytes for outcome in outcomes)
    if needed > cache.limit_bytes:
        raise PreparationError(
            f"The trial's volumes take {needed / GIGABYTE:.1f} GB or more, the cache may take"
            f" {cache.limit_bytes / GIGABYTE:.1f} GB: the first ones made way for the last.",
            f"Set {LIMIT_VARIABLE} to a larger number of gigabytes and run prepare once more.",
        )


def _place(outcome: "Outcome") -> tuple[str, Any, str, str]:
    visit, entry = outcome.job.visit, outcome.job.entry
    return visit.subject, visit.date, entry.series_uid, entry.part


def _named(outcome: "Outcome") -> str:
    """Return patient code, visit and series in words that find it."""
    visit, entry = outcome.job.visit, outcome.job.entry
    described = " ".join(filter(None, (entry.modality, entry.description, entry.part)))
    return f"{visit.subject} {visit.visit}, {described} ({entry.series_uid})"


def _report(url: str, outcomes: "list[Outcome]", cache: "VolumeCache", *, as_json: bool) -> None:
    counts = Counter(str(outcome.state) for outcome in outcomes)
    if as_json:
        answer = {
            "trial": url,
            "cache": str(cache.folder),
            **{state: counts[state] for state in ("prepared", "already", "failed")},
            "series": [_row(outcome) for outcome in outcomes],
        }
        sys.stdout.write(json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
        return
    verdicts = Counter(outcome.verdict for outcome in outcomes if outcome.verdict)
    told = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in _VERDICTS if verdicts[verdict])
    typer.echo(
        f"{len(outcomes)} series: {counts['prepared']} prepared, {counts['already']} ready before,"
        f" {counts['failed']} failed. Passports: {told or 'none'}."
    )


_VERDICTS = ("green", "amber", "blocked")


def _row(outcome: "Outcome") -> dict[str, Any]:
    visit, entry = outcome.job.visit, outcome.job.entry
    return {
        "subject": visit.subject,
        "visit": visit.visit,
        "series_uid": entry.series_uid,
        "part": entry.part,
        "description": entry.description,
        "outcome": str(outcome.state),
        "reason": outcome.reason,
        "status": outcome.verdict or None,
        "findings": [
            {"code": finding.code, "message": finding.message, "where": finding.where}
            for finding in outcome.findings
        ],
    }
