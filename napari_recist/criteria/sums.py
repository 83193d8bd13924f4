"""The sum of target diameters of one visit: what each target counts as, and what is missing.

Lengths are tenths of a millimetre. A sum is complete or it is ``None`` (N-9, R-12, R-22).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from napari_recist.criteria.charter import CriteriaSettings
from napari_recist.criteria.lesions import Lesion, Status
from napari_recist.criteria.read import Observation, Read, Visit


@dataclass(frozen=True, slots=True)
class TargetValue:
    """What one target counts as at one visit.

    ``tenths`` is ``None`` when the lesion has no usable value: ``reason`` says why. A target
    merged into another counts for nothing and is not missing (R-16): ``merged_into`` is set.
    """

    lesion: Lesion
    tenths: int | None
    rule: str = ""
    reason: str = ""
    merged_into: str = ""
    date: dt.date | None = None

    @property
    def missing(self) -> bool:
        """Whether the lesion ought to have a value and has none (R-17)."""
        return self.tenths is None and not self.merged_into

    def gone(self, node_normal_below: int) -> bool:
        """Return whether the lesion is 0 mm or, as a node, of normal size (R-23)."""
        if self.tenths is None:
            return False
        return self.tenths < node_normal_below if self.lesion.node else self.tenths == 0


@dataclass(frozen=True, slots=True)
class TargetSum:
    """The targets of one visit and their sum.

    ``measured`` sums what has a value though others be missing: only ever a lower bound.
    ``missing`` names targets without a usable value. ``total`` is the complete sum, ``None`` when
    any target is missing or there is none.
    """

    values: tuple[TargetValue, ...]
    measured: int
    missing: tuple[str, ...]
    total: int | None

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that gave single values."""
        return tuple(dict.fromkeys(value.rule for value in self.values if value.rule))


def target_sum(
    read: Read, visit: Visit, targets: Sequence[Lesion], settings: CriteriaSettings
) -> TargetSum:
    """Return what the targets count as at a visit."""
    said = read.observations
    values = tuple(
        target_value(lesion, said.get((visit.identifier, lesion.identifier)), settings)
        for lesion in targets
    )
    if any(value.merged_into for value in values):
        by_name = {value.lesion.identifier: value for value in values}
        values = tuple(_carried(value, by_name) for value in values)
    measured = sum(value.tenths for value in values if value.tenths is not None)
    missing = tuple(value.lesion.identifier for value in values if value.missing)
    return TargetSum(values, measured, missing, measured if values and not missing else None)


def _carried(value: TargetValue, values: Mapping[str, TargetValue]) -> TargetValue:
    """Return the value, as missing when it merged into a lesion that carries no mass (R-16)."""
    if not value.merged_into:
        return value
    carrier: TargetValue | None = value
    for _ in values:
        if carrier is not None and carrier.merged_into:
            carrier = values.get(carrier.merged_into)
    if carrier is None or carrier.merged_into:
        reason = f"merged into {value.merged_into}, which carries no value"
        return replace(value, merged_into="", reason=reason)
    return value


def target_value(
    lesion: Lesion, said: Observation | None, settings: CriteriaSettings
) -> TargetValue:
    """Return what one target counts as, given what was said of it (R-11 to R-17).

    Measured, or split, without a diameter is no value, never 0 (N-9).
    """
    if said is None:
        return TargetValue(lesion, None, "R-17", "nothing was said of it")
    if said.status is Status.MEASURED and said.diameters:
        return TargetValue(lesion, said.diameters[0], date=said.date)
    value: int | None
    match said.status:
        case Status.SPLIT if said.diameters:
            value, rule = sum(said.diameters), "R-15"
        case Status.ABSENT:
            value, rule = 0, "R-13"
        case Status.TOO_SMALL:
            value, rule = settings.too_small_tenths, "R-14"
        case Status.MERGED:
            return TargetValue(lesion, None, "R-16", merged_into=said.into, date=said.date)
        case _:
            value, rule = None, "R-17"
    reason = said.reason if value is None else ""
    return TargetValue(lesion, value, rule, reason, date=said.date)
