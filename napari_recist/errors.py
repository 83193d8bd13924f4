"""The errors this program raises, so that every refusal can be caught, shown and acted upon.

::

    RecistError                     every refusal of this program
    ├── ImageError                  a DICOM file, series or volume cannot be used
    │   ├── NoImagesError           nothing at the given place is a DICOM image
    │   └── UntrustedGeometryError  no millimetres can be had from this series
    ├── ReportError                 a structured report cannot be used: damaged, or of other images
    ├── DeidentificationError       images cannot be de-identified: no key, or no subject code
    ├── ArchiveError                a PACS cannot be asked, or does not do what it is asked
    │   ├── UnreachableArchiveError no connection, or it stopped answering: another try may help
    │   ├── ArchiveAccessError      it refuses us, or is not the one we trust
    │   └── TransferError           not every instance arrived; those that did are kept
    ├── TableError                  rows of a CSV file are malformed (all problems at once)
    ├── CharterError                the trial's charter is malformed (all problems at once)
    ├── ReadError                   the reader asked for what the read does not allow now
    │   ├── LockedError             the visit is signed, or an earlier one is not
    │   └── UnmeasurableError       a caliper cannot become millimetres here
    ├── SignatureRefusedError       name or password is wrong, or the visit is unfinished
    │   └── TooManyAttemptsError    too many wrong passwords: the next is not looked at yet
    ├── AccessRefusedError          the person's role does not allow it
    ├── RecordError                 the trial's event store cannot be opened, read or extended
    │   └── BrokenChainError        a record was changed, removed, added or re-ordered
    ├── PreparationError            a trial could not be made ready, or not all of it
    ├── ExportError                 an export was stopped; nothing was written
    └── DisplayError                no screen, or no Qt binding, to show the reading room on
"""

from collections.abc import Iterable
from dataclasses import dataclass


class RecistError(Exception):
    """A refusal: what is wrong, where, and what to do about it.

    Parameters
    ----------
    problem : str
        What is wrong, naming the file, patient code, visit, lesion or row.
    remedy : str
        What the person who reads this can do. May be empty where nothing can be done.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class ImageError(RecistError):
    """A DICOM file, series or volume cannot be used."""


class NoImagesError(ImageError):
    """Nothing at the given place is a DICOM image."""


class UntrustedGeometryError(ImageError):
    """No millimetres can be had from this series."""


class ReportError(RecistError):
    """A structured report cannot be used: it is damaged, or of other images than the trial's."""


class DeidentificationError(RecistError):
    """Images cannot be de-identified: no key, no subject code, or other settings than before."""


class ArchiveError(RecistError):
    """A PACS cannot be asked, or does not do what it is asked."""


class UnreachableArchiveError(ArchiveError):
    """There is no connection, or the archive stopped answering: another try may help."""


class ArchiveAccessError(ArchiveError):
    """The archive refuses us (login, AE title), or is not the one we trust (certificate)."""


class TransferError(ArchiveError):
    """Not every instance arrived; those that did are kept and not transferred again."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input file, placed so that a person can find it.

    ``row`` is the line number in the file (the header is line 1) or 0 for the file as a whole;
    ``column`` is the column or the dotted charter key.
    """

    file: str
    row: int
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        """Return the problem as one line of text."""
        place = f"{self.file}, line {self.row}" if self.row else self.file
        return f"{place}, {self.column}: {self.value!r} - {self.rule}"


class _ProblemsError(RecistError):
    def __init__(self, problems: Iterable[Problem], remedy: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)), remedy)


class TableError(_ProblemsError):
    """Rows of a CSV file are malformed; ``problems`` holds all of them."""


class CharterError(_ProblemsError):
    """The trial's charter is malformed; ``problems`` holds all that is wrong with it."""


class ReadError(RecistError):
    """The reader asked for what the read does not allow now."""


class LockedError(ReadError):
    """The visit is signed, or an earlier one is not."""


class UnmeasurableError(ReadError):
    """A caliper cannot become millimetres here."""


class SignatureRefusedError(RecistError):
    """Name or password is wrong, or the visit is unfinished."""


class TooManyAttemptsError(SignatureRefusedError):
    """Too many wrong passwords in a row: the next one is not looked at yet."""


class AccessRefusedError(RecistError):
    """The person's role does not allow it, or the patient is not theirs."""


class RecordError(RecistError):
    """The trial's event store cannot be opened, read or extended."""


class BrokenChainError(RecordError):
    """A record was changed, removed, added or re-ordered."""


class PreparationError(RecistError):
    """A trial could not be made ready for reading, or not all of it."""


class ExportError(RecistError):
    """An export was stopped; nothing was written."""


class DisplayError(RecistError):
    """No screen, or no Qt binding, to show the reading room on."""
