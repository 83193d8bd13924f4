"""Proves before an export that the table of lesions still says what the readers signed."""

from dataclasses import replace

from napari_recist.criteria import LESION_COLUMNS, Charter, Read, assess_read, parse_lesions
from napari_recist.errors import ExportError, TableError
from napari_recist.exporting.lesions_csv import lesion_rows, until
from napari_recist.exporting.table_files import csv_text


def refuse_other_responses(signed: Read, charter: Charter) -> None:
    """Judge a read anew from its rows of LESIONS.csv, each visit as it stood when it was signed.

    Parameters
    ----------
    signed : Read
        A read with signed visits only.
    charter : Charter
        The charter they were signed under.

    Raises
    ------
    ExportError
        If the rows are not sound, or give another response than the signed one.
    """
    judged = _read_back(signed, charter)
    for visit in signed.visits:
        # A later visit may date a new lesion back (W-2); the signature knew nothing of that yet.
        then = assess_read(until(judged, visit.date), charter).visit(visit.identifier)
        response = then.overall or ""
        if visit.signed is not None and response != visit.signed.response:
            raise ExportError(
                f"Nothing was exported: {visit.identifier} of {signed.subject} was signed by "
                f"{signed.reader} as {visit.signed.response!r}, and its rows of LESIONS.csv give "
                f"{response!r}.",
                "Run napari-recist verify, and report this.",
            )


def _read_back(signed: Read, charter: Charter) -> Read:
    rows = lesion_rows(signed)
    if {row["visit"] for row in rows} != {visit.identifier for visit in signed.visits}:
        # A visit without any lesion has no row, so the table cannot tell of it.
        return signed
    try:
        (read,) = parse_lesions(csv_text(LESION_COLUMNS, rows), charter).reads
    except TableError as error:
        message = f"Nothing was exported: the rows of {signed.subject} are not sound.\n{error}"
        raise ExportError(message, "Report this.") from error
    # What the table has no column for: arguments, and for mRECIST the viable parts.
    return replace(read, argued=signed.argued, viable=signed.viable)
