"""What each rule says, in a few words, for a reader who asks why; ids are those of RECIST.md."""

RULE_WORDS = {
    "N-7": "the nadir is 0: the relative test counts as met, growth in mm decides",
    "R-13": "a target that disappeared counts 0 mm",
    "R-14": "a target too small to measure counts the charter's default",
    "R-15": "a split target counts the sum of its fragments",
    "R-16": "a target merged into another counts there",
    "R-17": "a target that is not evaluable has no value",
    "R-21": "no target at baseline",
    "R-22": "with a target missing only progression can be proved",
    "R-23": "CR: every target gone, every target node below the charter's limit",
    "R-24": "PD: at least 20 % and the charter's mm over the nadir",
    "R-25": "PR: at least 30 % under baseline",
    "R-26": "a partial response stays one until progression",
    "R-27": "SD: neither shrunk enough for PR nor grown enough for PD",
    "R-30": "a target that came back counts by the sum",
    "R-31": "disease back after an overall complete response is PD",
    "R-32": "a target back after a complete response of targets alone counts by the sum",
    "T-2": "non-targets: any progression PD, else any not evaluated NE, else all gone CR",
    "T-6": "a non-target not evaluated prevents a complete response",
    "V-1": "no disease at baseline and none new",
    "W-1": "an unequivocal new lesion is progression, whatever its size",
    "W-2": "progression is dated where an equivocal lesion was first seen",
    "W-6": "once unequivocal, a new lesion keeps later visits at progression",
    "H-12": "mRECIST: PD by the charter's limits over the nadir of the viable sum",
}
"""Rules that decide a response or give a lesion its value."""


def rule_text(rule: str) -> str:
    """Return a rule with what it says: "R-25 (PR: at least 30 % under baseline)"."""
    words = RULE_WORDS.get(rule)
    return f"{rule} ({words})" if words else rule
