"""Texts that may stay, word by word: what a closed vocabulary does not know is lost or coded."""

import re
from collections.abc import Callable
from itertools import pairwise

from napari_recist.imaging.deidentify.vocabulary import (
    AGENT_WORDS,
    DESCRIPTOR_WORDS,
    FILTER_WORDS,
    KERNEL_WORDS,
    MAKER_WORDS,
    MODEL_WORDS,
    REFERENCE_WORDS,
    RESCALE_WORDS,
    ROUTE_WORDS,
    SEQUENCE_WORDS,
    SOFTWARE_WORDS,
    TERMS,
    UNITS,
)
from napari_recist.imaging.passport.image_findings import names_localizer
from napari_recist.imaging.passport.phase_words import phases_named

REMOVED = "REMOVED"
"""What stands where a text was and some text must be."""

Coded = Callable[[str], str]
"""Gives the word that stands for an unknown one (``TrialKey.word`` of a subject)."""

_BETWEEN = re.compile(r"[\s_/\\^,;:()<>|&$#=\[\]-]+")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
_MEASURE = re.compile(rf"\d{{1,3}}(?:[.,]\d{{1,2}})?(?:{'|'.join(sorted(UNITS))})")
_KERNEL = re.compile(r"(?:b|br|bl|bf|bv|d|h|hr|hc|i|j|q|qr|qd|s|t|u|ub|fc|sa|ea)\d{2}[a-z]?")
_B_VALUE = re.compile(r"b\d{1,2}[05]?0|b0")
_CODED = re.compile(r"X[0-9A-F]{8}")
_SHORT = re.compile(r"[A-Z0-9+*]{0,3}|\d{4}")
_VERSION = re.compile(r"[A-Za-z]{0,3}\d{1,3}[A-Za-z]{0,2}(?:\.\d{1,3}[A-Za-z]?){0,4}")


def descriptor(text: str) -> str:
    """Return what a description says in known words, numbers with a unit, and kernels.

    The phase and the localizer that this program would recognise in ``text`` it recognises in
    the answer, and no others.
    """
    kept = " ".join(_descriptor_words(text))
    named = phases_named(text)
    if phases_named(kept) != named:
        neutral = (word for word in kept.split() if not phases_named(word))
        kept = " ".join((*neutral, *named))
    if phases_named(kept) != named:  # words that name a phase only together
        kept = " ".join(named)
    if names_localizer(text) and not names_localizer(kept):
        kept = f"{kept} localizer".strip()
    return kept[:64].strip() if phases_named(kept[:64]) == named else " ".join(named)


def _descriptor_words(text: str) -> list[str]:
    kept: list[str] = []
    for word, after in pairwise([*filter(None, _BETWEEN.split(text.strip())), ""]):
        low = word.lower()
        number = _NUMBER.fullmatch(low) and after.lower() in UNITS
        unit = low in UNITS and kept and _NUMBER.fullmatch(kept[-1])
        if low in DESCRIPTOR_WORDS or number or unit or _special(low):
            kept.append(word)
    return kept


def _special(word: str) -> bool:
    return bool(_MEASURE.fullmatch(word) or _KERNEL.fullmatch(word) or _B_VALUE.fullmatch(word))


def term(value: str, coded: Coded) -> str:
    """Return a coded value (CS) of known words; another becomes a coded word, apart from others."""
    words = re.split(r"[ _/]+", value)
    if value.lower() in TERMS or all(_known_term(word) for word in words):
        return value
    return coded(value)


def _known_term(word: str) -> bool:
    return bool(word.lower() in TERMS or _SHORT.fullmatch(word))


def known_words(value: str, words: frozenset[str], also: re.Pattern[str] | None = None) -> str:
    """Return the words of a text that are known, or match ``also``; the others are lost."""
    return " ".join(
        word
        for word in re.split(r"[\s,;()&]+", value)
        if word and (word.lower().strip(".") in words or (also and also.fullmatch(word)))
    )


def maker(value: str) -> str:
    """Return a manufacturer that is known."""
    return known_words(value, MAKER_WORDS) or REMOVED


def model(value: str) -> str:
    """Return a scanner's model of known names."""
    return known_words(value, MODEL_WORDS) or REMOVED


def software(value: str) -> str:
    """Return a version of the scanner's software: known names and short version numbers."""
    return known_words(value, SOFTWARE_WORDS, _VERSION) or REMOVED


def kernel(value: str, coded: Coded) -> str:
    """Return a kernel of known form; another becomes a coded word, for kernels are compared."""
    words = re.split(r"[\s_]+", value)
    shape = re.compile(r"[A-Za-z]{0,2}\d{1,3}[A-Za-z]{0,2}|gauss\d\.\d\d", re.IGNORECASE)
    known = all(word.lower() in KERNEL_WORDS or shape.fullmatch(word) for word in words)
    return value if known else coded(value)


def agent(value: str) -> str:
    """Return the contrast agent: known names, strengths and volumes."""
    strength = re.compile(r"[A-Za-z]*?\d{1,3}(?:[./]\d{1,3})?%?|\d{1,3}(?:ml|cc)", re.IGNORECASE)
    words = []
    for word in re.split(r"[\s,;()&-]+", value):
        letters = re.sub(r"[\d./%]+", "", word).lower()
        if word.lower() in AGENT_WORDS or (
            strength.fullmatch(word) and (not letters or letters in AGENT_WORDS)
        ):
            words.append(word)
    return " ".join(words) or REMOVED


def sequence(value: str, coded: Coded) -> str:
    """Return a pulse sequence's name of known parts; another becomes a coded word."""
    parts = [part.lower() for part in re.split(r"[\s*#_.\d-]+", value) if part]
    plain = all(part in SEQUENCE_WORDS for part in parts) and not re.search(r"\d{4}", value)
    return value if plain else coded(value)


def label(value: str, coded: Coded) -> str:
    """Return a short number; any other label becomes a coded word."""
    return value if re.fullmatch(r"\d{1,3}", value) else coded(value)


def coded_already(value: str) -> bool:
    """Whether a value is a word that ``TrialKey.word`` made."""
    return bool(_CODED.fullmatch(value))


def plain(words: frozenset[str]) -> Callable[[str], str]:
    """Return a cleaner that keeps words of one vocabulary, and says where none is left."""
    return lambda value: known_words(value, words) or REMOVED


filter_type, position_reference, route, rescale_type = map(
    plain, (FILTER_WORDS, REFERENCE_WORDS, ROUTE_WORDS, RESCALE_WORDS)
)
