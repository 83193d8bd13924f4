"""What must hold for every read: properties over generated reads, and a second engine beside."""

import datetime as dt
import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from napari_recist.criteria import (
    Charter,
    CriteriaSettings,
    Event,
    Fact,
    LesionAdded,
    LesionMeasured,
    Observation,
    PrPersistence,
    Read,
    Response,
    Role,
    Status,
    StatusStated,
    VisitOpened,
    assess,
    assess_read,
    parse_lesions,
    show,
)
from napari_recist.criteria.new_lesions import onsets
from napari_recist.criteria.target import Limits
from tests.criteria.reads import Said, a_read

TENTHS = st.integers(0, 1200)
EXAMPLES = settings(max_examples=80, deadline=None)


def measured(tenths: int) -> Observation:
    """Return a measurement."""
    return Observation(Status.MEASURED, (tenths,))


SIZES = st.one_of(st.integers(0, 200), TENTHS).map(measured)
FOLLOW_UP = st.one_of(
    SIZES,
    SIZES,
    SIZES,
    st.sampled_from(["absent", "absent", "too_small", "not_evaluable", None]),
)
NONTARGET = st.sampled_from(["present", "absent", "absent", "progressed", "not_evaluable", None])
NEW = st.sampled_from([None, None, "equivocal", "unequivocal", "resolved"])


@st.composite
def reads(draw: st.DrawFn, *, equivocal: bool = True) -> Read:
    """Draw a read of up to five visits, five targets, two non-target and two new lesions."""
    visits = draw(st.integers(1, 5))

    def course(first: st.SearchStrategy[Said], later: st.SearchStrategy[Said]) -> list[Said]:
        return [draw(first), *(draw(later) for _ in range(visits))]

    baseline = st.integers(100, 1200).map(measured)
    targets = {f"T{at}": course(baseline, FOLLOW_UP) for at in range(draw(st.integers(0, 5)))}
    others = draw(st.integers(0, 2))
    nontargets = {f"NT{at}": course(st.just("present"), NONTARGET) for at in range(others)}
    called = NEW if equivocal else NEW.filter(lambda said: said != "equivocal")
    news = {f"N{at}": course(st.none(), called) for at in range(draw(st.integers(0, 2)))}
    if not (targets or nontargets or news):
        nontargets = {"NT0": course(st.just("present"), NONTARGET)}
    nodes = draw(st.sets(st.sampled_from(sorted(targets)))) if targets else set()
    return a_read(targets, nontargets, news, nodes=sorted(nodes))


def first_visits(read: Read, count: int) -> Read:
    """Return the read as it stood after its first visits."""
    kept = {visit.identifier for visit in read.visits[:count]}
    return replace(
        read,
        visits=read.visits[:count],
        observations={key: said for key, said in read.observations.items() if key[0] in kept},
    )


def second_opinion(read: Read) -> list[tuple[str, str, bool, str]]:
    """Judge a read by a plain engine on fractions, written apart from the one it checks.

    It knows no lasting PR; tests that use it switch that off.
    """
    baseline: Fraction | None = None
    lowest: Fraction | None = None
    had_overall_cr = False
    answers = []
    for place, visit in enumerate(read.visits):
        values: list[tuple[bool, Fraction | None]] = []
        states = []
        for lesion in read.lesions:
            said = read.observations.get((visit.identifier, lesion.identifier))
            if lesion.role is Role.TARGET:
                size: Fraction | None = None
                if said is not None and said.status == "measured":
                    size = Fraction(said.diameters[0], 10)
                elif said is not None and said.status in ("absent", "too_small"):
                    size = Fraction(0 if said.status == "absent" else 5)
                values.append((lesion.node, size))
            elif lesion.role is Role.NON_TARGET:
                states.append("not_evaluable" if said is None else str(said.status))
        sizes = [size for _, size in values if size is not None]
        whole = sum(sizes, Fraction(0)) if len(sizes) == len(values) and values else None
        if place == 0:
            baseline = lowest = whole
            continue
        there = [
            size for node, size in values if size is not None and (size >= 10 if node else size > 0)
        ]
        target = plain_target(values, there, baseline, lowest, had_overall_cr)
        nontarget = plain_nontarget(states, had_overall_cr)
        new = plain_new(read, place)
        overall = plain_overall(target, nontarget, new)
        had_overall_cr = had_overall_cr or overall == "CR"
        if whole is not None:
            lowest = whole if lowest is None else min(lowest, whole)
        answers.append((target, nontarget, new, overall))
    return answers


def plain_target(
    values: list[tuple[bool, Fraction | None]],
    there: list[Fraction],
    baseline: Fraction | None,
    lowest: Fraction | None,
    had_overall_cr: bool,
) -> str:
    """Return the target response in the order of the rules."""
    if not values:
        return "NA"
    if had_overall_cr and there:
        return "PD"
    sizes = [size for _, size in values if size is not None]
    now = sum(sizes, Fraction(0))
    assert lowest is not None
    assert baseline is not None
    progressed = now - lowest >= 5 and (lowest == 0 or now / lowest >= Fraction(6, 5))
    if len(sizes) < len(values):
        return "PD" if progressed and there else "NE"
    if not there:
        return "CR"
    if progressed:
        return "PD"
    return "PR" if now / baseline <= Fraction(7, 10) else "SD"


def plain_nontarget(states: list[str], had_overall_cr: bool) -> str:
    """Return the non-target response."""
    if not states:
        return "NA"
    if "progressed" in states or (had_overall_cr and "present" in states):
        return "PD"
    if "not_evaluable" in states:
        return "NE"
    return "CR" if set(states) == {"absent"} else "NON-CR/NON-PD"


def plain_new(read: Read, place: int) -> bool:
    """Return whether a new lesion counts at a visit, looking ahead to later calls."""
    for lesion in read.lesions:
        if lesion.role is not Role.NEW:
            continue
        said = [
            getattr(read.observations.get((visit.identifier, lesion.identifier)), "status", None)
            for visit in read.visits
        ]
        if "unequivocal" not in said:
            continue
        called = said.index(Status.UNEQUIVOCAL)
        begin = called
        for at in range(called - 1, 0, -1):
            if said[at] == "resolved":
                break
            if said[at] == "equivocal":
                begin = at
        if place >= begin:
            return True
    return False


def plain_overall(target: str, nontarget: str, new: bool) -> str:
    """Return the overall response from the published tables."""
    if new or "PD" in (target, nontarget):
        return "PD"
    table = {
        ("CR", "CR"): "CR",
        ("CR", "NA"): "CR",
        ("CR", "NON-CR/NON-PD"): "PR",
        ("CR", "NE"): "PR",
        ("NA", "CR"): "CR",
        ("NA", "NON-CR/NON-PD"): "NON-CR/NON-PD",
        ("NA", "NE"): "NE",
        ("NA", "NA"): "NED",
    }
    return table.get((target, nontarget), target)


@EXAMPLES
@given(reads())
def test_a_second_engine_agrees(read: Read) -> None:
    """A plain engine on fractions, written apart, comes to the same responses."""
    charter = Charter(criteria=CriteriaSettings(pr_persistence=PrPersistence.OFF))
    visits = assess_read(read, charter).visits[1:]
    found = [(one.target, one.nontarget, one.new_lesion, one.overall) for one in visits]

    assert found == second_opinion(read)


@EXAMPLES
@given(reads(equivocal=False), st.data())
def test_later_visits_change_nothing_earlier(read: Read, data: st.DataObject) -> None:
    """Without equivocal lesions, what is read later never changes an earlier answer."""
    count = data.draw(st.integers(1, len(read.visits)))

    before = assess_read(first_visits(read, count))

    assert assess_read(read).visits[:count] == before.visits


@EXAMPLES
@given(reads())
def test_only_a_redated_lesion_changes_earlier_answers(read: Read) -> None:
    """A visit's answer differs from that of its day only from where a lesion was re-dated (W-2)."""
    assessment = assess_read(read)
    redated = [one.first_seen for one in onsets(read, CriteriaSettings()) if one.redated]
    changed = {visit.visit for visit in assessment.superseded}
    for place, visit in enumerate(read.visits):
        of_its_day = assess_read(first_visits(read, place + 1)).visits[place]
        if assessment.visits[place].overall != of_its_day.overall:
            assert visit.identifier in changed
            assert min(redated) <= place


@EXAMPLES
@given(reads())
def test_missing_lesions_prove_nothing_good(read: Read) -> None:
    """With a target missing, the targets are NE or PD: never CR, PR or SD (R-22)."""
    for visit in assess_read(read).visits[1:]:
        if visit.missing:
            assert visit.target in (Response.NE, Response.PD)
            assert visit.sum is None


@EXAMPLES
@given(reads())
def test_nadir_never_rises(read: Read) -> None:
    """The nadir falls or stays from visit to visit, and is a sum that was seen before."""
    visits = assess_read(read).visits
    nadirs = [visit.nadir_sum for visit in visits if visit.nadir_sum is not None]

    assert nadirs == sorted(nadirs, reverse=True)
    for visit in visits:
        if visit.nadir_sum is not None:
            assert next(one.sum for one in visits if one.visit == visit.nadir_visit) == (
                visit.nadir_sum
            )


@EXAMPLES
@given(reads(), st.integers(1, 300))
def test_progression_is_monotone(read: Read, more: int) -> None:
    """A target of the last visit that is larger still never takes a progression back."""
    last = read.visits[-1].identifier
    for lesion in read.lesions:
        said = read.observations.get((last, lesion.identifier))
        if lesion.role is Role.TARGET and said is not None and said.status is Status.MEASURED:
            larger = measured(said.diameters[0] + more)
            grown = {**read.observations, (last, lesion.identifier): larger}
            if assess_read(read).visits[-1].target is Response.PD:
                after = assess_read(replace(read, observations=grown)).visits[-1]
                assert after.target is Response.PD


@EXAMPLES
@given(
    st.lists(st.tuples(st.integers(100, 900), st.integers(0, 900)), min_size=1, max_size=5),
    st.integers(1, 9),
)
def test_scaling_leaves_pr_unchanged(sizes: list[tuple[int, int]], factor: int) -> None:
    """A PR is a PR on any scale: all diameters times a whole number change nothing."""

    def answer(scale: int) -> bool:
        lesions = {
            f"T{at}": [measured(base * scale), measured(now * scale)]
            for at, (base, now) in enumerate(sizes)
        }
        return assess_read(a_read(lesions)).visits[1].target is Response.PR

    assert answer(factor) == answer(1)


@EXAMPLES
@given(TENTHS, TENTHS, st.integers(1, 400))
def test_limits_agree_with_exact_fractions(total: int, reference: int, more: int) -> None:
    """Comparisons by whole numbers are those of exact fractions, and PD is monotone."""
    limits = Limits()
    change = Fraction(total - reference, 10)

    assert limits.is_pr(total, reference) == (Fraction(total) <= Fraction(7, 10) * reference)
    assert limits.is_pd(total, reference) == (
        change >= 5 and Fraction(total) >= Fraction(6, 5) * reference
    )
    assert limits.is_pd(total + more, reference) >= limits.is_pd(total, reference)


@EXAMPLES
@given(reads(), st.randoms(use_true_random=False))
def test_order_of_lesions_is_irrelevant(read: Read, chance: random.Random) -> None:
    """The responses do not depend on the order of the lesion list."""
    turned = replace(read, lesions=tuple(chance.sample(read.lesions, len(read.lesions))))
    answers = [
        [(one.target, one.nontarget, one.overall, one.sum) for one in assess_read(each).visits]
        for each in (read, turned)
    ]

    assert answers[0] == answers[1]


def csv_of(read: Read, reader: str) -> list[str]:
    """Return the rows of a read in a LESIONS.csv."""
    rows = []
    for (visit, name), said in read.observations.items():
        lesion = read.lesion(name)
        size = show(said.diameters[0]) if said.diameters else ""
        cells = [read.subject, reader, visit, read.visit(visit).date.isoformat(), name, lesion.role]
        cells += ["yes" if lesion.node else "no", "liver", said.status, size, "", said.reason]
        rows.append(",".join(cells))
    return rows


@EXAMPLES
@given(reads(), reads(), st.randoms(use_true_random=False))
def test_rows_and_readers_do_not_mix(first: Read, second: Read, chance: random.Random) -> None:
    """Each reader's answer is the same alone, beside another reader and with rows shuffled."""
    header = "subject,reader,visit,date,lesion,role,node,organ,status,diameter_mm,into,reason"
    has_baseline = [any(key[0] == "BL" for key in read.observations) for read in (first, second)]
    if not all(has_baseline):
        return
    rows = [*csv_of(first, "R1"), *csv_of(second, "R2")]
    shuffled = chance.sample(rows, len(rows))
    both = parse_lesions("\n".join([header, *shuffled])).reads
    alone = [
        parse_lesions("\n".join([header, *csv_of(read, reader)])).reads[0]
        for read, reader in ((first, "R1"), (second, "R2"))
    ]

    assert list(map(assess_read, both)) == list(map(assess_read, alone))


def facts_of(read: Read) -> list[Fact]:
    """Return the facts a reader states to come to a read, visit by visit."""
    facts: list[Fact] = []
    for place, visit in enumerate(read.visits):
        facts.append(VisitOpened(visit.identifier, visit.date))
        for lesion in read.lesions:
            if (lesion.role is not Role.NEW and place == 0) or (
                lesion.role is Role.NEW and read.added_at.get(lesion.identifier) == visit.identifier
            ):
                facts.append(LesionAdded(visit.identifier, lesion))
            said = read.observations.get((visit.identifier, lesion.identifier))
            if said is None:
                continue
            if said.status is Status.MEASURED:
                (size,) = said.diameters
                facts.append(LesionMeasured(visit.identifier, lesion.identifier, size))
            else:
                fact = StatusStated(visit.identifier, lesion.identifier, said.status, said.reason)
                facts.append(fact)
    return facts


@EXAMPLES
@given(reads(equivocal=False))
def test_any_prefix_of_the_record_is_what_was_known_then(read: Read) -> None:
    """The record replayed up to the end of a visit is the assessment made at that visit."""
    now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    events = [
        Event(place, now, read.subject, read.reader, fact)
        for place, fact in enumerate(facts_of(read), start=1)
    ]
    ends = [at for at, one in enumerate(events) if isinstance(one.fact, VisitOpened)][1:]
    final = assess(events)
    for count, end in enumerate(ends, start=1):
        then = assess(events[:end])
        assert then.visits == final.visits[:count]
    assert [visit.overall for visit in final.visits] == [
        visit.overall for visit in assess_read(read).visits
    ]
