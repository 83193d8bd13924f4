"""Quality of reading: how readers of a trial agree with each other, the adjudicator, themselves.

Everything here follows from finished reads and what became of them; nothing is stored.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from napari_recist.criteria import Assessment, Charter, Read, discordances
from napari_recist.reading.read_agreement import ReadAgreement, read_agreement
from napari_recist.statistics.control_charts import Batch, PChart, p_chart
from napari_recist.statistics.disagreement import (
    DisagreementLimits,
    DoubleRead,
    ReaderDisagreement,
    disagreement_by_pair,
    disagreement_by_reader,
    disagreement_limits,
)


@dataclass(frozen=True, slots=True)
class FinishedRead:
    """One reader's finished read of one patient, its assessment, and the day it was finished."""

    read: Read
    assessment: Assessment
    finished: dt.date

    @property
    def subject(self) -> str:
        """Return the patient code."""
        return self.read.subject

    @property
    def reader(self) -> str:
        """Return whose read it is."""
        return self.read.reader


@dataclass(frozen=True, slots=True)
class PairQuality:
    """Two readers who read the same patients; they stand in the order of their names."""

    readers: tuple[str, str]
    agreement: ReadAgreement


@dataclass(frozen=True, slots=True)
class ReaderQuality:
    """One reader: disagreement with the adjudicator, acceptance over time, agreement with oneself.

    ``acceptance`` charts, month by month, the share of adjudicated cases in which the adjudicator
    sided with the reader (Cohen et al. 2015); ``re_reads`` compares first reads with blinded
    re-reads and is ``None`` where there is none.
    """

    reader: str
    disagreement: ReaderDisagreement
    acceptance: PChart | None
    re_reads: ReadAgreement | None


@dataclass(frozen=True, slots=True)
class TrialQuality:
    """The quality of reading of a trial.

    ``adjudication`` charts the share of cases that called for adjudication, month by month;
    ``limits`` is what the readers' disagreement index is held against.
    """

    cases: tuple[DoubleRead, ...]
    readers: tuple[ReaderQuality, ...]
    pairs: tuple[PairQuality, ...]
    by_pair: tuple[ReaderDisagreement, ...]
    limits: DisagreementLimits | None
    adjudication: PChart | None


def trial_quality(
    reads: Sequence[FinishedRead],
    sided_with: Mapping[str, frozenset[str]],
    charter: Charter,
    *,
    planned_reads: int,
    re_reads: Sequence[FinishedRead] = (),
) -> TrialQuality:
    """Return the quality of reading.

    Parameters
    ----------
    reads : sequence of FinishedRead
        Primary reads; a patient with fewer than two of them does not count yet.
    sided_with : mapping
        Of each adjudicated patient the readers with whom the adjudicator agreed: none where the
        adjudicator gave a read of their own.
    charter : Charter
        Says what calls for adjudication.
    planned_reads : int
        Primary reads the trial will have in all: limits hold from a tenth of them on.
    re_reads : sequence of FinishedRead
        Blinded re-reads, under the patient's own code.
    """
    both = _double_reads(reads)
    cases = tuple(_case(pair, sided_with, charter) for pair in both)
    by_reader = disagreement_by_reader(cases)
    return TrialQuality(
        cases=cases,
        readers=tuple(
            ReaderQuality(
                one.reader,
                one,
                _acceptance(one.reader, cases, both),
                _with_oneself(one.reader, reads, re_reads, charter),
            )
            for one in by_reader
        ),
        pairs=_pairs(both, charter),
        by_pair=disagreement_by_pair(cases),
        limits=disagreement_limits(by_reader, planned_reads),
        adjudication=_chart(
            cases, both, counts=lambda _: True, happened=lambda case: case.discordant
        ),
    )


_Both = tuple[FinishedRead, FinishedRead]


def _double_reads(reads: Iterable[FinishedRead]) -> list[_Both]:
    """Return the two reads of each patient that has two, readers by name, patients by code."""
    of_subject: dict[str, list[FinishedRead]] = {}
    for one in reads:
        of_subject.setdefault(one.subject, []).append(one)
    found = []
    for _, of_one in sorted(of_subject.items()):
        first, *others = of_one
        if others:
            one, other = sorted((first, others[0]), key=lambda read: read.reader)
            found.append((one, other))
    return found


def _case(both: _Both, sided_with: Mapping[str, frozenset[str]], charter: Charter) -> DoubleRead:
    first, second = both
    discordant = bool(discordances(first.assessment, second.assessment, charter))
    settled = sided_with.get(first.subject) if discordant else None
    return DoubleRead(first.subject, (first.reader, second.reader), discordant, settled)


def _pairs(both: Sequence[_Both], charter: Charter) -> tuple[PairQuality, ...]:
    of_pair: dict[tuple[str, str], list[tuple[Read, Read]]] = {}
    for first, second in both:
        of_pair.setdefault((first.reader, second.reader), []).append((first.read, second.read))
    return tuple(
        PairQuality(readers, read_agreement(reads, charter))
        for readers, reads in sorted(of_pair.items())
    )


def _with_oneself(
    reader: str, reads: Iterable[FinishedRead], again: Iterable[FinishedRead], charter: Charter
) -> ReadAgreement | None:
    first = {one.subject: one.read for one in reads if one.reader == reader}
    pairs = [
        (first[one.subject], one.read)
        for one in sorted(again, key=lambda each: each.subject)
        if one.reader == reader and one.subject in first
    ]
    return read_agreement(pairs, charter) if pairs else None


def _acceptance(reader: str, cases: Sequence[DoubleRead], both: Sequence[_Both]) -> PChart | None:
    return _chart(
        cases,
        both,
        counts=lambda case: reader in case.readers and case.sided_with is not None,
        happened=lambda case: reader in (case.sided_with or ()),
    )


def _chart(
    cases: Sequence[DoubleRead],
    both: Sequence[_Both],
    *,
    counts: Callable[[DoubleRead], bool],
    happened: Callable[[DoubleRead], bool],
) -> PChart | None:
    """Return the p-chart over the calendar months in which the later read was finished."""
    dated = [
        (max(first.finished, second.finished), case)
        for case, (first, second) in zip(cases, both, strict=True)
        if counts(case)
    ]
    batches = []
    for month in _months([day for day, _ in dated]):
        of_month = [case for day, case in dated if (day.year, day.month) == month]
        label = f"{month[0]}-{month[1]:02}"
        batches.append(Batch(label, sum(map(happened, of_month)), len(of_month)))
    return p_chart(batches)


def _months(days: Sequence[dt.date]) -> list[tuple[int, int]]:
    """Return every month from the first day to the last, those without any included."""
    if not days:
        return []
    first, last = min(days), max(days)
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    return [
        (first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1)
        for step in range(count)
    ]
