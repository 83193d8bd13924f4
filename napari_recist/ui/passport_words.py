"""Why a passport is amber or blocked, in words fit for a blinded reader's screen.

The findings themselves name files, patient codes and the site's own descriptions: those belong in
``napari-recist series``, never on a picture.
"""

from napari_recist.imaging import Verdict
from napari_recist.imaging.passport.findings import GRAVITY
from napari_recist.imaging.series import Passport
from napari_recist.translation import _

REASONS: dict[str, str] = {
    "no-pixel-spacing": _("no pixel spacing"),
    "no-position": _("no slice positions"),
    "no-orientation": _("no orientation"),
    "bad-orientation": _("orientation is contradictory"),
    "localizer-projection": _("a localiser, projected"),
    "mosaic": _("a mosaic of many slices"),
    "palette": _("palette colours, no values"),
    "mixed-signedness": _("values stored in two ways"),
    "bad-rescale": _("values cannot be rescaled"),
    "unreadable-pixels": _("pixels cannot be read"),
    "missing-slices": _("slices are missing"),
    "uneven-slices": _("slices are unevenly spaced"),
    "gantry-tilt": _("tilted gantry"),
    "mosaic-cut": _("cut from a mosaic"),
    "single-slice": _("one slice alone"),
    "duplicate-position": _("two images at one place"),
    "separated-by-number": _("parts told apart by number alone"),
    "same-uid-different-image": _("two images of one identity"),
    "mixed-patients": _("series number of two patients"),
    "lossy": _("compressed with loss"),
    "colour": _("a colour image"),
    "secondary-capture": _("a secondary capture"),
    "projection": _("a projection of many slices"),
    "localizer": _("a localiser"),
    "burnt-in": _("text may be burnt in"),
    "no-rescale": _("no rescale: values are not HU"),
    "imprecise-orientation": _("orientation is imprecise"),
}
"""A few words for each finding that makes a passport amber or blocked."""

CONSEQUENCE = {
    Verdict.AMBER: _("AMBER: measure on the acquired slices only"),
    Verdict.BLOCKED: _("NO MILLIMETRES: look, do not measure"),
}


def reasons(passport: Passport) -> tuple[str, ...]:
    """Return the verdict and why, a line each, gravest first; nothing where it is green."""
    if passport.verdict not in CONSEQUENCE:
        return ()
    grave = (finding for finding in passport.findings if GRAVITY[finding.code] is not Verdict.GREEN)
    codes = dict.fromkeys(finding.code for finding in grave)
    return (CONSEQUENCE[passport.verdict], *(REASONS[code] for code in codes))
