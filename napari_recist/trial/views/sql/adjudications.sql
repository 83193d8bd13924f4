-- Every adjudication, whose read it accepted, and what became of it.
SELECT d.sequence AS record, d.subject, $text(d.payload, signer) AS adjudicator,
    $moment(d.recorded_at) AS adjudicated_at_utc, $text(d.payload, chosen) AS chosen,
    CASE WHEN $text(d.payload, chosen) = 'own read' THEN $text(d.payload, signer) ELSE (
        SELECT r.reader FROM (
            SELECT a.reader, row_number() OVER (ORDER BY $place_on_table(a.subject, a.reader))
                AS place
            FROM (
                SELECT DISTINCT e.subject, $text(e.payload, reader) AS reader FROM events e
                WHERE e.subject = d.subject AND e.reader = '' AND e.kind = 'read_assigned.1'
                    AND e.sequence < d.sequence AND NOT EXISTS (
                        SELECT 1 FROM events w
                        WHERE w.subject = d.subject AND w.reader = ''
                            AND w.kind = 'assignment_withdrawn.1' AND w.sequence > e.sequence
                            AND w.sequence < d.sequence
                            AND $text(w.payload, name) = $text(e.payload, reader))) AS a) AS r
        WHERE r.place = CASE $text(d.payload, chosen) WHEN 'Read A' THEN 1 ELSE 2 END)
        END AS accepted_reader,
    $text(d.payload, reason) AS reason, $word(d.payload, comment) AS comment,
    $moment(w.recorded_at) AS withdrawn_at_utc, $text(w.payload, reason) AS withdrawn_reason
FROM events d
LEFT JOIN events w ON w.sequence = (
    SELECT min(l.sequence) FROM events l
    WHERE l.subject = d.subject AND l.reader = '' AND l.kind = 'adjudication_withdrawn.1'
        AND l.sequence > d.sequence)
WHERE d.kind = 'case_adjudicated.1'
