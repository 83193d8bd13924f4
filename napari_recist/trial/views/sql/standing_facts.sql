-- What readers stated and what counts: neither undone, nor itself an undo or redo. What the views
-- sort by stands beside the fact, so that they need not carry the whole of it through their steps.
SELECT e.sequence, e.recorded_at, e.subject, e.reader, e.kind, e.fact AS fact,
    $text(e.fact, visit) AS visit,
    CASE WHEN e.kind IN ('lesion_added.1', 'lesion_corrected.1')
        THEN $text(e.fact, lesion.identifier) ELSE $text(e.fact, lesion) END AS lesion,
    $text(e.fact, date) AS date, $integer(e.fact, fragment) AS fragment,
    $flag(e.fact, viable) AS viable
FROM $facts(e)
WHERE e.reader <> '' AND e.kind NOT IN ('undone.1', 'redone.1')
    AND (e.subject, e.reader, e.sequence) NOT IN (
        SELECT t.subject, t.reader, t.number FROM (
            SELECT u.subject, u.reader, u.kind, $integer(u.payload, sequence) AS number,
                row_number() OVER (
                    PARTITION BY u.subject, u.reader, $integer(u.payload, sequence)
                    ORDER BY u.sequence DESC) AS from_last
            FROM events u
            WHERE u.kind IN ('undone.1', 'redone.1')) AS t
        WHERE t.from_last = 1 AND t.kind = 'undone.1' AND t.number IS NOT NULL)
