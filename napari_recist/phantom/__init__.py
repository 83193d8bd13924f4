"""Synthetic patients with known truth, for the demo, tests and benchmarks."""

from napari_recist.phantom.sample import (
    sample_charter,
    sample_trial,
    sample_trial_folder,
    write_sample_trial,
)
from napari_recist.phantom.truth import (
    Expected,
    LesionTruth,
    ReadingTruth,
    Statement,
    SubjectTruth,
    TrialTruth,
    VisitReading,
    VisitTruth,
)

__all__ = [
    "Expected",
    "LesionTruth",
    "ReadingTruth",
    "Statement",
    "SubjectTruth",
    "TrialTruth",
    "VisitReading",
    "VisitTruth",
    "sample_charter",
    "sample_trial",
    "sample_trial_folder",
    "write_sample_trial",
]
