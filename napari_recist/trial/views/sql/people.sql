-- Who works or worked on the trial, in which role.
SELECT p.name,
    coalesce($text(r.payload, role), 'reader') AS role,
    (l.kind <> 'person_retired.1') AS works,
    $moment(f.recorded_at) AS admitted_at_utc,
    CASE WHEN l.kind = 'person_retired.1' THEN $moment(l.recorded_at) END AS retired_at_utc,
    CASE WHEN l.kind = 'person_retired.1' THEN $text(l.payload, reason) END AS retired_reason
FROM (
    SELECT e.name, min(e.sequence) AS first, max(e.sequence) AS last,
        max(CASE WHEN e.kind = 'person_admitted.1' THEN e.sequence END) AS given
    FROM (
        SELECT n.sequence, n.kind, $text(n.payload, name) AS name FROM events n
        WHERE n.kind IN ('reader_added.1', 'person_admitted.1', 'person_retired.1')) AS e
    GROUP BY e.name) AS p
JOIN events f ON f.sequence = p.first
JOIN events l ON l.sequence = p.last
LEFT JOIN events r ON r.sequence = p.given
