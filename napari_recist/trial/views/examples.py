"""Queries that a statistician starts from: printed in the data dictionary, run by a test."""

from dataclasses import dataclass

from napari_recist.trial.views.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Example:
    """A question and its query; ``on_sqlite`` where SQLite has other words for it."""

    question: str
    query: str
    on_sqlite: str = ""

    def on(self, dialect: Dialect) -> str:
        """Return the query in the words of a database."""
        return (dialect is Dialect.SQLITE and self.on_sqlite) or self.query


EXAMPLES = (
    Example(
        "Waterfall: each patient's best change of the sum from baseline, reader by reader",
        """SELECT subject, reader, min(change_from_baseline_pct) AS best_change_pct
FROM responses
WHERE place > 1 AND change_from_baseline_pct IS NOT NULL
GROUP BY subject, reader
ORDER BY best_change_pct DESC, subject, reader""",
    ),
    Example(
        "Disagreement: visits at which two readers signed different responses",
        """SELECT a.subject, a.visit, a.reader, a.overall, b.reader AS other_reader,
    b.overall AS other_overall, a.sum_mm, b.sum_mm AS other_sum_mm
FROM responses a
JOIN responses b ON b.subject = a.subject AND b.visit = a.visit AND b.reader > a.reader
WHERE a.overall <> b.overall
ORDER BY a.subject, a.place""",
    ),
    Example(
        "Bland-Altman: mean and difference of two readers' sums",
        """SELECT a.subject, a.visit, (a.sum_mm + b.sum_mm) / 2 AS mean_mm,
    a.sum_mm - b.sum_mm AS difference_mm
FROM responses a
JOIN responses b ON b.subject = a.subject AND b.visit = a.visit AND b.reader > a.reader
WHERE a.sum_mm IS NOT NULL AND b.sum_mm IS NOT NULL
ORDER BY a.subject, a.place""",
    ),
    Example(
        "Time to sign: minutes from opening a visit to its signature",
        """SELECT reader, subject, visit,
    round(extract(epoch FROM signed_at_utc - opened_at_utc) / 60, 1) AS minutes
FROM read_visits
WHERE signed
ORDER BY reader, signed_at_utc""",
        """SELECT reader, subject, visit,
    round((julianday(signed_at_utc) - julianday(opened_at_utc)) * 24 * 60, 1) AS minutes
FROM read_visits
WHERE signed
ORDER BY reader, signed_at_utc""",
    ),
    Example(
        "The signed course of every target lesion, longest diameters in mm",
        """SELECT m.subject, m.reader, m.lesion, m.organ, r.place, m.visit, m.status,
    m.diameter_mm
FROM measurements m
JOIN responses r ON r.subject = m.subject AND r.reader = m.reader AND r.visit = m.visit
WHERE m.role = 'target' AND NOT m.viable
ORDER BY m.subject, m.reader, m.lesion, r.place, m.fragment""",
    ),
    Example(
        "Why a sum is missing: targets without a value at signed visits",
        """SELECT m.subject, m.reader, m.visit, m.lesion, m.status, m.reason_code, m.reason_words
FROM measurements m
JOIN responses r ON r.subject = m.subject AND r.reader = m.reader AND r.visit = m.visit
WHERE m.role = 'target' AND r.sum_mm IS NULL AND m.diameter_mm IS NULL
ORDER BY m.subject, m.reader, r.place, m.lesion""",
    ),
    Example(
        "The last overall response of each read that an adjudicator accepted",
        """SELECT a.subject, a.accepted_reader, a.reason, r.visit, r.overall
FROM adjudications a
JOIN responses r ON r.subject = a.subject AND r.reader = a.accepted_reader
WHERE a.withdrawn_at_utc IS NULL AND r.place = (
    SELECT max(l.place) FROM responses l
    WHERE l.subject = r.subject AND l.reader = r.reader)
ORDER BY a.subject""",
    ),
)
