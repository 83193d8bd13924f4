"""What the scripted read found beside what is true, and what it cost the hand: the verdict."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from napari_recist.demo.effort import VisitEffort, effort_sentence, effort_table

TOLERANCE_MM = 0.5
"""A mouse knows whole screen pixels: both ends of a line half a pixel off in both directions, at
six pixels a millimetre, stay below 0.24 mm; a short axis that is offered lies as far to either side
of a line so drawn, below 0.45 mm; the rounding to 0.1 mm adds 0.05 mm."""


@dataclass(frozen=True, slots=True)
class DiameterCheck:
    """One measured diameter beside the true one, in mm."""

    subject: str
    reader: str
    visit: str
    lesion: str
    true_mm: float
    measured_mm: float

    @property
    def agrees(self) -> bool:
        """Tell whether the measured diameter is the true one within what a mouse can do."""
        return abs(self.measured_mm - self.true_mm) <= TOLERANCE_MM


@dataclass(frozen=True, slots=True)
class ResponseCheck:
    """One computed answer of the rules beside the expected one, as words."""

    subject: str
    reader: str
    visit: str
    question: str
    expected: str
    computed: str

    @property
    def agrees(self) -> bool:
        """Tell whether the computed answer is the expected one."""
        return self.computed == self.expected


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that was compared, and the gestures it took."""

    diameters: tuple[DiameterCheck, ...]
    responses: tuple[ResponseCheck, ...]
    efforts: tuple[VisitEffort, ...] = ()

    @property
    def differences(self) -> tuple[DiameterCheck | ResponseCheck, ...]:
        """Return the checks that do not agree."""
        checks: tuple[DiameterCheck | ResponseCheck, ...] = (*self.diameters, *self.responses)
        return tuple(check for check in checks if not check.agrees)

    @property
    def verdict(self) -> str:
        """Return the outcome in a sentence."""
        wrong = len(self.differences)
        errors = [abs(check.measured_mm - check.true_mm) for check in self.diameters]
        return (
            f"{'Everything agrees' if not wrong else f'{wrong} answers differ'}: "
            f"{len(errors)} diameters, largest error {max(errors, default=0):.2f} mm "
            f"(allowed {TOLERANCE_MM} mm); {len(self.responses)} answers of the rules."
        )


def write_summary(comparison: Comparison, folder: Path) -> Path:
    """Write ``summary.md`` for people and ``summary.json`` for programs; return the former."""
    answer = {
        "agrees": not comparison.differences,
        "diameters": [asdict(check) | {"agrees": check.agrees} for check in comparison.diameters],
        "responses": [asdict(check) | {"agrees": check.agrees} for check in comparison.responses],
        "efforts": [asdict(effort) for effort in comparison.efforts],
    }
    (folder / "summary.json").write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    summary = folder / "summary.md"
    summary.write_text(summary_text(comparison), encoding="utf-8")
    return summary


def summary_text(comparison: Comparison) -> str:
    """Return the comparison as Markdown: the verdict first, then every number."""
    return "\n".join(
        [
            "# The scripted read beside the truth",
            "",
            comparison.verdict,
            "",
            effort_sentence(comparison.efforts),
            "",
            "## Responses",
            "",
            "| subject | reader | visit | question | expected | computed | |",
            "|---|---|---|---|---|---|---|",
            *(
                f"| {c.subject} | {c.reader} | {c.visit} | {c.question} | {c.expected} "
                f"| {c.computed} | {_mark(agrees=c.agrees)} |"
                for c in comparison.responses
            ),
            "",
            "## Diameters (mm)",
            "",
            "| subject | reader | visit | lesion | true | measured | difference | |",
            "|---|---|---|---|---|---|---|---|",
            *(
                f"| {c.subject} | {c.reader} | {c.visit} | {c.lesion} | {c.true_mm:.2f} "
                f"| {c.measured_mm:.1f} | {c.measured_mm - c.true_mm:+.2f} "
                f"| {_mark(agrees=c.agrees)} |"
                for c in comparison.diameters
            ),
            "",
            "## Gestures",
            "",
            "A character typed is a key; a wheel turned one way without a pause is one turn.",
            "",
            *effort_table(comparison.efforts),
            "",
        ]
    )


def _mark(*, agrees: bool) -> str:
    return "" if agrees else "**differs**"
