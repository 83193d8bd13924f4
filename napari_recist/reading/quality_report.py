"""Writes the quality of reading of a trial: a table of readers, one of pairs, and the figures."""

from collections.abc import Callable, Iterator
from pathlib import Path

from matplotlib.figure import Figure

from napari_recist.exporting.quality_figures import (
    bland_altman_figure,
    disagreement_figure,
    p_chart_figure,
    write_figure,
)
from napari_recist.exporting.table_files import csv_text, write_texts
from napari_recist.reading.read_agreement import ReadAgreement
from napari_recist.reading.reader_quality import TrialQuality
from napari_recist.statistics.proportions import Proportion, exact_interval

READER_COLUMNS = (
    "reader",
    "pair",
    "cases",
    "adjudicated_pct",
    "adjudicator_agreed_pct",
    "disagreement_index",
    "disagreement_low",
    "disagreement_high",
    "pending",
    "above_limit",
)
PAIR_COLUMNS = (
    "first",
    "second",
    "cases",
    "kappa_best_response",
    "kappa_best_low",
    "kappa_best_high",
    "kappa_visit_response",
    "kappa_visit_low",
    "kappa_visit_high",
    "diameters",
    "bias_mm",
    "limit_low_mm",
    "limit_high_mm",
    "new_lesions_both",
    "new_lesions_first",
    "new_lesions_second",
)


def write_quality(quality: TrialQuality, out: Path) -> tuple[Path, ...]:
    """Write ``readers.csv``, ``agreement.csv`` and the figures into a folder.

    In ``agreement.csv`` a reader stands beside the other reader of a pair, or beside the same
    name where blinded re-reads are compared.

    Raises
    ------
    ExportError
        If the place cannot be written.
    """
    tables = {
        out / "readers.csv": csv_text(READER_COLUMNS, _reader_rows(quality)),
        out / "agreement.csv": csv_text(PAIR_COLUMNS, _agreement_rows(quality)),
    }
    written = list(write_texts(tables))
    for name, make in _figures(quality):
        place = out / f"{name}.svg"
        write_figure(make(), place)
        written.append(place)
    return tuple(written)


def _reader_rows(quality: TrialQuality) -> Iterator[dict[str, str]]:
    outliers = quality.limits.outliers if quality.limits else ()
    for one in (*(reader.disagreement for reader in quality.readers), *quality.by_pair):
        interval = exact_interval(one.disagreed.events, one.disagreed.total) if one.cases else None
        yield {
            "reader": one.reader,
            "pair": one.pair,
            "cases": str(one.cases),
            "adjudicated_pct": _share(one.adjudicated),
            "adjudicator_agreed_pct": _share(one.agreed),
            "disagreement_index": _number(one.index),
            "disagreement_low": _number(100 * interval.low if interval else None),
            "disagreement_high": _number(100 * interval.high if interval else None),
            "pending": str(one.pending),
            "above_limit": "yes" if one.reader in outliers and not one.pair else "no",
        }


def _agreements(quality: TrialQuality) -> Iterator[tuple[str, str, ReadAgreement]]:
    for pair in quality.pairs:
        yield (*pair.readers, pair.agreement)
    for reader in quality.readers:
        if reader.re_reads is not None:
            yield reader.reader, reader.reader, reader.re_reads


def _agreement_rows(quality: TrialQuality) -> Iterator[dict[str, str]]:
    for first, second, agreement in _agreements(quality):
        best, visits = agreement.best_response.kappa, agreement.visit_responses.kappa
        limits = agreement.diameters
        yield {
            "first": first,
            "second": second,
            "cases": str(agreement.cases),
            "kappa_best_response": _number(best.value, 3),
            "kappa_best_low": _number(best.interval.low if best.interval else None, 3),
            "kappa_best_high": _number(best.interval.high if best.interval else None, 3),
            "kappa_visit_response": _number(visits.value, 3),
            "kappa_visit_low": _number(visits.interval.low if visits.interval else None, 3),
            "kappa_visit_high": _number(visits.interval.high if visits.interval else None, 3),
            "diameters": str(len(agreement.sizes)),
            "bias_mm": _number(limits.bias if limits else None, 2),
            "limit_low_mm": _number(limits.lower if limits else None, 2),
            "limit_high_mm": _number(limits.upper if limits else None, 2),
            "new_lesions_both": str(agreement.new_lesions.both),
            "new_lesions_first": str(agreement.new_lesions.first_only),
            "new_lesions_second": str(agreement.new_lesions.second_only),
        }


def _figures(quality: TrialQuality) -> Iterator[tuple[str, Callable[[], Figure]]]:
    readers = [reader.disagreement for reader in quality.readers]
    if any(one.index is not None for one in readers):
        yield "disagreement", lambda: disagreement_figure(readers, quality.limits)
    if (adjudication := quality.adjudication) is not None:
        yield "adjudication", lambda: p_chart_figure(adjudication, share_of="cases adjudicated")
    for first, second, agreement in _agreements(quality):
        if (found := agreement.diameters) is not None:
            sizes, title = agreement.sizes, f"{first} and {second}"
            name = f"diameters-{first}-{second}".replace(" ", "_").replace("/", "_")
            yield (
                name,
                lambda sizes=sizes, found=found, title=title: bland_altman_figure(  # type: ignore[misc]
                    sizes, found, title
                ),
            )


def _share(proportion: Proportion) -> str:
    return _number(None if proportion.share is None else 100 * proportion.share)


def _number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:.{digits}f}"
