"""What was said of a lesion, in the few letters of a table cell and in the words of a tooltip."""

from napari_recist.criteria import Lesion, Observation, Status, show
from napari_recist.reading.coded_words import ROLE_WORDS, STATUS_WORDS
from napari_recist.translation import _
from napari_recist.ui.caliper_source import caliper_lines

SHORT_AXIS_MARK = "s"
"""Beside a value that is a short axis."""


def value_text(lesion: Lesion, value_mm: str) -> str:
    """Return a value with its mark: "46.0", for a node "18.0 s"."""
    return f"{value_mm} {SHORT_AXIS_MARK}" if lesion.node and value_mm else value_mm


def cell_text(lesion: Lesion, said: Observation | None) -> str:
    """Return what a table cell says of a lesion at a visit; empty where nothing was said."""
    match said:
        case None:
            return ""
        case Observation(status=Status.MEASURED, diameters=(diameter, *_)):
            return value_text(lesion, show(diameter))
        case Observation(status=Status.SPLIT):
            return value_text(lesion, " + ".join(show(part) for part in said.diameters))
        case Observation(status=Status.MERGED):
            return _("in {into}", into=said.into)
        case Observation(status=Status.NOT_EVALUABLE):
            return _("NE")
        case _:
            return STATUS_WORDS[said.status]


def tooltip(lesion: Lesion, said: Observation | None) -> str:
    """Return the whole of what was said: status, reason, raw lengths and where they come from."""
    lines = [f"{lesion.identifier}: {place_text(lesion)} ({ROLE_WORDS[lesion.role]})"]
    if said is None:
        return "\n".join([*lines, _("nothing said yet")])
    lines.append(STATUS_WORDS[said.status] + (f": {said.reason}" if said.reason else ""))
    for caliper in said.calipers:
        lines += caliper_lines(caliper) if caliper else ()
    return "\n".join(lines)


def place_text(lesion: Lesion) -> str:
    """Return where a lesion lies: "liver S6", "node, porta hepatis"."""
    parts = [" ".join(word for word in (lesion.organ, lesion.site) if word)]
    if lesion.node and "node" not in parts[0].lower():
        parts.append("node")
    if lesion.porta_hepatis and "porta" not in parts[0].lower():
        parts.append(_("porta hepatis"))
    return ", ".join(part for part in parts if part)
