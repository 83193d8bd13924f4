"""A whole trial made ready ahead of reading, in worker processes or on a cluster."""

from napari_recist.reading.preparing.cluster import Cluster
from napari_recist.reading.preparing.jobs import Job, Means, Outcome, State
from napari_recist.reading.preparing.steps import STEPS, Crew, Step, prepare_trial
from napari_recist.reading.preparing.worker_processes import WorkerProcesses

__all__ = [
    "STEPS",
    "Cluster",
    "Crew",
    "Job",
    "Means",
    "Outcome",
    "State",
    "Step",
    "WorkerProcesses",
    "prepare_trial",
]
