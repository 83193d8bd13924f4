"""The items of clinical data that exports and end points take: any other is the oncologist's alone.

A day is written whole, as YYYY-MM-DD.
"""

TREATMENT_START = "treatment start"
"""The day of the first dose, from which exports count days and end points time."""
TREATMENT_END = "treatment end"
"""The day of the last dose."""
DEATH = "death"
"""The day."""
LAST_ALIVE = "last known alive"
"""The last day on which the patient was known to be alive."""
NEW_THERAPY = "new anticancer therapy"
"""The first day of another anticancer therapy."""
SEX = "sex"
"""F, M or U."""
AGE = "age"
"""Whole years."""
ARM_CODE, ARM = "arm code", "arm"
"""The planned arm, short and in words; it is taken as the actual one."""
