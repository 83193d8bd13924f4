"""The trial and session of the reading tests."""

from tests.reading.conftest import at_week_8, new_trial, scans, session, trial
from tests.trial.conftest import quick_passwords

__all__ = ["at_week_8", "new_trial", "quick_passwords", "scans", "session", "trial"]
