"""How well the trial is read: disagreement of each reader, agreement of pairs, and figures."""

from typing import Any

from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from qtpy.QtWidgets import QTabWidget

from napari_recist.exporting.quality_figures import (
    bland_altman_figure,
    disagreement_figure,
    p_chart_figure,
)
from napari_recist.reading.quality_of_trial import quality_of
from napari_recist.reading.read_agreement import ReadAgreement
from napari_recist.reading.reader_quality import TrialQuality
from napari_recist.statistics.proportions import Proportion
from napari_recist.translation import _
from napari_recist.trial import Action, Trial
from napari_recist.ui.trial_desk.tab import DeskTab
from napari_recist.ui.trial_desk.table import Table

NOTHING = "―"
NOT_YET = _("Nothing can be told yet: no patient has two finished reads.")


class QualityTab(DeskTab):
    """Readers and pairs as tables, the figures beside each other in tabs; counted when asked for.

    Counting takes long in a large trial, so it is done by the button and not with each refresh.
    """

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self.readers = Table(
            (_("Reader"), _("Adjudicated"), _("Agreed with"), _("Disagreement index"), _("Waiting"))
        )
        self.pairs = Table(
            (
                _("Readers"),
                _("Patients"),
                _("Kappa, best response"),
                _("Kappa, visits"),
                _("Bias"),
                _("95 % limits of agreement"),
            )
        )
        self.figures = QTabWidget()
        self.body.addWidget(self.readers, 1)
        self.body.addWidget(self.pairs, 1)
        self.body.addWidget(self.figures, 3)
        self.add_button(_("Count"), Action.SEE_READS, self._count)

    def _count(self) -> None:
        quality = quality_of(self.trial)
        self.says.setText("" if quality.cases else NOT_YET)
        outliers = quality.limits.outliers if quality.limits else ()
        self.readers.fill(
            (
                (
                    one.reader,
                    (
                        one.reader,
                        _share(one.disagreement.adjudicated),
                        _share(one.disagreement.agreed),
                        _share(one.disagreement.disagreed),
                        one.disagreement.pending,
                    ),
                )
                for one in quality.readers
            ),
            outliers,
        )
        pairs = {" / ".join(pair.readers): pair.agreement for pair in quality.pairs}
        for one in quality.readers:
            if one.re_reads is not None:
                pairs[_("{reader}, read again", reader=one.reader)] = one.re_reads
        self.pairs.fill((name, (name, *_agreement(found))) for name, found in pairs.items())
        self._draw(quality, pairs)

    def _draw(self, quality: TrialQuality, pairs: dict[str, ReadAgreement]) -> None:
        while self.figures.count():
            shown = self.figures.widget(0)
            self.figures.removeTab(0)
            shown.deleteLater()
        if quality.cases:
            readers = [one.disagreement for one in quality.readers]
            self._add(_("Disagreement"), disagreement_figure(readers, quality.limits))
        if quality.adjudication is not None:
            chart = p_chart_figure(quality.adjudication, share_of=_("called for adjudication"))
            self._add(_("Adjudication"), chart)
        for name, found in pairs.items():
            if found.diameters is not None:
                self._add(name, bland_altman_figure(found.sizes, found.diameters, name))

    def _add(self, title: str, figure: Figure) -> None:
        canvas: Any = FigureCanvasQTAgg
        self.figures.addTab(canvas(figure), title)


def _share(found: Proportion) -> str:
    share = NOTHING if found.share is None else f"{100 * found.share:.1f} %"
    return _("{events} of {total} ({share})", events=found.events, total=found.total, share=share)


def _agreement(found: ReadAgreement) -> tuple[str | int, ...]:
    limits = found.diameters
    return (
        found.cases,
        _kappa(found.best_response.kappa.value),
        _kappa(found.visit_responses.kappa.value),
        NOTHING if limits is None else f"{limits.bias:+.1f} mm",
        NOTHING if limits is None else f"{limits.lower:+.1f} … {limits.upper:+.1f} mm",
    )


def _kappa(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"
