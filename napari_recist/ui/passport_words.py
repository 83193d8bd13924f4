"""Why a passport is amber or blocked, in words fit for a blinded reader's screen.

The findings themselves name files, patient codes and the site's own descriptions: those belong in
``napari-recist series``, never on a picture.
"""

from napari_recist.imaging import Verdict
from napari_recist.imaging.passport.findings import GRAVITY
from napari_recist.imaging.series import Passport

REASONS: dict[str, str] = {
    "no-pixel-spacing": "no pixel spacing",
    "no-position": "no slice positions",
    "no-orientation": "no orientation",
    "bad-orientation": "orientation is contradictory",
    "localizer-projection": "a localiser, projected",
    "mosaic": "a mosaic of many slices",
    "palette": "palette colours, no values",
    "mixed-signedness": "values stored in two ways",
    "bad-rescale": "values cannot be rescaled",
    "unreadable-pixels": "pixels cannot be read",
    "missing-slices": "slices are missing",
    "uneven-slices": "slices are unevenly spaced",
    "gantry-tilt": "tilted gantry",
    "mosaic-cut": "cut from a mosaic",
    "single-slice": "one slice alone",
    "duplicate-position": "two images at one place",
    "separated-by-number": "parts told apart by number alone",
    "same-uid-different-image": "two images of one identity",
    "mixed-patients": "series number of two patients",
    "lossy": "compressed with loss",
    "colour": "a colour image",
    "secondary-capture": "a secondary capture",
    "projection": "a projection of many slices",
    "localizer": "a localiser",
    "burnt-in": "text may be burnt in",
    "no-rescale": "no rescale: values are not HU",
    "imprecise-orientation": "orientation is imprecise",
}
"""A few words for each finding that makes a passport amber or blocked."""

CONSEQUENCE = {
    Verdict.AMBER: "AMBER: measure on the acquired slices only",
    Verdict.BLOCKED: "NO MILLIMETRES: look, do not measure",
}


def reasons(passport: Passport) -> tuple[str, ...]:
    """Return the verdict and why, a line each, gravest first; nothing where it is green."""
    if passport.verdict not in CONSEQUENCE:
        return ()
    grave = (finding for finding in passport.findings if GRAVITY[finding.code] is not Verdict.GREEN)
    codes = dict.fromkeys(finding.code for finding in grave)
    return (CONSEQUENCE[passport.verdict], *(REASONS[code] for code in codes))
