"""How often the adjudicator disagreed with a reader: rates and the Reader Disagreement Index.

The index of a reader is the number of cases in which the adjudicator disagreed with the reader,
over all cases the reader read, x 100 (Sharma et al., J Clin Oncol 2019;37 suppl: e18082). Unlike
the rate of adjudication it tells the two readers of a pair apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from napari_recist.statistics.proportions import Proportion

LOOK_FROM = 0.10
"""The index is looked at from about a tenth of the planned reads on (Sharma et al. 2019)."""
_LEAST_FOR_SPREAD = 2


@dataclass(frozen=True, slots=True)
class DoubleRead:
    """One case read by two readers, and what became of it.

    ``discordant``: it called for adjudication. ``sided_with`` names the readers with whom the
    adjudicator agreed, none where a third read was given; it is ``None`` until a discordant case is
    adjudicated, and of a case that agrees.
    """

    subject: str
    readers: tuple[str, str]
    discordant: bool
    sided_with: frozenset[str] | None = None

    @property
    def pending(self) -> bool:
        """Return whether the case still waits for the adjudicator."""
        return self.discordant and self.sided_with is None


@dataclass(frozen=True, slots=True)
class ReaderDisagreement:
    """One reader's cases; ``pair`` is "" over all pairs, else the other reader of the pair.

    ``adjudicated`` counts discordant cases of all that were read, ``agreed`` the adjudicated ones
    in which the adjudicator sided with the reader, ``disagreed`` those in which not of all that
    were read; cases that wait for adjudication are in ``pending`` and in neither.
    """

    reader: str
    pair: str
    adjudicated: Proportion
    agreed: Proportion
    disagreed: Proportion
    pending: int

    @property
    def cases(self) -> int:
        """Return how many cases the reader read."""
        return self.disagreed.total

    @property
    def index(self) -> float | None:
        """Return the Reader Disagreement Index, ``None`` where nothing was read."""
        return None if self.disagreed.share is None else 100 * self.disagreed.share


@dataclass(frozen=True, slots=True)
class DisagreementLimits:
    """What an index is held against: mean and standard deviation over the readers of the trial.

    ``outliers`` names readers above ``upper`` = mean + SD; it is empty while ``early``: fewer than
    a tenth of the planned reads are done.
    """

    mean: float
    sd: float
    upper: float
    early: bool
    outliers: tuple[str, ...]


def disagreement_by_reader(cases: Sequence[DoubleRead]) -> tuple[ReaderDisagreement, ...]:
    """Return each reader's disagreement with the adjudicator over all cases, by name."""
    readers = sorted({reader for case in cases for reader in case.readers})
    return tuple(_of_reader(reader, "", cases) for reader in readers)


def disagreement_by_pair(cases: Sequence[DoubleRead]) -> tuple[ReaderDisagreement, ...]:
    """Return the same for each reader beside each other reader, by names."""
    ordered = sorted({(one, other) for case in cases for one, other in _both_ways(case)})
    return tuple(
        _of_reader(reader, other, [case for case in cases if other in case.readers])
        for reader, other in ordered
    )


def _both_ways(case: DoubleRead) -> tuple[tuple[str, str], tuple[str, str]]:
    first, second = case.readers
    return (first, second), (second, first)


def _of_reader(reader: str, pair: str, cases: Sequence[DoubleRead]) -> ReaderDisagreement:
    read = [case for case in cases if reader in case.readers]
    settled = [case for case in read if case.sided_with is not None]
    agreed = sum(reader in (case.sided_with or ()) for case in settled)
    return ReaderDisagreement(
        reader=reader,
        pair=pair,
        adjudicated=Proportion(sum(case.discordant for case in read), len(read)),
        agreed=Proportion(agreed, len(settled)),
        disagreed=Proportion(len(settled) - agreed, len(read)),
        pending=sum(case.pending for case in read),
    )


def disagreement_limits(
    readers: Sequence[ReaderDisagreement], planned_reads: int
) -> DisagreementLimits | None:
    """Return the limits of the index over the readers of a trial; ``None`` of fewer than two.

    Of two readers neither can lie above mean + SD; from three on one can.

    Parameters
    ----------
    readers : sequence of ReaderDisagreement
        Those over all pairs.
    planned_reads : int
        Reads the trial will have in all, each case counted for each of its readers.
    """
    indices = {one.reader: one.index for one in readers if one.index is not None}
    if len(indices) < _LEAST_FOR_SPREAD:
        return None
    values = [value for value in indices.values() if value is not None]
    mean, sd = fmean(values), stdev(values)
    early = sum(one.cases for one in readers) < LOOK_FROM * planned_reads
    outliers = tuple(
        name for name, value in indices.items() if value is not None and value > mean + sd
    )
    return DisagreementLimits(mean, sd, mean + sd, early, () if early else outliers)
