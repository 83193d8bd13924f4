-- The figures and responses of each visit that is signed now, as they were shown and signed.
SELECT v.subject, v.reader, v.visit, v.place, v.date, $true_date(v.subject, v.date) AS true_date,
    $day($text(s.fact, figures.response_date)) AS response_date,
    $true_date(v.subject, $text(s.fact, figures.response_date)) AS true_response_date,
    $millimetres($integer(s.fact, figures.sum)) AS sum_mm,
    $millimetres($integer(s.fact, figures.baseline_sum)) AS baseline_sum_mm,
    $millimetres($integer(s.fact, figures.nadir_sum)) AS nadir_sum_mm,
    $word(s.fact, figures.nadir_visit) AS nadir_visit,
    $millimetres($integer(s.fact, figures.sum) - $integer(s.fact, figures.baseline_sum))
        AS change_from_baseline_mm,
    $decimal($word(s.fact, figures.change_from_baseline_pct)) AS change_from_baseline_pct,
    $millimetres($integer(s.fact, figures.sum) - $integer(s.fact, figures.nadir_sum))
        AS change_from_nadir_mm,
    $decimal($word(s.fact, figures.change_from_nadir_pct)) AS change_from_nadir_pct,
    $text(s.fact, figures.target) AS target, $text(s.fact, figures.nontarget) AS nontarget,
    $flag(s.fact, figures.new_lesion) AS new_lesion, $word(s.fact, response) AS overall,
    $moment(s.recorded_at) AS signed_at_utc, v.signature AS record
FROM opened_visits v
JOIN $facts(s) ON s.sequence = v.signature
WHERE v.subject NOT IN ($re_read_codes())
