"""A reading session: commands in, signals out. No Qt, no napari."""

from napari_recist.reading.caliper_facts import Index, IndexAxis
from napari_recist.reading.coded_images import Storage
from napari_recist.reading.intake import Intake, LeftOut, import_images
from napari_recist.reading.sequence import PriorChoice
from napari_recist.reading.session import ReadingSession
from napari_recist.reading.worklist import Task

__all__ = [
    "Index",
    "IndexAxis",
    "Intake",
    "LeftOut",
    "PriorChoice",
    "ReadingSession",
    "Storage",
    "Task",
    "import_images",
]
