"""The trial and session of the reading tests, and a trial that is frozen."""

from tests.exporting.frozen_trials import (
    built_shifted,
    built_trial,
    frozen_trial,
    shifted_trial,
    transfer,
)
from tests.reading.conftest import at_week_8, new_trial, scans, session, trial
from tests.trial.conftest import quick_passwords

__all__ = [
    "at_week_8",
    "built_shifted",
    "built_trial",
    "frozen_trial",
    "new_trial",
    "quick_passwords",
    "scans",
    "session",
    "shifted_trial",
    "transfer",
    "trial",
]
