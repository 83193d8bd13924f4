"""Dates and times of DICOM: shifted by whole days or kept; whatever is no date does not stay."""

import datetime as dt
import re

_DATE = re.compile(r"(\d{4})[.]?(\d{2})[.]?(\d{2})")
_TIME = re.compile(r"([01]\d|2[0-3])(:?[0-5]\d(:?([0-5]\d|60)(\.\d{1,6})?)?)?")
_DATE_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?([\d.]*)([+-]\d{4})?")
_AGE = re.compile(r"(\d{3})([DWMY])")
_ZONE = re.compile(r"[+-](0\d|1[0-4])[0-5]\d")

OLDEST_YEARS = 90
"""Ages above 89 are told as 90 years: so few are that old that the age itself may name one."""


def date(text: str, shift: int) -> str:
    """Return a DA value moved by so many days; "" where it is no date."""
    match = _DATE.fullmatch(text.strip())
    moved = _moved(match[1], match[2], match[3], shift) if match else None
    return moved.strftime("%Y%m%d").zfill(8) if moved else ""


def time(text: str) -> str:
    """Return a TM value; "" where it is no time."""
    text = text.strip()
    return text.replace(":", "") if _TIME.fullmatch(text) else ""


def date_time(text: str, shift: int, *, with_time: bool = True) -> str:
    """Return a DT value moved by so many days, as precise as it was; "" where it is none.

    The offset from UTC stays only where dates do: it may tell the country of the site.
    """
    match = _DATE_TIME.fullmatch(text.strip())
    if not match:
        return ""
    year, month, day, clock, zone = match.groups()
    moved = _moved(year, month or "01", day or "01", shift)
    if moved is None or (clock and not (day and time(clock))):
        return ""
    whole = moved.strftime("%Y%m%d").zfill(8)
    told = whole if day else whole[: 6 if month else 4]
    zone = zone if zone and not shift and _ZONE.fullmatch(zone) else ""
    return f"{told}{clock if with_time else ''}{zone}"


def zone(text: str, shift: int) -> str:
    """Return an offset from UTC where dates are kept, else ""."""
    return text.strip() if not shift and _ZONE.fullmatch(text.strip()) else ""


def age(text: str) -> str:
    """Return an AS value, the oldest told as 90 years; "" where it is no age."""
    match = _AGE.fullmatch(text.strip())
    if not match:
        return ""
    return f"{OLDEST_YEARS:03d}Y" if match[2] == "Y" and int(match[1]) >= OLDEST_YEARS else match[0]


def _moved(year: str, month: str, day: str, shift: int) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day)) + dt.timedelta(days=shift)
    except (ValueError, OverflowError):
        return None
