-- The record itself, line by line. What would name a patient, a file or a password stays in it.
SELECT e.sequence AS record, $moment(nullif(e.recorded_at, '')) AS recorded_at_utc,
    $local_moment(nullif(e.recorded_at, ''), e.utc_offset_minutes) AS recorded_at_local,
    nullif(coalesce(nullif(e.actor, ''), e.reader), '') AS actor,
    nullif(e.subject, '') AS subject, nullif(e.reader, '') AS reader, e.kind,
    CASE WHEN e.kind NOT IN ('identity_registered.1', 'visit_registered.1', 'password_set.1',
        'clinical_data_given.1') THEN nullif(e.payload, '') END AS payload,
    nullif(e.hash, '') AS hash
FROM $record() e
