"""Read the contrast or echo phase of a series from what the scanner's staff wrote."""

import re

_PHASES = (
    ("arterial", r"\b(late |early |hepatic )?art(erial|erielle?|eriell|érielle?)?\b|\bhap\b"),
    (
        "portal venous",
        r"\b(porto?[ -]?|portal[ -]?)?(ven(ous|oes|ös)?|veineu(x|se))\b|portal|\bpvp?\b",
    ),
    ("delayed", r"delay|\blate\b|equilib|\bexcret|\bsp(ae|ä)t|\btardi"),
    ("hepatobiliary", r"hepatobil|\bhbp\b"),
    ("native", r"\bnativ|unenh|non.?contrast|without contrast|\bpre\b|\bw/?o\b|\bnc\b|\bplain\b"),
)
"""Words of English, German and French protocols, the more telling first."""

_ECHOES = (
    ("opposed phase", r"out.?(of.?)?phase|opp(osed)?.?phase|\bopp\b"),
    ("in phase", r"\bin.?phase"),
)

CONTRAST_PHASES = frozenset(name for name, _ in _PHASES)
"""Phases that depend on a contrast agent, or on its absence."""


def phase_of(*texts: str) -> str:
    """Return the phase named in the texts, or "" when none or several are named.

    A phase named in an earlier text counts before the later ones; a contrast phase counts before
    that of an echo.
    """
    for text in texts:
        found = phases_named(text)
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def phases_named(text: str) -> tuple[str, ...]:
    """Return the contrast phases named in one text; where there is none, those of an echo."""
    plain = text.replace("_", " ").lower()
    return tuple(_named(plain, _PHASES) or _named(plain, _ECHOES))


def _named(text: str, phases: tuple[tuple[str, str], ...]) -> list[str]:
    """Return the phases named; words that name one are taken out before the next is sought."""
    found = []
    for name, words in phases:
        text, count = re.subn(words, " ", text)
        found += [name] * (count > 0)
    return found
