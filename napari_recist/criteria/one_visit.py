"""One visit's assessment put together: overall response, rules, dates, sentence and findings."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from napari_recist.criteria.assessment import Distance, Finding, VisitAssessment
from napari_recist.criteria.explain import names, percent
from napari_recist.criteria.facts import TargetResponseArgued
from napari_recist.criteria.new_lesions import Onset
from napari_recist.criteria.nontarget import NonTargetDecision
from napari_recist.criteria.read import Read, Visit
from napari_recist.criteria.responses import Response
from napari_recist.criteria.sums import TargetSum
from napari_recist.criteria.target import Limits, Past, TargetDecision
from napari_recist.criteria.tenths import show


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was decided of one visit; ``place`` counts the visits from 0."""

    visit: Visit
    place: int
    sums: TargetSum
    past: Past
    target: TargetDecision
    nontarget: NonTargetDecision
    news: Sequence[Onset]
    overall: Response
    argued: TargetResponseArgued | None = None


def baseline_assessment(visit: Visit, sums: TargetSum) -> VisitAssessment:
    """Return the baseline visit: a sum to compare with, and no response."""
    missing = sums.missing
    if missing:
        sentence = f"Baseline, incomplete: {names(missing)} without a usable value."
    elif sums.total is None:
        sentence = "Baseline without target lesions."
    else:
        sentence = f"Baseline: the sum is {show(sums.total)} mm."
    return VisitAssessment(
        visit=visit.identifier,
        date=visit.date,
        response_date=visit.date,
        sum=sums.total,
        missing=missing,
        baseline_sum=sums.total,
        nadir_sum=None,
        nadir_visit="",
        change_from_baseline_pct="",
        change_from_nadir_pct="",
        change_from_nadir=None,
        target=None,
        nontarget=None,
        new_lesion=False,
        overall=None,
        rules=sums.rules,
        explanation=sentence,
        distance=Distance(),
        findings=tuple(_not_evaluated(visit, sums)),
    )


def visit_assessment(read: Read, seen: Seen, limits: Limits) -> VisitAssessment:
    """Return the assessment of a visit after baseline."""
    total, baseline, nadir = seen.sums.total, seen.past.baseline, seen.past.nadir
    from_baseline = from_nadir = ""
    change: int | None = None
    distance = Distance()
    if total is not None and nadir is not None:
        change, from_nadir = total - nadir, percent(total - nadir, nadir)
    if total is not None and baseline is not None:
        from_baseline = percent(total - baseline, baseline)
    if total is not None and baseline is not None and nadir is not None:
        distance = limits.distance(total, baseline, nadir)
    return VisitAssessment(
        visit=seen.visit.identifier,
        date=seen.visit.date,
        response_date=_response_date(seen),
        sum=total,
        missing=seen.sums.missing,
        baseline_sum=baseline,
        nadir_sum=nadir,
        nadir_visit=seen.past.nadir_visit,
        change_from_baseline_pct=from_baseline,
        change_from_nadir_pct=from_nadir,
        change_from_nadir=change,
        target=seen.target.response,
        nontarget=seen.nontarget.response,
        new_lesion=bool(seen.news),
        overall=seen.overall,
        rules=(rules := _rules(seen)),
        explanation=_explanation(read, seen, rules),
        distance=distance,
        settings=seen.target.settings,
        findings=tuple(_findings(seen)),
    )


def _response_date(seen: Seen) -> dt.date:
    """Return the date that counts: of PD the earliest scan that shows it, else the visit's (V-2).

    A sum shows it only with the last scan that is part of the sum.
    """
    if seen.overall is not Response.PD:
        return seen.visit.date
    dates = []
    of_targets = {value.lesion.identifier: value.date for value in seen.sums.values}
    if seen.target.reappeared:
        dates.append(min(of_targets[name] or seen.visit.date for name in seen.target.reappeared))
    elif seen.target.response is Response.PD:
        dates.append(max(date or seen.visit.date for date in of_targets.values()))
    if seen.nontarget.pd_date is not None:
        dates.append(seen.nontarget.pd_date)
    dates.extend(onset.date for onset in seen.news if onset.first_seen == seen.place)
    return min(dates, default=seen.visit.date)


def _rules(seen: Seen) -> tuple[str, ...]:
    ids = [*seen.target.rules, *seen.nontarget.rules]
    for onset in seen.news:
        ids.append("W-1" if onset.first_seen == seen.place else "W-6")
        if onset.redated and seen.place < onset.called:
            ids.append("W-2")
    if seen.overall is Response.NED:
        ids.append("V-1")
    return tuple(dict.fromkeys((*ids, *seen.sums.rules)))


def _explanation(read: Read, seen: Seen, rules: Sequence[str]) -> str:
    return f"{seen.overall}: {'; '.join(_reasons(read, seen))}; {', '.join(rules)}"


def _reasons(read: Read, seen: Seen) -> Iterator[str]:
    """Yield why the overall response is what it is, the deciding reasons first."""
    target, nontarget = seen.target, seen.nontarget
    news = [_news(read, seen, onset) for onset in seen.news]
    if seen.overall is Response.PD:
        if target.response is Response.PD:
            yield target.why
        if nontarget.response is Response.PD:
            yield nontarget.why
        yield from news
        if target.response not in (Response.PD, Response.NA):
            yield f"targets alone {target.response} ({target.why})"
        return
    if target.response is not Response.NA:
        yield target.why
    elif seen.overall is Response.NED:
        yield "no disease at baseline and none new"
    if nontarget.why:
        yield nontarget.why


def _news(read: Read, seen: Seen, onset: Onset) -> str:
    first, called = read.visits[onset.first_seen], read.visits[onset.called]
    if onset.redated and seen.place < onset.called:
        return (
            f"new lesion {onset.lesion}, equivocal here, was called unequivocal at "
            f"{called.identifier}: progression counts from {first.identifier}, where first seen"
        )
    if onset.first_seen == seen.place:
        return f"unequivocal new lesion {onset.lesion}"
    return f"new lesion {onset.lesion} since {first.identifier}"


def _findings(seen: Seen) -> Iterator[Finding]:
    visit = seen.visit.identifier
    yield from _not_evaluated(seen.visit, seen.sums)
    for name in seen.nontarget.unsaid:
        message = f"{name} at {visit} counts as not evaluable: nothing was said of it"
        yield Finding("T-6", message, name, visit)
    for name in (*seen.target.reappeared, *seen.nontarget.reappeared):
        message = (
            f"{name} is back at {visit} after the complete response at {seen.past.overall_cr}: "
            "image again or adjudicate a lone node or a faint lesion; if that response was "
            "mistaken, correct it there"
        )
        yield Finding("R-31", message, name, visit)
    if seen.argued is not None and seen.argued.response is not seen.target.response:
        message = (
            f"{seen.argued.response} argued at {visit} does not count: "
            f"the measurements decide {seen.target.response}"
        )
        yield Finding("R-22", message, "", visit)
    for setting in seen.target.settings:
        yield Finding(seen.target.rules[0], f"{visit}: the charter decided: {setting}", "", visit)


def _not_evaluated(visit: Visit, sums: TargetSum) -> Iterator[Finding]:
    for value in sums.values:
        if value.missing:
            name = value.lesion.identifier
            message = f"{name} at {visit.identifier} counts as not evaluable: {value.reason}"
            yield Finding(value.rule, message.removesuffix(": "), name, visit.identifier)
