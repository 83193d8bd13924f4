-- Every signature that was given, and whether it stands.
SELECT e.sequence AS record, e.subject,
    CASE e.kind WHEN 'visit_signed.1' THEN 'visit' WHEN 'global_review_signed.1'
        THEN 'global review' WHEN 'case_adjudicated.1' THEN 'adjudication'
        ELSE 'clinical review' END AS signed_what,
    nullif(e.reader, '') AS reader, $text(e.fact, visit) AS visit,
    $text(e.fact, signer) AS signer, $moment(e.recorded_at) AS signed_at_utc,
    $text(e.fact, meaning) AS meaning,
    nullif(coalesce($text(e.fact, chosen), $text(e.fact, response)), '') AS outcome,
    CASE e.kind
        WHEN 'visit_signed.1' THEN e.sequence IN (
            SELECT v.signature FROM opened_visits v WHERE v.signature IS NOT NULL)
        WHEN 'global_review_signed.1' THEN e.sequence = (
            SELECT max(f.sequence) FROM standing_facts f
            WHERE f.subject = e.subject AND f.reader = e.reader AND f.kind IN
                ('global_review_begun.1', 'global_review_signed.1', 'visit_reopened.1'))
        WHEN 'case_adjudicated.1' THEN e.sequence = (
            SELECT max(d.sequence) FROM events d
            WHERE d.subject = e.subject AND d.reader = ''
                AND d.kind IN ('case_adjudicated.1', 'adjudication_withdrawn.1'))
        END AS stands,
    $text(e.fact, content_hash) AS content_hash, $text(e.fact, charter_hash) AS charter_hash,
    $text(e.fact, chain_head) AS chain_head, $text(e.fact, software) AS software
FROM $facts(e)
WHERE e.kind IN ('visit_signed.1', 'global_review_signed.1', 'case_adjudicated.1',
    'clinical_review_signed.1')
