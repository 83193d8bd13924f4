-- What was last said of each lesion at each visit. From the inside out: what could count, with
-- the record that last dated it (dated), listed it and withdrew it (said); what stands since the
-- last fact that replaces all before it (kept); the fragments of a split lesion in their places
-- (placed). One partition to a step: only so SQLite looks at one patient where one is asked for.
WITH dated AS (
    SELECT f.sequence, f.kind, f.subject, f.reader, f.visit, f.lesion,
        coalesce(f.viable, 1 = 0) AS viable,
        coalesce(f.fragment, 0) AS fragment,
        max(CASE WHEN f.kind = 'visit_opened.1' THEN f.sequence END)
            OVER (PARTITION BY f.subject, f.reader, f.visit) AS opened
    FROM standing_facts f
    WHERE f.kind IN ('lesion_measured.1', 'status_stated.1', 'observation_withdrawn.1',
        'lesion_added.1', 'lesion_corrected.1', 'lesion_withdrawn.1', 'visit_opened.1')
        AND f.subject NOT IN ($re_read_codes())
), said AS (
    SELECT d.*,
        max(CASE WHEN d.kind = 'lesion_added.1' THEN d.sequence END) OVER of_lesion AS added,
        max(CASE WHEN d.kind IN ('lesion_added.1', 'lesion_corrected.1') THEN d.sequence END)
            OVER of_lesion AS told,
        coalesce(max(CASE WHEN d.kind = 'lesion_withdrawn.1' THEN d.sequence END) OVER of_lesion, 0)
            AS withdrawn
    FROM dated d
    WINDOW of_lesion AS (PARTITION BY d.subject, d.reader, d.lesion)
), replacing AS (
    SELECT said.*, max(said.sequence) OVER of_place AS last,
        coalesce(max(CASE WHEN said.fragment = 0 THEN said.sequence END) OVER of_place, 0) AS whole
    FROM said
    WHERE said.sequence > said.withdrawn
        AND said.kind IN ('lesion_measured.1', 'status_stated.1', 'observation_withdrawn.1')
    WINDOW of_place AS (
        PARTITION BY said.subject, said.reader, said.lesion, said.visit, said.viable)
), kept AS (
    SELECT r.*, $joined(CASE WHEN r.fragment > 0 THEN $character(r.fragment) END) OVER (
        PARTITION BY r.subject, r.reader, r.lesion, r.visit, r.viable ORDER BY r.sequence)
        AS fragments
    FROM replacing r
    WHERE (r.sequence > r.whole OR r.last = r.whole AND r.sequence = r.whole)
        AND r.kind <> 'observation_withdrawn.1'
), placed AS (
    -- A fragment takes the place of its number, or, where there are not so many yet, the next.
    SELECT kept.*, CASE WHEN kept.fragment = 0 THEN 0 ELSE (
        WITH RECURSIVE fold (step, held, place) AS (
            SELECT 0, 0, 0
            UNION ALL
            SELECT fold.step + 1,
                CASE WHEN $code(substr(kept.fragments, fold.step + 1, 1)) > fold.held
                    THEN fold.held + 1 ELSE fold.held END,
                CASE WHEN $code(substr(kept.fragments, fold.step + 1, 1)) > fold.held
                    THEN fold.held + 1 ELSE $code(substr(kept.fragments, fold.step + 1, 1)) END
            FROM fold WHERE fold.step < length(kept.fragments))
        SELECT fold.place FROM fold ORDER BY fold.step DESC LIMIT 1) END AS piece
    FROM kept
), standing AS (
    SELECT placed.*, row_number() OVER (
        PARTITION BY placed.subject, placed.reader, placed.lesion, placed.visit, placed.viable,
            placed.piece
        ORDER BY placed.sequence DESC) AS from_last
    FROM placed
)
SELECT s.subject, s.reader, s.visit, $day($text(o.payload, date)) AS date,
    $true_date(s.subject, $text(o.payload, date)) AS true_date,
    s.lesion, s.piece AS fragment, s.viable,
    $text(l.payload, lesion.role) AS role, $word(l.payload, lesion.organ) AS organ,
    $flag(l.payload, lesion.node) AS node,
    CASE WHEN m.kind = 'status_stated.1' THEN $text(m.fact, status)
        WHEN s.piece > 0 THEN 'split' ELSE 'measured' END AS status,
    $millimetres($integer(m.fact, diameter)) AS diameter_mm,
    $number(m.fact, caliper.long_axis.raw_mm) AS long_axis_raw_mm,
    $number(m.fact, caliper.short_axis.raw_mm) AS short_axis_raw_mm,
    $number(m.fact, caliper.long_axis.start.0) AS long_x1,
    $number(m.fact, caliper.long_axis.start.1) AS long_y1,
    $number(m.fact, caliper.long_axis.start.2) AS long_z1,
    $number(m.fact, caliper.long_axis.end.0) AS long_x2,
    $number(m.fact, caliper.long_axis.end.1) AS long_y2,
    $number(m.fact, caliper.long_axis.end.2) AS long_z2,
    $number(m.fact, caliper.short_axis.start.0) AS short_x1,
    $number(m.fact, caliper.short_axis.start.1) AS short_y1,
    $number(m.fact, caliper.short_axis.start.2) AS short_z1,
    $number(m.fact, caliper.short_axis.end.0) AS short_x2,
    $number(m.fact, caliper.short_axis.end.1) AS short_y2,
    $number(m.fact, caliper.short_axis.end.2) AS short_z2,
    $word(m.fact, caliper.series_uid) AS series_uid,
    $word(m.fact, caliper.sop_instance_uid) AS sop_instance_uid,
    $integer(m.fact, caliper.frame) AS frame,
    $word(m.fact, caliper.frame_of_reference_uid) AS frame_of_reference_uid,
    $text(m.fact, caliper.provenance) AS provenance,
    $number(m.fact, caliper.pixels_per_mm) AS pixels_per_mm,
    $word(m.fact, caliper.passport) AS passport,
    $text(m.fact, code) AS reason_code, $word(m.fact, reason) AS reason_words,
    $word(m.fact, into) AS merged_into,
    $moment(m.recorded_at) AS recorded_at_utc, s.sequence AS record
FROM standing s
JOIN $facts(m) ON m.sequence = s.sequence
LEFT JOIN events o ON o.sequence = s.opened
LEFT JOIN events l ON l.sequence = s.told AND s.added > s.withdrawn
WHERE s.from_last = 1
