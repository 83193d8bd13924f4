-- The order of reading: which visits of a read are signed and open, who reads what, what is ready.

CREATE FUNCTION charter_in_force() RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT charter FROM (
            SELECT sequence, payload::json -> 'charter' AS charter,
                payload::json ->> 'holds_from' AS holds_from,
                row_number() OVER (ORDER BY sequence) = 1 AS first
            FROM events WHERE kind = 'charter_adopted.1') AS version
        WHERE first OR holds_from IS NULL
            OR holds_from <= to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
        ORDER BY sequence DESC LIMIT 1
    );
END $$;

CREATE FUNCTION signatures(of_subject text, of_reader text)
RETURNS TABLE (visit text, number integer)
LANGUAGE sql STABLE AS $$
    SELECT last.visit, last.sequence FROM (
        SELECT DISTINCT ON (payload::json ->> 'visit')
            payload::json ->> 'visit' AS visit, sequence, kind
        FROM events
        WHERE subject = of_subject AND reader = of_reader
            AND kind IN ('visit_signed.1', 'visit_reopened.1')
            AND sequence > (
                SELECT coalesce(max(sequence), 0) FROM events
                WHERE subject = of_subject AND reader = of_reader
                    AND kind = 'global_review_begun.1')
        ORDER BY payload::json ->> 'visit', sequence DESC) AS last
    WHERE last.kind = 'visit_signed.1'
$$;

-- What last happened to a read as a whole: 'begun', 'signed' or null.
CREATE FUNCTION global_review(of_subject text, of_reader text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT CASE kind WHEN 'global_review_begun.1' THEN 'begun'
                         WHEN 'global_review_signed.1' THEN 'signed' END
        FROM events
        WHERE subject = of_subject AND reader = of_reader
            AND kind IN ('global_review_begun.1', 'global_review_signed.1', 'visit_reopened.1')
        ORDER BY sequence DESC LIMIT 1
    );
END $$;

-- The visits that belong to a read, by date: without those that came after a later one was signed.
CREATE FUNCTION visits_of_read(of_subject text, of_reader text)
RETURNS TABLE (visit text, place bigint, signed integer, is_open boolean)
LANGUAGE sql STABLE AS $$
    WITH placed AS (
        SELECT v.visit, v.first_number, s.number AS signed,
            row_number() OVER (ORDER BY v.date, v.first_number) AS place
        FROM registered_visits v LEFT JOIN signatures(of_subject, of_reader) s USING (visit)
        WHERE v.subject = of_subject
    ), passed AS (
        SELECT placed.*, min(signed) OVER (
            ORDER BY place ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS passed_at
        FROM placed
    )
    SELECT passed.visit, passed.place, passed.signed,
        count(*) FILTER (WHERE passed.signed IS NULL) OVER (
            ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) = 0
        -- As sub-selects these are looked up once, not for every visit.
        OR (SELECT NOT (charter_in_force() #>> '{read,sequential}')::boolean)
        OR (SELECT coalesce(global_review(of_subject, of_reader) = 'begun', false))
    FROM passed
    WHERE signed IS NOT NULL OR passed_at IS NULL OR first_number < passed_at
$$;

-- Who reads a patient (task 'read') and who settles it (task 'adjudicate').
CREATE FUNCTION assigned(of_subject text) RETURNS TABLE (name text, task text)
LANGUAGE sql STABLE AS $$
    WITH said AS (
        SELECT sequence, kind, coalesce(payload::json ->> 'reader',
            payload::json ->> 'adjudicator', payload::json ->> 'name') AS name
        FROM events
        WHERE subject = of_subject AND reader = '' AND kind IN
            ('read_assigned.1', 'adjudicator_assigned.1', 'assignment_withdrawn.1')
    )
    SELECT DISTINCT said.name,
        CASE kind WHEN 'read_assigned.1' THEN 'read' ELSE 'adjudicate' END
    FROM said
    WHERE kind <> 'assignment_withdrawn.1'
        AND NOT EXISTS (
            SELECT FROM said later WHERE later.sequence > said.sequence
                AND (later.kind = 'assignment_withdrawn.1' AND later.name = said.name
                     OR later.kind = said.kind AND said.kind = 'adjudicator_assigned.1'))
$$;

CREATE FUNCTION is_assigned(of_subject text, person text, to_do text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT EXISTS (SELECT FROM assigned(of_subject) a WHERE a.name = person AND a.task = to_do)
    );
END $$;

-- Why the reads of a patient cannot be compared yet, '' where they can.
CREATE FUNCTION case_obstacle(of_subject text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT CASE
            WHEN NOT EXISTS (SELECT FROM events WHERE subject = of_subject AND reader = ''
                                 AND kind = 'follow_up_ended.1')
                THEN format('The follow-up of %s has not ended.', of_subject)
            WHEN NOT EXISTS (SELECT FROM assigned(of_subject) WHERE task = 'read')
                THEN format('Nobody has read %s.', of_subject)
            WHEN EXISTS (
                SELECT FROM assigned(of_subject) a, visits_of_read(of_subject, a.name) v
                WHERE a.task = 'read' AND v.signed IS NULL)
                THEN format('A read of %s is not finished.', of_subject)
            WHEN (charter_in_force() #>> '{read,global_review}')::boolean AND EXISTS (
                SELECT FROM assigned(of_subject) a
                WHERE a.task = 'read'
                    AND global_review(of_subject, a.name) IS DISTINCT FROM 'signed')
                THEN format('A global review of %s is not finished.', of_subject)
            ELSE ''
        END
    );
END $$;

-- Both finished reads of a patient, nobody being named, in an order of chance that stays.
CREATE FUNCTION case_events(of_subject text) RETURNS SETOF events
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    obstacle text := case_obstacle(of_subject);
    trial_uid text := (SELECT payload::json ->> 'trial_uid' FROM events
                       WHERE kind = 'charter_adopted.1' ORDER BY sequence LIMIT 1);
BEGIN
    IF coalesce(my_role(), '') NOT IN ('administrator', 'monitor', 'oncologist reviewer', 'owner')
            AND NOT (my_role() = 'adjudicator'
                     AND is_assigned(of_subject, session_user, 'adjudicate')) THEN
        RAISE EXCEPTION '% does not adjudicate %.', session_user, of_subject
            USING ERRCODE = 'RC001', HINT = 'Ask for the patient to be assigned.';
    END IF;
    IF obstacle <> '' THEN
        RAISE EXCEPTION '%', obstacle
            USING ERRCODE = 'RC001', HINT = 'Adjudicate it once every read is finished.';
    END IF;
    RETURN QUERY
        SELECT e.sequence, e.recorded_at, 0, e.subject, shown.as_read, e.kind,
            replace(e.payload, '"signer":' || json_text(e.reader),
                    '"signer":' || json_text(shown.as_read)), '', '', ''
        FROM (
            SELECT name, 'Read ' || chr(64 + row_number() OVER (ORDER BY encode(sha256(convert_to(
                trial_uid || E'\n' || of_subject || E'\n' || name, 'UTF8')), 'hex')
                COLLATE "C")::integer) AS as_read
            FROM assigned(of_subject) WHERE task = 'read') AS shown
        JOIN events e ON e.subject = of_subject AND e.reader = shown.name
        ORDER BY e.sequence;
END $$;
