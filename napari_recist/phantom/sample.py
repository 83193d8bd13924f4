"""The sample trial as a whole: its truth, its files, and the copy kept on this computer."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import platformdirs

from napari_recist.phantom.dicom_writer import Header, write_scan
from napari_recist.phantom.patients import EXAMPLE, SAMPLE_TRIAL
from napari_recist.phantom.phases import Phase
from napari_recist.phantom.render import render
from napari_recist.phantom.script import PatientScript, solids, truth_of
from napari_recist.phantom.trial_charter import SAMPLE_CHARTER
from napari_recist.phantom.truth import TrialTruth
from napari_recist.phantom.truth_tables import write_truth_tables

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called with what is done, what there is in all, and a line for a person to read."""

CACHE_VARIABLE = "NAPARI_RECIST_CACHE"
WORKERS = 2


def sample_charter() -> str:
    """Return the sample trial's charter as TOML text."""
    return SAMPLE_CHARTER


def sample_trial() -> TrialTruth:
    """Return what is true of the sample trial; nothing is rendered."""
    return TrialTruth(tuple(truth_of(script) for script in SAMPLE_TRIAL))


def write_sample_trial(folder: Path, progress: Progress | None = None) -> TrialTruth:
    """Write the whole sample trial: ``SUBJECT/VISIT/IM0001.dcm``, ``charter.toml``, ``truth/``.

    A phase other than the one read lies in a folder of its name in the visit's.

    Parameters
    ----------
    folder : where to write; made when missing
    progress : told after each scan

    Returns
    -------
    TrialTruth
        What is true of the files written.
    """
    _write_scans(Path(folder), SAMPLE_TRIAL, progress)
    return _write_papers(Path(folder))


def write_example(folder: Path) -> TrialTruth:
    """Write what the project keeps as ``sample_data/``: the papers and one small patient.

    The patient's files are the same as in the whole trial.
    """
    _write_scans(Path(folder), [EXAMPLE])
    return _write_papers(Path(folder))


def _write_papers(folder: Path) -> TrialTruth:
    """Write the charter and the truth tables of the trial beside its images."""
    truth = sample_trial()
    tables = folder / "truth"
    tables.mkdir(parents=True, exist_ok=True)
    (folder / "charter.toml").write_text(SAMPLE_CHARTER, encoding="utf-8", newline="\n")
    write_truth_tables(tables, truth)
    return truth


def _write_scans(
    folder: Path, scripts: Iterable[PatientScript], progress: Progress | None = None
) -> None:
    """Write the scans of some patients, two at a time; the files do not depend on the order."""
    jobs = [
        (script, number, phase)
        for script in scripts
        for number in range(len(script.visits))
        for phase in script.phases
    ]
    with ThreadPoolExecutor(WORKERS) as workers:
        running = [workers.submit(_write_visit, folder, *job) for job in jobs]
        try:
            for done, future in enumerate(running, 1):
                text = future.result()
                if progress:
                    progress(done, len(jobs), text)
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise


def _write_visit(folder: Path, script: PatientScript, number: int, phase: Phase) -> str:
    visit = script.visits[number]
    scan = replace(visit.scan, phase=phase)
    place = folder.joinpath(script.code, visit.label, *phase.of_its_own)
    place.mkdir(parents=True, exist_ok=True)
    hu = render(script.patient, scan, solids(script, number), visit.fluid_mm)
    header = Header(script.code, script.sex, script.age, visit.label, visit.week, visit.date, scan)
    write_scan(place, header, hu)
    words = " ".join((script.code, visit.label, *phase.of_its_own))
    return f"{words}: {scan.slices} slices"


def sample_trial_folder(progress: Progress | None = None) -> Path:
    """Return the folder of the sample trial on this computer, written on first use.

    It lies in the user's cache folder, or where ``NAPARI_RECIST_CACHE`` says, under a name that
    changes with its content. An interrupted writing leaves no folder of that name.
    """
    cache = Path(
        os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_path("napari-recist")
    ).expanduser()
    folder = cache / f"sample-trial-{_content_version()}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=cache))
    try:
        write_sample_trial(unfinished, progress)
        _settle(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _settle(unfinished: Path, folder: Path) -> None:
    """Give the finished folder its name; another process may have been quicker."""
    try:
        unfinished.rename(folder)
    except OSError:  # a folder of that name exists by now, and holds the same
        if not folder.is_dir():
            raise


def _content_version() -> str:
    """Return a short hash of the code that decides what the files hold."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
