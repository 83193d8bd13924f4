"""Exports the end points of a frozen transfer."""

from collections.abc import Mapping
from pathlib import Path

from napari_recist.exporting.endpoints.analysis import Analysis
from napari_recist.exporting.endpoints.calls import call_tables
from napari_recist.exporting.endpoints.figures import (
    figure_files,
    kaplan_meier_figure,
    spider_figure,
    swimmer_figure,
    waterfall_figure,
)
from napari_recist.exporting.endpoints.growth_tables import growth_tables
from napari_recist.exporting.endpoints.of_transfer import analyses_of_transfer
from napari_recist.exporting.endpoints.tables import endpoint_tables
from napari_recist.exporting.transfer.frozen import Transfer
from napari_recist.exporting.transfer.writing import export_transfer
from napari_recist.statistics.survival import survival_curve
from napari_recist.statistics.time_to_event import CensoringRule
from napari_recist.trial import Trial


def export_endpoints(trial: Trial, out: Path, number: int | None = None) -> tuple[Path, ...]:
    """Write tables and figures of the end points; else as :func:`export_transfer`."""
    return export_transfer(trial, "endpoints", endpoint_files, out, number)


def endpoint_files(transfer: Transfer) -> Mapping[str, bytes]:
    """Return tables and figures of a transfer by file name; figures are of the accepted reads."""
    accepted, *others = analyses_of_transfer(transfer)
    tables = endpoint_tables((accepted, *others))
    tables |= call_tables(transfer, accepted) | growth_tables(transfer)
    return {name: text.encode() for name, text in tables.items()} | endpoint_figures(accepted)


def endpoint_figures(analysis: Analysis) -> dict[str, bytes]:
    """Return the figures of one analysis in each format, in ``figures/``; none of no patients."""
    if not analysis.courses:
        return {}
    best = [one.best for one in analysis.trajectories]
    figures = {
        "waterfall": waterfall_figure(analysis.trajectories),
        "spider": spider_figure(analysis.trajectories),
        "swimmer": swimmer_figure(analysis.courses, best),
    }
    for times in analysis.times():
        if times.outcomes and times.rule is CensoringRule.CHARTER:
            curve = survival_curve([outcome.time for outcome in times.outcomes])
            figures[times.endpoint.name.lower()] = kaplan_meier_figure(curve, times.endpoint.value)
    files = (figure_files(f"figures/{name}", figure) for name, figure in figures.items())
    return {name: content for of_figure in files for name, content in of_figure.items()}
