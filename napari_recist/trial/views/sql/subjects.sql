-- A patient is known once images are registered; the codes of blinded re-reads are none.
SELECT v.subject, $moment(min(v.recorded_at)) AS registered_at_utc,
    (SELECT $moment(max(e.recorded_at)) FROM events e WHERE e.kind = 'follow_up_ended.1'
        AND e.subject = v.subject) AS follow_up_ended_at_utc,
    (SELECT $text(e.payload, reason) FROM events e WHERE e.kind = 'follow_up_ended.1'
        AND e.subject = v.subject ORDER BY e.sequence DESC LIMIT 1) AS follow_up_ended_reason
FROM events v
WHERE v.kind = 'visit_registered.1' AND v.subject NOT IN ($re_read_codes())
GROUP BY v.subject
