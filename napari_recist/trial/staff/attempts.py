"""How long a person who typed wrong passwords has to wait before the next one is looked at."""

import datetime as dt
from collections.abc import Sequence

FIRST_WAIT = dt.timedelta(seconds=30)
"""After the last attempt that is free; each further wrong password doubles it. So guessing takes
years, and a reader who mistypes loses half a minute (NIST SP 800-63B, 5.2.2)."""

LONGEST_WAIT = dt.timedelta(minutes=15)
"""Nobody is locked out by another's guessing for longer than this."""


def wait(refused_at: Sequence[dt.datetime], free: int, now: dt.datetime) -> dt.timedelta:
    """Return how long the next attempt has to wait.

    Parameters
    ----------
    refused_at : sequence of datetime
        When a wrong password was given since the last right one, with time zone.
    free : int
        So many wrong passwords in a row cost nothing.
    now : datetime
        The present, with time zone.
    """
    beyond = len(refused_at) - free
    if beyond < 0:
        return dt.timedelta()
    # Doubling any further than the longest wait changes nothing, and would overflow.
    doublings: int = 2 ** min(beyond, 10)
    due = max(refused_at) + min(FIRST_WAIT * doublings, LONGEST_WAIT)
    return max(due - now, dt.timedelta())
