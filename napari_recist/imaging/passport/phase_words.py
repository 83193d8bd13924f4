"""Read the contrast or echo phase of a series from what the scanner's staff wrote."""

import re

_PHASES = (
    ("arterial", r"\bart(erial|erielle?|eriell)?\b|\bhap\b|late art|hepatic art"),
    ("portal venous", r"portal|porto|\bpv\b|\bpvp\b|\bven(ous|oes|ös)\b|\bvein"),
    ("delayed", r"delay|\blate\b|equilib|\bexcret|\bsp(ae|ä)t"),
    ("hepatobiliary", r"hepatobil|\bhbp\b"),
    ("native", r"\bnativ|unenh|non.?contrast|without contrast|\bpre\b|\bw/?o\b|\bnc\b|\bplain\b"),
    ("opposed phase", r"out.?(of.?)?phase|opp(osed)?.?phase|\bopp\b"),
    ("in phase", r"\bin.?phase"),
)
"""Words of English, German and French protocols, the more telling first."""


def phase_of(*texts: str) -> str:
    """Return the phase named in the texts, or "" when none or several are named."""
    text = " ".join(texts).replace("_", " ").lower()
    found = [name for name, words in _PHASES if re.search(words, text)]
    return found[0] if found else ""
