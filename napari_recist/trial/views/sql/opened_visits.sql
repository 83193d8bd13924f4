-- The visits that a reader opened, with the numbers of the records that tell of each.
SELECT w.subject, w.reader, w.visit, $day(w.date) AS date,
    CAST(row_number() OVER (PARTITION BY w.subject, w.reader ORDER BY w.date, w.opened)
        AS integer) AS place,
    w.opened, w.first_opened, w.chosen,
    CASE WHEN w.last_signature = w.signed AND w.signed > w.first_opened
        AND w.signed > coalesce(w.begun, 0) THEN w.signed END AS signature
FROM (
    SELECT f.sequence, f.kind, f.subject, f.reader, f.visit, f.date, f.begun,
        max(CASE WHEN f.kind = 'visit_opened.1' THEN f.sequence END) OVER of_visit AS opened,
        min(CASE WHEN f.kind = 'visit_opened.1' THEN f.sequence END) OVER of_visit AS first_opened,
        max(CASE WHEN f.kind = 'series_chosen.1' THEN f.sequence END) OVER of_visit AS chosen,
        max(CASE WHEN f.kind = 'visit_signed.1' THEN f.sequence END) OVER of_visit AS signed,
        max(CASE WHEN f.kind IN ('visit_signed.1', 'visit_reopened.1') THEN f.sequence END)
            OVER of_visit AS last_signature
    FROM (
        SELECT s.sequence, s.kind, s.subject, s.reader, s.visit, s.date,
            max(CASE WHEN s.kind = 'global_review_begun.1' THEN s.sequence END)
                OVER (PARTITION BY s.subject, s.reader) AS begun
        FROM standing_facts s
        WHERE s.kind IN ('visit_opened.1', 'series_chosen.1', 'visit_signed.1',
            'visit_reopened.1', 'global_review_begun.1')) AS f
    WINDOW of_visit AS (PARTITION BY f.subject, f.reader, f.visit)) AS w
WHERE w.kind = 'visit_opened.1' AND w.sequence = w.opened
