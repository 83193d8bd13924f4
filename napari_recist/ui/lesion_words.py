"""What was said of a lesion, in the few letters of a table cell and in the words of a tooltip."""

from napari_recist.criteria import Lesion, Observation, Role, Status, show

STATUS_WORDS = {
    Status.MEASURED: "measured",
    Status.TOO_SMALL: "too small",
    Status.ABSENT: "absent",
    Status.NOT_EVALUABLE: "not evaluable",
    Status.MERGED: "merged",
    Status.SPLIT: "split",
    Status.PRESENT: "present",
    Status.PROGRESSED: "progressed",
    Status.UNEQUIVOCAL: "unequivocal",
    Status.EQUIVOCAL: "equivocal",
    Status.RESOLVED: "resolved",
}
"""Each status as a reader says it."""

ROLE_WORDS = {Role.TARGET: "target", Role.NON_TARGET: "non-target", Role.NEW: "new"}
"""Each role as a reader says it."""

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
            return f"in {said.into}"
        case Observation(status=Status.NOT_EVALUABLE):
            return "NE"
        case _:
            return STATUS_WORDS[said.status]


def tooltip(lesion: Lesion, said: Observation | None) -> str:
    """Return the whole of what was said: status, reason, raw lengths and where they come from."""
    lines = [f"{lesion.identifier}: {place_text(lesion)} ({ROLE_WORDS[lesion.role]})"]
    if said is None:
        return "\n".join([*lines, "nothing said yet"])
    lines.append(STATUS_WORDS[said.status] + (f": {said.reason}" if said.reason else ""))
    for caliper in said.calipers:
        if caliper is None:
            continue
        lengths = [f"long axis {caliper.long_axis.raw_mm:.3f} mm"]
        if caliper.short_axis:
            lengths.append(f"short axis {caliper.short_axis.raw_mm:.3f} mm")
        lines.append(f"raw: {', '.join(lengths)} ({caliper.provenance.value})")
        lines.append(f"passport: {caliper.passport}")
        if caliper.pixels_per_mm:
            lines.append(f"drawn at {caliper.pixels_per_mm:.1f} px/mm")
    return "\n".join(lines)


def place_text(lesion: Lesion) -> str:
    """Return where a lesion lies: "liver S6", "node, porta hepatis"."""
    parts = [" ".join(word for word in (lesion.organ, lesion.site) if word)]
    if lesion.node and "node" not in parts[0].lower():
        parts.append("node")
    if lesion.porta_hepatis and "porta" not in parts[0].lower():
        parts.append("porta hepatis")
    return ", ".join(part for part in parts if part)
