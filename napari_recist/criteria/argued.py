"""Where an argued target response stands for the computed one: only where RECIST leaves it open."""

from dataclasses import replace

from napari_recist.criteria.facts import TargetResponseArgued
from napari_recist.criteria.responses import Response
from napari_recist.criteria.target import TargetDecision

_OPEN = {
    Response.NE: ("R-22", frozenset({Response.PR, Response.SD, Response.PD})),
    Response.CR: ("R-31", frozenset({Response.PR})),
}
"""What may be argued: never a complete response, for a missing lesion cannot support one."""


def with_argument(decision: TargetDecision, argued: TargetResponseArgued | None) -> TargetDecision:
    """Return the decision as argued, where it may be; the measurements' own reason stays beside it.

    R-22: a convincing argument that the missing lesions would not change the response. R-31: a
    complete response later found mistaken becomes PR.
    """
    rule, responses = _OPEN.get(decision.response, ("", frozenset()))
    if argued is None or argued.response not in responses:
        return decision
    why = f"argued {argued.response}: {argued.argument} (by the measurements {decision.response}: "
    return replace(
        decision,
        response=argued.response,
        rules=tuple(dict.fromkeys((rule, *decision.rules))),
        why=f"{why}{decision.why})",
    )
