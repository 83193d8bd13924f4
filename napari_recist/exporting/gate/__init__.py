"""The export gate: our own checks of the datasets of a transfer, before anything is written."""

from napari_recist.exporting.gate.checking import gate
from napari_recist.exporting.gate.finding import Finding, refuse_findings
from napari_recist.exporting.gate.reconciliation_table import (
    RECONCILIATION_COLUMNS,
    reconciliation_rows,
)
from napari_recist.exporting.gate.rules import RULES

__all__ = [
    "RECONCILIATION_COLUMNS",
    "RULES",
    "Finding",
    "gate",
    "reconciliation_rows",
    "refuse_findings",
]
