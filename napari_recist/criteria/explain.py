"""Sentences that tell a radiologist why: comparisons of sums in words and shown percentages.

Lengths are tenths of a millimetre. Nothing is ever decided on a text or percentage made here (N-5).
"""

from napari_recist.criteria.tenths import show


def percent(change: int, reference: int) -> str:
    """Return a change in per cent of a reference, half-up to one decimal, "" of nothing (N-7)."""
    if reference == 0:
        return ""
    per_mille = (abs(change) * 2000 + reference) // (2 * reference)
    return show(-per_mille if change < 0 else per_mille)


def against_baseline(total: int, baseline: int) -> str:
    """Say where a sum stands against the baseline."""
    side = "under" if total < baseline else "over"
    if total == baseline:
        return f"{show(total)} mm is the baseline sum"
    change = percent(abs(total - baseline), baseline)
    return f"{show(total)} mm is {change} % {side} the baseline of {show(baseline)} mm"


def against_nadir(total: int, nadir: int, nadir_visit: str) -> str:
    """Say where a sum stands against the nadir and when that was."""
    change = total - nadir
    lowest = f"the nadir of {show(nadir)} mm at {nadir_visit}"
    if change == 0:
        return f"{show(total)} mm equals {lowest}"
    side = "over" if change > 0 else "under"
    relative = f"{percent(abs(change), nadir)} % and " if nadir else ""
    return f"{show(total)} mm is {relative}{show(abs(change))} mm {side} {lowest}"


def names(lesions: tuple[str, ...]) -> str:
    """Join lesion names as a sentence does: "T1, T2 and T3"."""
    if len(lesions) <= 1:
        return "".join(lesions)
    return f"{', '.join(lesions[:-1])} and {lesions[-1]}"
