"""English in wide letters, a language for tests: readable, and told at once from plain English."""

import re

KEPT = re.compile(r"(<[^>]*>|\{[^}]*\}|&[a-z]+;)")
"""Markup and fields: a translator leaves them as they are."""


def wide(text: str) -> str:
    """Return a text with its letters wide, markup and fields untouched."""
    parts = KEPT.split(text)
    return "".join(part if place % 2 else widened(part) for place, part in enumerate(parts))


def widened(text: str) -> str:
    """Return a text with every letter A-Z and a-z wide."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in text)
