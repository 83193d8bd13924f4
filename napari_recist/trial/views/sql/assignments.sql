-- Every assignment of a person to a patient, with the record that ended it.
SELECT a.subject, a.person, a.task, $moment(a.recorded_at) AS assigned_at_utc,
    $moment(w.recorded_at) AS withdrawn_at_utc, $text(w.payload, reason) AS withdrawn_reason,
    a.sequence AS record
FROM (
    SELECT e.sequence, e.recorded_at, e.subject,
        CASE e.kind WHEN 'read_assigned.1' THEN $text(e.payload, reader)
            ELSE $text(e.payload, adjudicator) END AS person,
        CASE e.kind WHEN 'read_assigned.1' THEN 'read' ELSE 'adjudicate' END AS task
    FROM events e
    WHERE e.kind IN ('read_assigned.1', 'adjudicator_assigned.1')
        AND e.subject NOT IN ($re_read_codes())) AS a
LEFT JOIN events w ON w.sequence = (
    SELECT min(l.sequence) FROM events l
    WHERE l.subject = a.subject AND l.reader = '' AND l.kind = 'assignment_withdrawn.1'
        AND l.sequence > a.sequence AND $text(l.payload, name) = a.person)
