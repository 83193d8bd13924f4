"""What a check of an export finds wrong: which rule, which record, what and why it matters."""

from collections.abc import Sequence
from dataclasses import dataclass

from napari_recist.errors import ExportError

SHOWN = 5
"""How many findings a refusal tells one by one: a screenful; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with an export: the rule, the dataset, the record and what is wrong with it.

    ``rule`` is an id of :data:`napari_recist.exporting.gate.rules.RULES`; ``record`` names the
    record by subject, evaluator, visit, lesion and test, "" where the dataset as a whole is meant.
    """

    rule: str
    dataset: str
    record: str
    message: str

    def __str__(self) -> str:
        """Return the finding as one line of text."""
        where = f"{self.dataset} ({self.record})" if self.record else self.dataset
        return f"{self.rule}, {where}: {self.message}"


def refuse_findings(findings: Sequence[Finding]) -> None:
    """Stop an export in which something was found; without findings do nothing.

    Raises
    ------
    ExportError
        Naming rule and record of the first findings, with the count of the rest.
    """
    if not findings:
        return
    lines = [str(finding) for finding in findings[:SHOWN]]
    if rest := len(findings) - len(lines):
        lines.append(f"and {rest} more")
    problem = "\n".join(("Nothing was exported: the datasets do not pass the export gate.", *lines))
    raise ExportError(problem, "docs/exports.md tells what each rule asks for.")
