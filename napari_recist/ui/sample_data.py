"""The synthetic trial's first patient for napari's "Open Sample" menu."""

from napari.utils import progress

from napari_recist.phantom import sample_trial, sample_trial_folder
from napari_recist.translation import _
from napari_recist.ui.reader import LayerData, read_layers

BASELINE, WEEK_8 = 0, 1


def sample_baseline() -> list[LayerData]:
    """Return the baseline scan of a patient whose liver lesions shrink."""
    return _scan(BASELINE)


def sample_week_8() -> list[LayerData]:
    """Return the scan eight weeks later."""
    return _scan(WEEK_8)


def _scan(visit: int) -> list[LayerData]:
    patient = sample_trial().subjects[0]
    with progress(desc=_("Making the synthetic trial, once")) as bar:

        def tell(done: int, total: int, _line: str) -> None:
            bar.total = total
            bar.update(done - bar.n)

        folder = sample_trial_folder(tell)
    return read_layers(str(folder / patient.code / patient.visits[visit].label))
