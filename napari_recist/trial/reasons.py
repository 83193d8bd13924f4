"""Reasons and remarks as they stand in the record: in one line, and never blank where asked for."""

from napari_recist.errors import RecordError


def in_one_line(text: str) -> str:
    """Return text without line breaks, control characters and outer blanks, as a cell holds it."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def reason_given(reason: str, act: str) -> str:
    """Return a reason in one line.

    Raises
    ------
    RecordError
        If there is none: ``act`` names what needs it.
    """
    given = in_one_line(reason)
    if not given:
        raise RecordError(f"{act} needs a reason.", "Give one in a few words.")
    return given
