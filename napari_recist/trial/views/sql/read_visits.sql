-- The visits of each read: opened, measured on which series, signed.
SELECT v.subject, v.reader, v.visit, v.place, v.date, $true_date(v.subject, v.date) AS true_date,
    $word(coalesce(c.payload, o.payload), series_uid) AS series_uid,
    $word(c.payload, reason) AS series_reason,
    $moment(b.recorded_at) AS opened_at_utc, $moment(s.recorded_at) AS signed_at_utc,
    (v.signature IS NOT NULL) AS signed
FROM opened_visits v
JOIN events o ON o.sequence = v.opened
JOIN events b ON b.sequence = v.first_opened
LEFT JOIN events c ON c.sequence = v.chosen
LEFT JOIN events s ON s.sequence = v.signature
WHERE v.subject NOT IN ($re_read_codes())
