"""A read as it was signed before its global review, beside what stands now."""

from html import escape

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QDialog, QLabel, QScrollArea, QVBoxLayout, QWidget

from napari_recist.criteria import Read, assess_read, show
from napari_recist.reading import ReadingSession
from napari_recist.reading.signatures_shown import signature_of
from napari_recist.translation import _
from napari_recist.trial.reads.global_review import before_review, originals
from napari_recist.ui.response_panel import signature_html

NOTHING = "―"
CHANGED = "#e69f00"


class OriginalsDialog(QDialog):
    """Shows a table of values, and the signatures; nothing can be changed in it.

    Parameters
    ----------
    parent : QWidget
        The window it belongs to.
    session : ReadingSession
        The read under review, or reviewed.
    """

    def __init__(self, parent: QWidget, session: ReadingSession) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("As signed before the review"))
        self.label = QLabel(originals_html(session))
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidget(self.label)
        area.setWidgetResizable(True)
        QVBoxLayout(self).addWidget(area)
        self.resize(760, 520)


def originals_html(session: ReadingSession) -> str:
    """Return what was signed, changes in bold: "30.0 → 28.0", and each visit's first signature."""
    before, now = originals(session.events), session.read
    labels = [visit.identifier for visit in now.visits]
    head = "".join(f"<th align='left'>{escape(session.week_label(one))}</th>" for one in labels)
    rows = [
        _row(
            lesion.identifier,
            [
                (_said(before, v, lesion.identifier), _said(now, v, lesion.identifier))
                for v in labels
            ],
        )
        for lesion in now.lesions
    ]
    was, is_ = assess_read(before, session.charter), session.assessment
    responses = [
        (_response(was.visit(label).overall), _response(is_.visit(label).overall))
        for label in labels
    ]
    rows.append(_row(_("Overall"), responses))
    kept = before_review(session.events)
    signed = [signature_of(kept, label) for label in labels]
    signatures = "".join(
        f"<p>{escape(session.week_label(label))}: {signature_html(one.fact, one.when)}</p>"
        for label, one in zip(labels, signed, strict=True)
        if one is not None
    )
    table = f"<table cellpadding='6'><tr><th></th>{head}</tr>{''.join(rows)}</table>"
    return table + signatures


def _row(name: str, pairs: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<td>{escape(was)}</td>"
        if was == now
        else f"<td style='color: {CHANGED}'><b>{escape(was)} → {escape(now)}</b></td>"
        for was, now in pairs
    )
    return f"<tr><td><b>{escape(name)}</b></td>{cells}</tr>"


def _said(read: Read, visit: str, lesion: str) -> str:
    said = read.observation(visit, lesion)
    if said is None:
        return NOTHING
    sizes = [show(size) for size in said.diameters]
    return " + ".join(sizes) + (" mm" if sizes else str(said.status))


def _response(overall: object) -> str:
    return str(overall) if overall is not None else NOTHING
