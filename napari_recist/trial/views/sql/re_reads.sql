-- Blinded re-reads beside the read they repeat, visit by visit.
SELECT $text(r.payload, alias) AS code, $text(r.payload, of_subject) AS subject, again.reader, again.visit,
    $word(b.fact, response) AS overall, $word(a.fact, response) AS again_overall,
    $millimetres($integer(b.fact, figures.sum)) AS sum_mm,
    $millimetres($integer(a.fact, figures.sum)) AS again_sum_mm,
    $moment(b.recorded_at) AS signed_at_utc, $moment(a.recorded_at) AS again_signed_at_utc
FROM events r
JOIN opened_visits again ON again.subject = $text(r.payload, alias) AND again.reader = $text(r.payload, reader)
JOIN opened_visits before ON before.subject = $text(r.payload, of_subject)
    AND before.reader = again.reader AND before.visit = again.visit
JOIN $facts(a) ON a.sequence = again.signature
JOIN $facts(b) ON b.sequence = before.signature
WHERE r.kind = 're_read_scheduled.1'
