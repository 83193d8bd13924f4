"""The sample trial as a trial database: images registered, its readers with a known password."""

from collections.abc import Callable
from pathlib import Path

from napari_recist.phantom import sample_trial_folder
from napari_recist.reading import import_images
from napari_recist.trial import Trial, TrialRole, assign_waiting, create_trial, open_trial

READERS = ("R1", "R2")
PEOPLE = (
    *((reader, TrialRole.READER) for reader in READERS),
    ("A1", TrialRole.ADJUDICATOR),
    ("O1", TrialRole.ONCOLOGIST),
    ("Image manager", TrialRole.IMAGE_MANAGER),
    ("Monitor", TrialRole.MONITOR),
)
"""Who works on the sample trial; they all have the same password."""
PASSWORD = "demonstration"  # noqa: S105 - the sample trial is invented, its password is in the README
Progress = Callable[[int, int, str], None]


def sample_database(data: Path, progress: Progress | None = None) -> Trial:
    """Open the sample trial's database in a folder, making it on first use.

    The scans are generated on first use and kept in the user's cache. The database is named after
    them, so that a later version's scans get a new one.
    """
    scans = sample_trial_folder(progress)
    place = data / f"{scans.name}.sqlite"
    if place.is_file():
        return open_trial(str(place))
    data.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with create_trial(str(unfinished), scans / "charter.toml") as trial:
        import_images(trial, scans)
        for name, role in PEOPLE:
            trial.admit(name, role, PASSWORD)
        assign_waiting(trial)
    unfinished.rename(place)
    return open_trial(str(place))
