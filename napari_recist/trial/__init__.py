"""The trial's charter and its append-only, signed record."""

from napari_recist.trial.images.catalogue import ScheduledVisit, SeriesEntry, SeriesProfile
from napari_recist.trial.opening import create_trial, open_trial
from napari_recist.trial.record.chain import VerifiedChain
from napari_recist.trial.trial import Trial

__all__ = [
    "ScheduledVisit",
    "SeriesEntry",
    "SeriesProfile",
    "Trial",
    "VerifiedChain",
    "create_trial",
    "open_trial",
]
