"""The codes of lesions as a reader says them."""

from napari_recist.criteria import Role, Status
from napari_recist.translation import _

STATUS_WORDS = {
    Status.MEASURED: _("measured"),
    Status.TOO_SMALL: _("too small"),
    Status.ABSENT: _("absent"),
    Status.NOT_EVALUABLE: _("not evaluable"),
    Status.MERGED: _("merged"),
    Status.SPLIT: _("split"),
    Status.PRESENT: _("present"),
    Status.PROGRESSED: _("progressed"),
    Status.UNEQUIVOCAL: _("unequivocal"),
    Status.EQUIVOCAL: _("equivocal"),
    Status.RESOLVED: _("resolved"),
}
"""Each status as a reader says it."""

ROLE_WORDS = {Role.TARGET: _("target"), Role.NON_TARGET: _("non-target"), Role.NEW: _("new")}
"""Each role as a reader says it."""
