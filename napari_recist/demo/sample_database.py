"""The sample trial as a trial database: images registered, its readers with a known password."""

from collections.abc import Callable
from pathlib import Path

from napari_recist.phantom import TrialTruth, sample_trial_folder
from napari_recist.reading import import_images
from napari_recist.trial import Trial, create_trial, open_trial

PASSWORD = "demonstration"  # noqa: S105 - the sample trial is invented, its password is in the README
Progress = Callable[[int, int, str], None]


def sample_database(place: Path, truth: TrialTruth, progress: Progress | None = None) -> Trial:
    """Open the sample trial's database at a place, making it on first use.

    The scans are generated on first use and kept in the user's cache.
    """
    if place.is_file():
        return open_trial(str(place))
    folder = sample_trial_folder(progress)
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with create_trial(str(unfinished), folder / "charter.toml") as trial:
        import_images(trial, folder)
        for reader in sorted({read.reader for one in truth.subjects for read in one.readings}):
            trial.add_reader(reader, PASSWORD)
    unfinished.rename(place)
    return open_trial(str(place))
