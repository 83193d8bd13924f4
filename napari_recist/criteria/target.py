"""The response of the target lesions at one visit (RECIST.md section 4, R-21 to R-32).

Lengths are tenths of a millimetre; percentages are compared by cross-multiplication (N-3), both
limits inclusive (N-4).
"""

from dataclasses import dataclass

from napari_recist.criteria.assessment import Distance
from napari_recist.criteria.charter import Charter, CriteriaName
from napari_recist.criteria.explain import against_baseline, against_nadir, names
from napari_recist.criteria.responses import Response
from napari_recist.criteria.sums import TargetSum
from napari_recist.criteria.tenths import show


@dataclass(frozen=True, slots=True)
class Limits:
    """The charter's limits for a sum: PD floor and node size in tenths, R-22 allowed or not.

    ``step`` is the step of a reported value.
    """

    pd_floor: int = 50
    node_normal_below: int = 100
    provable_pd: bool = True
    step: int = 1

    def is_pr(self, total: int, baseline: int) -> bool:
        """R-25: at least 30 % under the baseline."""
        return 10 * total <= 7 * baseline

    def is_pd(self, total: int, nadir: int) -> bool:
        """R-24: at least 20 % and at least the floor over the nadir; N-7: never from no growth."""
        return total > nadir and 5 * total >= 6 * nadir and total - nadir >= self.pd_floor

    def pr_limit(self, baseline: int) -> int:
        """Largest sum that is PR."""
        return 7 * baseline // (10 * self.step) * self.step

    def pd_limit(self, nadir: int) -> int:
        """Smallest sum that is PD."""
        smallest = max(-(-6 * nadir // 5), nadir + self.pd_floor, nadir + 1)
        return -(-smallest // self.step) * self.step

    def comparisons(self, total: int, baseline: int, nadir: int) -> tuple[str, ...]:
        """Return what is compared for PR and PD in whole tenths of a millimetre, written out."""
        growth = total - nadir
        pr, pd = self.is_pr(total, baseline), self.is_pd(total, nadir)
        of_pr = (
            f"R-25: 10 x {total} = {10 * total}, 7 x {baseline} = {7 * baseline}; "
            f"PR asks for at most that: {'met' if pr else 'not met'}"
        )
        of_pd = (
            f"R-24: 5 x {total} = {5 * total}, 6 x {nadir} = {6 * nadir}; {total} - {nadir} = "
            f"{growth}; PD asks for at least that and {self.pd_floor}: "
            f"{'met' if pd else 'not met'}"
        )
        return of_pr, of_pd

    def distance(self, total: int, baseline: int, nadir: int) -> Distance:
        """Return how far a sum is from PR and PD."""
        return Distance(total - self.pr_limit(baseline), self.pd_limit(nadir) - total)


def limits_of(charter: Charter) -> Limits:
    """Return the limits of the charter's criteria for a sum."""
    criteria = charter.criteria
    floor = Limits().pd_floor
    if criteria.name is CriteriaName.MRECIST:
        floor = criteria.mrecist_pd_abs_min_tenths
    return Limits(
        floor,
        criteria.node_cr_below_tenths,
        criteria.provable_pd_with_missing,
        criteria.precision_tenths,
    )


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier visits leave behind for the judgement of a later one.

    ``overall_cr`` names the visit of an overall CR, ``target_cr`` of a target CR that was not an
    overall one, ``lasting_pr`` of the PR that persists by the charter (R-26); "" where there is
    none. ``gone`` are targets that had disappeared when last judged.
    """

    baseline: int | None
    nadir: int | None
    nadir_visit: str = ""
    overall_cr: str = ""
    target_cr: str = ""
    lasting_pr: str = ""
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TargetDecision:
    """The target response, the rule ids that decided, the reason in words, settings that mattered.

    ``reappeared`` names targets back after an overall CR (R-31).
    """

    response: Response
    rules: tuple[str, ...]
    why: str
    settings: tuple[str, ...] = ()
    reappeared: tuple[str, ...] = ()


def target_response(targets: TargetSum, past: Past, limits: Limits) -> TargetDecision:
    """Judge the targets of one visit in the order of RECIST.md: R-21, R-31, R-22, R-23 to R-27."""
    if not targets.values:
        return TargetDecision(Response.NA, ("R-21",), "")
    back = _back(targets, limits)
    if past.overall_cr and back:
        why = f"{names(back)} back after the complete response at {past.overall_cr}"
        return TargetDecision(Response.PD, ("R-31",), why, reappeared=back)
    if targets.total is None or past.baseline is None or past.nadir is None:
        return _incomplete(targets, past, limits, back)
    if not back:
        return TargetDecision(Response.CR, ("R-23",), _complete(targets, past.baseline))
    return _with_returns(_by_sum(targets.total, past, limits), past, back)


def _back(targets: TargetSum, limits: Limits) -> tuple[str, ...]:
    return tuple(
        value.lesion.identifier
        for value in targets.values
        if value.tenths is not None and not value.gone(limits.node_normal_below)
    )


def _incomplete(
    targets: TargetSum, past: Past, limits: Limits, back: tuple[str, ...]
) -> TargetDecision:
    missing, at_least = targets.missing, targets.measured
    if missing:
        lack = f"{names(missing)} without a usable value"
        reasons = "; ".join(
            f"{value.lesion.identifier}: {value.reason}" for value in targets.values if value.reason
        )
        lack = f"{lack} ({reasons})" if reasons else lack
    else:
        lack = "the baseline sum is incomplete"
    # Without a lesion that is certainly there, the missing ones may be gone and all be CR.
    if not back or past.nadir is None or not limits.is_pd(at_least, past.nadir):
        return TargetDecision(Response.NE, ("R-22",), lack)
    growth = against_nadir(at_least, past.nadir, past.nadir_visit)
    if missing and not limits.provable_pd:
        setting = "criteria.provable_pd_with_missing = false: NE instead of PD"
        return TargetDecision(Response.NE, ("R-22",), f"{lack}, though {growth}", (setting,))
    if not missing:
        return TargetDecision(Response.PD, ("R-22", "R-24"), f"{growth}, and {lack}")
    why = f"already without {names(missing)}, {growth}"
    setting = "criteria.provable_pd_with_missing = true: PD instead of NE"
    return TargetDecision(Response.PD, ("R-22", "R-24"), why, (setting,))


def _complete(targets: TargetSum, baseline: int) -> str:
    total = targets.measured
    if total == 0:
        return f"all targets have disappeared (baseline {show(baseline)} mm)"
    return f"all targets have disappeared or are nodes of normal size (sum {show(total)} mm)"


def _by_sum(total: int, past: Past, limits: Limits) -> TargetDecision:
    baseline, nadir = past.baseline or 0, past.nadir or 0
    zero = () if nadir else ("N-7",)
    if limits.is_pd(total, nadir):
        why = against_nadir(total, nadir, past.nadir_visit)
        return TargetDecision(Response.PD, ("R-24", *zero), why)
    shrunk = against_baseline(total, baseline)
    if limits.is_pr(total, baseline):
        return TargetDecision(Response.PR, ("R-25", *zero), shrunk)
    if past.lasting_pr:
        why = f"{shrunk}, and the partial response of {past.lasting_pr} lasts until progression"
        setting = "criteria.pr_persistence: PR instead of SD"
        return TargetDecision(Response.PR, ("R-26", *zero), why, (setting,))
    pr_at, pd_at = show(limits.pr_limit(baseline)), show(limits.pd_limit(nadir))
    grown = against_nadir(total, nadir, past.nadir_visit)
    why = f"{shrunk} (PR from {pr_at} mm) and {grown.partition(' mm ')[2]} (PD from {pd_at} mm)"
    return TargetDecision(Response.SD, ("R-27", *zero), why)


def _with_returns(decision: TargetDecision, past: Past, back: tuple[str, ...]) -> TargetDecision:
    """Add what a returned target means where no overall CR preceded: the sum decides."""
    returned = tuple(name for name in back if name in past.gone)
    if not returned:
        return decision
    rule = "R-32" if past.target_cr else "R-30"
    why = f"{decision.why}; {names(returned)} back, which counts by the sum only"
    return TargetDecision(decision.response, (*decision.rules, rule), why, decision.settings)
