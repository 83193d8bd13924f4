"""Both reads in one table: a lesion a row, a visit two columns, and what follows from each read."""

from collections.abc import Iterator
from dataclasses import dataclass

from napari_recist.criteria import Lesion, Observation, Status, VisitAssessment, show
from napari_recist.criteria.why_differ import Weight
from napari_recist.reading.adjudication import AdjudicationSession, LesionOnTable, ReadOnTable
from napari_recist.translation import _
from napari_recist.ui.lesion_table import LISTED_MARK
from napari_recist.ui.lesion_words import cell_text, place_text, tooltip
from napari_recist.ui.response_panel import NOTHING

_MEASURED = frozenset({Status.MEASURED, Status.SPLIT})
SUMMARY = (
    _("Sum, mm"),
    _("From baseline, %"),
    _("From nadir, mm"),
    _("Target"),
    _("Non-target"),
    _("New lesion"),
    _("Overall"),
)
"""The rows below the lesions; what they hold is computed by the rules, never typed."""
LENGTHS = 3
"""So many of these rows are numbers, which always differ a little."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: what a read says, whether the other says something else, and the whole of it."""

    text: str = ""
    differs: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its title, the lesion it is about if it is about one, and two cells a visit."""

    title: str
    cells: tuple[TableCell, ...]
    lesion: LesionOnTable | None = None


def table_rows(session: AdjudicationSession) -> tuple[TableRow, ...]:
    """Return the table of a case: lesions first, then sums and responses."""
    telling = _telling(session)
    lesions = (_lesion_row(session, lesion, telling) for lesion in session.lesions)
    return (*lesions, *_summary_rows(session))


def _telling(session: AdjudicationSession) -> frozenset[tuple[str, str]]:
    """Return the measurements, (visit, lesion of the first read), that change an answer."""
    return frozenset(
        (reason.difference.visit, lesion)
        for reason in session.reasons
        if reason.weight is not Weight.NOTHING
        for lesion in reason.difference.first_lesions
    )


def _lesion_row(
    session: AdjudicationSession, lesion: LesionOnTable, telling: frozenset[tuple[str, str]]
) -> TableRow:
    cells: list[TableCell] = []
    for visit in session.visits:
        said = tuple(
            read.read.observation(visit, name) if name else None
            for read, name in zip(session.reads, lesion.names, strict=True)
        )
        differs = _said_otherwise(lesion, *said) or (visit, lesion.names[0]) in telling
        listed = (lesion.first, lesion.second)
        for read, one, observed in zip(session.reads, listed, said, strict=True):
            cells.append(_cell(read, visit, one, observed, differs=differs))
    return TableRow(_title(lesion), tuple(cells), lesion)


def _cell(
    read: ReadOnTable, visit: str, lesion: Lesion | None, said: Observation | None, *, differs: bool
) -> TableCell:
    if lesion is None:
        return TableCell(NOTHING, differs, _("not on the list of {read}", read=read.reader))
    # A lesion that is not measured is said to be there by being listed.
    listed_here = read.read.added_at.get(lesion.identifier) == visit
    text = cell_text(lesion, said) or (LISTED_MARK if listed_here else "")
    return TableCell(text, differs, f"{read.reader}, {visit}\n{tooltip(lesion, said)}")


def _said_otherwise(
    lesion: LesionOnTable, first: Observation | None, second: Observation | None
) -> bool:
    """Tell whether two words differ; two lengths do where that changes an answer."""
    if lesion.first is None or lesion.second is None:
        return (first or second) is not None
    if lesion.first.role is not lesion.second.role:
        return True
    if first is None or second is None:
        return first is not second
    return first.status is not second.status


def _title(lesion: LesionOnTable) -> str:
    first, second = lesion.names
    name = first or second
    if first and second and first != second:
        name = f"{first} = {second}"
    if not (first and second):
        name = _("{lesion} ({read} only)", lesion=name, read="A" if first else "B")
    return f"{name}  {place_text(lesion.listed).replace('segment ', 'S')}"


def _summary_rows(session: AdjudicationSession) -> Iterator[TableRow]:
    assessed = [
        {one.visit: _summary(one) for one in read.assessment.visits} for read in session.reads
    ]
    nothing = ("",) * len(SUMMARY)
    for place, title in enumerate(SUMMARY):
        cells: list[TableCell] = []
        for visit in session.visits:
            first, second = (each.get(visit, nothing)[place] for each in assessed)
            differs = place >= LENGTHS and first != second
            cells += [TableCell(first, differs), TableCell(second, differs)]
        yield TableRow(title, tuple(cells))


def _summary(assessed: VisitAssessment) -> tuple[str, ...]:
    """Return what follows at a visit in the order of ``SUMMARY``."""
    from_nadir = assessed.change_from_nadir
    at_baseline = assessed.overall is None
    return (
        NOTHING if assessed.sum is None else show(assessed.sum),
        assessed.change_from_baseline_pct or "",
        "" if from_nadir is None else show(from_nadir),
        "" if at_baseline else str(assessed.target or NOTHING),
        "" if at_baseline else str(assessed.nontarget or NOTHING),
        "" if at_baseline else _("yes") if assessed.new_lesion else _("no"),
        "" if assessed.overall is None else assessed.overall.value,
    )
