"""The overall response of a visit from target, non-target and new lesions (RECIST.md section 7)."""

from napari_recist.criteria.responses import Response


def overall_response(target: Response, nontarget: Response, *, new_lesion: bool) -> Response:
    """Return the overall response (E09 tables 1 and 2).

    ``NA`` stands for no disease of that kind at baseline. A patient without any is ``NED`` until
    a new lesion appears (V-1).
    """
    if new_lesion or Response.PD in (target, nontarget):
        return Response.PD
    if target is Response.NA:
        return Response.NED if nontarget is Response.NA else nontarget
    if target is Response.CR:
        complete = nontarget in (Response.CR, Response.NA)
        return Response.CR if complete else Response.PR
    return target
