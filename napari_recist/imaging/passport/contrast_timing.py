"""Tell the contrast phase by the seconds between the bolus and the scan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from napari_recist.imaging.files.frames import Frame
from napari_recist.imaging.passport.findings import Finding
from napari_recist.imaging.passport.phase_words import CONTRAST_PHASES, phase_of

_BOLUS_START, _ACQUISITION_TIME, _AGENT = 0x00181042, 0x00080032, 0x00180010
_DAY, _HALF_DAY = 86_400.0, 43_200.0
_DATE_AND_TIME = 14
"""Characters of a date and time without fraction; a time alone has fewer before its point."""

LONGEST_SECONDS = 7200.0
"""A bolus more than two hours away belongs to another examination."""


@dataclass(frozen=True, slots=True)
class _Window:
    """Seconds after the start of the bolus in which a scan can only be of this phase."""

    phase: str
    first: float
    last: float


WINDOWS = (
    _Window("native", -LONGEST_SECONDS, 0.0),
    _Window("arterial", 15.0, 50.0),
    _Window("portal venous", 55.0, 110.0),
    _Window("delayed", 120.0, 600.0),
)
"""Late arterial 35 to 40 s, portal venous 60 to 80 s, with room for slow hearts and later organs;
the delayed phase begins at 2 minutes (ACR LI-RADS v2018, technical recommendations: 2 to 5 min).
What lies between two windows is not decided."""

HEPATOBILIARY_SECONDS = 600.0
"""From here on a hepatobiliary agent is in the hepatobiliary phase (gadoxetate: about 20 minutes,
ACR LI-RADS v2018; from 10 minutes in its label); any other agent is delayed."""

_HEPATOBILIARY_AGENTS = ("GADOXET", "PRIMOVIST", "EOVIST", "EOB")


def contrast_seconds(frames: Sequence[Frame]) -> float | None:
    """Return seconds from Contrast/Bolus Start Time to the first acquisition, or None."""
    bolus = _seconds(frames[0].instance.elements.text(_BOLUS_START))
    taken = [
        seconds
        for frame in frames
        if (seconds := _seconds(frame.instance.elements.text(_ACQUISITION_TIME))) is not None
    ]
    if bolus is None or not taken:
        return None
    later = (min(taken) - bolus + _HALF_DAY) % _DAY - _HALF_DAY
    return later if abs(later) <= LONGEST_SECONDS else None


def _seconds(text: str) -> float | None:
    """Return the seconds since midnight of a DICOM time, "HHMMSS.FFFFFF"; colons are old style."""
    whole, _, fraction = text.replace(":", "").partition(".")
    whole = whole[8:] if len(whole) >= _DATE_AND_TIME else whole
    if len(whole) not in (4, 6) or not (whole + fraction).isdecimal():
        return None
    return int(whole[:2]) * 3600.0 + int(whole[2:4]) * 60.0 + float(f"{whole[4:] or 0}.{fraction}0")


def phase_by_time(seconds: float | None, agent: str) -> str:
    """Return the phase a scan so long after the bolus must be of; empty where none is certain."""
    if seconds is None:
        return ""
    if seconds >= HEPATOBILIARY_SECONDS:
        hepatic = any(name in agent.upper() for name in _HEPATOBILIARY_AGENTS)
        return "hepatobiliary" if hepatic else "delayed"
    return next((w.phase for w in WINDOWS if w.first <= seconds <= w.last), "")


def phase_texts(frame: Frame) -> tuple[str, ...]:
    """Return what names the phase of an image: description, protocol and image type."""
    elements = frame.instance.elements
    return elements.text(0x0008103E), elements.text(0x00181030), " ".join(frame.image_type[2:])


def phase_and_seconds(frames: Sequence[Frame]) -> tuple[str, float | None]:
    """Return the phase, from the texts first and else from the timing, and the contrast seconds."""
    seconds = contrast_seconds(frames)
    by_time = phase_by_time(seconds, frames[0].instance.elements.text(_AGENT))
    return phase_of(*phase_texts(frames[0])) or by_time, seconds


def contrast_findings(frames: Sequence[Frame]) -> Iterator[Finding]:
    """Yield the contradiction of the phase named and the phase timed."""
    named, seconds = phase_and_seconds(frames)
    timed = phase_by_time(seconds, frames[0].instance.elements.text(_AGENT))
    if seconds is not None and timed and named in CONTRAST_PHASES and named != timed:
        yield Finding(
            "phase-differs",
            f"The texts say {named}, but the scan began {seconds:.0f} s after the bolus: {timed}.",
        )
