-- What the sites were asked, what they answered last, and how it ended.
SELECT q.query, q.subject, q.visit, q.code, q.text, $moment(q.recorded_at) AS raised_at_utc,
    q.actor AS raised_by, $text(a.payload, text) AS answer,
    $moment(a.recorded_at) AS answered_at_utc, $text(c.payload, outcome) AS outcome,
    $moment(c.recorded_at) AS closed_at_utc
FROM (
    SELECT e.sequence, e.recorded_at, e.subject, e.actor, $text(e.payload, query) AS query,
        $word(e.payload, visit) AS visit, $text(e.payload, code) AS code,
        $text(e.payload, text) AS text
    FROM events e
    WHERE e.kind = 'query_raised.1') AS q
LEFT JOIN events a ON a.sequence = (
    SELECT max(l.sequence) FROM events l
    WHERE l.subject = q.subject AND l.reader = '' AND l.kind = 'query_answered.1'
        AND $text(l.payload, query) = q.query)
LEFT JOIN events c ON c.sequence = (
    SELECT max(l.sequence) FROM events l
    WHERE l.subject = q.subject AND l.reader = '' AND l.kind = 'query_closed.1'
        AND $text(l.payload, query) = q.query)
