-- The list of each read: as last told, without what was withdrawn.
SELECT w.subject, w.reader, w.lesion,
    CAST(row_number() OVER (PARTITION BY w.subject, w.reader ORDER BY w.added) AS integer)
        AS place,
    $text(w.fact, lesion.role) AS role, $word(w.fact, lesion.organ) AS organ,
    $word(w.fact, lesion.site) AS site, $flag(w.fact, lesion.node) AS node,
    $flag(w.fact, lesion.porta_hepatis) AS porta_hepatis,
    $flag(w.fact, lesion.prior_local_therapy) AS prior_local_therapy,
    $flag(w.fact, lesion.progressed_since) AS progressed_since,
    coalesce($text(w.fact, lesion.nature), 'solid') AS nature,
    $text(a.payload, visit) AS listed_at, $moment(a.recorded_at) AS listed_at_utc,
    CASE WHEN w.told > w.added THEN $word(w.fact, reason) END AS corrected_reason,
    w.told AS record
FROM (
    SELECT f.sequence, f.subject, f.reader, f.lesion, f.fact,
        max(CASE WHEN f.kind = 'lesion_added.1' THEN f.sequence END) OVER of_lesion AS added,
        max(CASE WHEN f.kind = 'lesion_withdrawn.1' THEN f.sequence END) OVER of_lesion
            AS withdrawn,
        max(CASE WHEN f.kind <> 'lesion_withdrawn.1' THEN f.sequence END) OVER of_lesion AS told
    FROM standing_facts f
    WHERE f.kind IN ('lesion_added.1', 'lesion_corrected.1', 'lesion_withdrawn.1')
        AND f.subject NOT IN ($re_read_codes())
    WINDOW of_lesion AS (PARTITION BY f.subject, f.reader, f.lesion)) AS w
JOIN events a ON a.sequence = w.added
WHERE w.added > coalesce(w.withdrawn, 0) AND w.sequence = w.told
