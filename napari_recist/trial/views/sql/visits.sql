-- The visits of a patient as last registered.
SELECT w.subject, w.visit, w.week, $day(w.date) AS date, $true_date(w.subject, w.date) AS true_date,
    w.series_count, $moment(w.first_recorded_at) AS registered_at_utc,
    (SELECT $moment(min(a.recorded_at)) FROM events a WHERE a.kind = 'images_accepted.1'
        AND a.subject = w.subject AND a.reader = '' AND $text(a.payload, visit) = w.visit)
        AS accepted_at_utc
FROM (
    SELECT e.subject, $text(e.fact, scheduled.visit) AS visit,
        $integer(e.fact, scheduled.week) AS week, $text(e.fact, scheduled.date) AS date,
        $count(e.fact, scheduled.series) AS series_count,
        min(e.recorded_at) OVER (PARTITION BY e.subject, $text(e.fact, scheduled.visit))
            AS first_recorded_at,
        row_number() OVER (PARTITION BY e.subject, $text(e.fact, scheduled.visit)
            ORDER BY e.sequence DESC) AS from_last
    FROM $facts(e)
    WHERE e.kind = 'visit_registered.1') AS w
WHERE w.from_last = 1 AND w.subject NOT IN ($re_read_codes())
