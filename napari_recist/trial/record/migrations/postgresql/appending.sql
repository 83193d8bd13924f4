-- The only way into the record: one function that knows who asks and lets one at a time extend it.

CREATE FUNCTION refuse(problem text, remedy text DEFAULT 'Ask the trial''s administrator.')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', problem USING ERRCODE = 'RC001', HINT = remedy;
END $$;

CREATE FUNCTION refuse_locked(problem text, remedy text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', problem USING ERRCODE = 'RC002', HINT = remedy;
END $$;

-- A signature names its signer, a charter of this trial, and a head that only the database knows.
CREATE FUNCTION refuse_wrong_signature(fact json) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF fact ->> 'signer' IS DISTINCT FROM session_user::text
            OR fact ->> 'chain_head' IS DISTINCT FROM ''
            OR coalesce(fact ->> 'meaning', '') = ''
            OR NOT EXISTS (SELECT FROM events WHERE kind = 'charter_adopted.1'
                AND payload::json ->> 'charter_hash' = fact ->> 'charter_hash') THEN
        PERFORM refuse('A signature is given in one''s own name, under a charter of the trial, '
            'and its place in the record is set by the database.');
    END IF;
END $$;

-- At which visit a lesion came onto the list of a read, as of a record's number; what was undone
-- does not count. Null where it never did, or, if asked, where it was withdrawn since.
CREATE FUNCTION lesion_added_at(
    of_subject text, lesion text, before integer, unless_withdrawn boolean
) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT CASE e.kind WHEN 'lesion_added.1' THEN e.payload::json ->> 'visit' END
        FROM events e
        WHERE e.subject = of_subject AND e.reader = session_user AND e.sequence < before
            AND (e.kind = 'lesion_added.1'
                    AND e.payload::json #>> '{lesion,identifier}' = lesion
                OR unless_withdrawn AND e.kind = 'lesion_withdrawn.1'
                    AND e.payload::json ->> 'lesion' = lesion)
            AND coalesce((
                SELECT u.kind = 'redone.1' FROM events u
                WHERE u.subject = of_subject AND u.reader = session_user
                    AND u.kind IN ('undone.1', 'redone.1')
                    AND (u.payload::json ->> 'sequence')::integer = e.sequence
                ORDER BY u.sequence DESC LIMIT 1), true)
        ORDER BY e.sequence DESC LIMIT 1
    );
END $$;

-- Which visit of a read a fact changes, null for none; refuses to undo what has no undoing.
CREATE FUNCTION visit_of_fact(of_subject text, of_kind text, fact json, before integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    named events;
BEGIN
    IF of_kind IN ('undone.1', 'redone.1') THEN
        SELECT * INTO named FROM events
        WHERE sequence = (fact ->> 'sequence')::integer AND subject = of_subject
            AND reader = session_user;
        IF named.kind IS NULL OR named.kind IN ('undone.1', 'redone.1', 'visit_signed.1',
                'visit_opened.1', 'visit_reopened.1', 'global_review_begun.1',
                'global_review_signed.1') THEN
            PERFORM refuse_locked('Only a gesture of one''s own read can be undone.',
                                  'A signed visit is re-opened by the administrator.');
        END IF;
        RETURN visit_of_fact(of_subject, named.kind, named.payload::json, named.sequence);
    ELSIF of_kind IN ('lesion_withdrawn.1', 'lesion_corrected.1') THEN
        RETURN lesion_added_at(of_subject,
            coalesce(fact #>> '{lesion,identifier}', fact ->> 'lesion'), before, false);
    END IF;
    RETURN fact ->> 'visit';
END $$;

-- Opening a visit under another date would put it elsewhere among the visits of the read.
CREATE FUNCTION refuse_other_date(of_subject text, of_visit text, fact json, signed boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    dates text[] := (
        SELECT array_agg(payload::json ->> 'date' ORDER BY sequence DESC) FROM events
        WHERE subject = of_subject AND reader = session_user AND kind = 'visit_opened.1'
            AND payload::json ->> 'visit' = of_visit);
BEGIN
    IF fact ->> 'date' IS DISTINCT FROM dates[1] AND (signed OR fact ->> 'date' <> (
            SELECT date FROM registered_visits WHERE subject = of_subject AND visit = of_visit)) THEN
        PERFORM refuse_locked(format('%s of %s has another date.', of_visit, of_subject),
                              'Open it as it is registered.');
    END IF;
END $$;

CREATE FUNCTION refuse_out_of_order(of_subject text, as_role text, of_kind text, fact json)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    of_visit text;
    found record;
    review text := global_review(of_subject, session_user);
    unsigned bigint;
BEGIN
    IF NOT is_assigned(of_subject, session_user,
            CASE as_role WHEN 'reader' THEN 'read' ELSE 'adjudicate' END) THEN
        PERFORM refuse(format('%s is not assigned to %s.', of_subject, session_user));
    END IF;
    IF as_role = 'adjudicator' THEN
        IF NOT (charter_in_force() #>> '{read,adjudicator_reads}')::boolean THEN
            PERFORM refuse(format('The charter has %s choose one of the reads of %s.',
                                  session_user, of_subject), 'Adjudicate it.');
        ELSIF case_obstacle(of_subject) <> '' THEN
            PERFORM refuse(case_obstacle(of_subject));
        END IF;
    END IF;
    of_visit := visit_of_fact(of_subject, of_kind, fact, 2147483647);
    IF of_visit IS NOT NULL THEN
        SELECT * INTO found FROM visits_of_read(of_subject, session_user) v
        WHERE v.visit = of_visit;
        IF found.visit IS NULL OR NOT found.is_open AND as_role = 'reader' THEN
            PERFORM refuse_locked(format('%s of %s is not open to you now.', of_visit, of_subject),
                                  'Finish and sign the visit before it.');
        ELSIF found.signed IS NOT NULL AND of_kind <> 'visit_opened.1' THEN
            PERFORM refuse_locked(format('%s of %s is signed.', of_visit, of_subject),
                                  'Open the visit that follows.');
        END IF;
    END IF;
    IF of_kind = 'visit_opened.1' THEN
        PERFORM refuse_other_date(of_subject, of_visit, fact, found.signed IS NOT NULL);
    ELSIF of_kind = 'lesion_added.1' AND EXISTS (
            SELECT FROM visits_of_read(of_subject, session_user) v
            WHERE v.signed IS NOT NULL AND v.visit = lesion_added_at(
                of_subject, fact #>> '{lesion,identifier}', 2147483647, true)) THEN
        PERFORM refuse_locked(format('%s is on the list of a signed visit of %s.',
                                     fact #>> '{lesion,identifier}', of_subject),
                              'Give the lesion another name.');
    END IF;
    IF of_kind IN ('visit_signed.1', 'global_review_signed.1') THEN
        PERFORM refuse_wrong_signature(fact);
    END IF;
    IF of_kind = 'visit_signed.1' AND NOT EXISTS (
            SELECT FROM events WHERE subject = of_subject AND reader = session_user
                AND kind = 'visit_opened.1' AND payload::json ->> 'visit' = of_visit) THEN
        PERFORM refuse_locked(format('%s of %s was never opened.', of_visit, of_subject),
                              'Read it first.');
    END IF;
    IF of_kind IN ('global_review_begun.1', 'global_review_signed.1') THEN
        SELECT count(*) FILTER (WHERE signed IS NULL) + (count(*) = 0)::integer INTO unsigned
        FROM visits_of_read(of_subject, session_user);
        IF NOT (charter_in_force() #>> '{read,global_review}')::boolean OR unsigned > 0
                OR of_kind = 'global_review_begun.1' AND review IS NOT NULL
                OR of_kind = 'global_review_signed.1' AND review IS DISTINCT FROM 'begun' THEN
            PERFORM refuse_locked(format('%s cannot be reviewed as a whole now.', of_subject),
                                  'Sign every visit first.');
        END IF;
    END IF;
END $$;

CREATE FUNCTION refuse_reopening(of_subject text, of_reader text, of_visit text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    signed_place bigint := (SELECT place FROM visits_of_read(of_subject, of_reader) v
                            WHERE v.visit = of_visit AND v.signed IS NOT NULL);
BEGIN
    IF signed_place IS NULL THEN
        PERFORM refuse_locked(format('%s of %s by %s is not signed.', of_visit, of_subject,
                                     of_reader), 'It needs no re-opening.');
    END IF;
    IF EXISTS (SELECT FROM visits_of_read(of_subject, of_reader) v
               WHERE v.place > signed_place AND v.signed IS NOT NULL) OR (
            SELECT kind = 'case_adjudicated.1' FROM events
            WHERE subject = of_subject AND reader = ''
                AND kind IN ('case_adjudicated.1', 'adjudication_withdrawn.1')
            ORDER BY sequence DESC LIMIT 1) THEN
        PERFORM refuse_locked(format('Later visits or an adjudication of %s rest on %s.',
                                     of_subject, of_visit), 'Withdraw those first.');
    END IF;
END $$;

-- What a fact about people or assignments asks of the people it names.
CREATE FUNCTION refuse_wrong_person(of_subject text, of_kind text, fact json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF of_kind IN ('signed_in.1', 'sign_in_refused.1')
            AND fact ->> 'name' IS DISTINCT FROM session_user::text THEN
        PERFORM refuse('Who signed in is told by themselves.');
    ELSIF of_kind = 'person_admitted.1' AND NOT EXISTS (
            SELECT FROM may_state WHERE role = fact ->> 'role' AND role <> 'owner') THEN
        PERFORM refuse(format('There is no role %L.', fact ->> 'role'));
    ELSIF of_kind = 'person_admitted.1' AND fact ->> 'name' = current_user THEN
        PERFORM refuse('Whoever owns the database has no part in the trial.');
    ELSIF of_kind = 'read_assigned.1' AND (
            role_of(fact ->> 'reader') IS DISTINCT FROM 'reader'
            OR is_assigned(of_subject, fact ->> 'reader', 'adjudicate')) THEN
        PERFORM refuse(format('%s is no reader of %s.', fact ->> 'reader', of_subject));
    ELSIF of_kind = 'adjudicator_assigned.1' AND (
            role_of(fact ->> 'adjudicator') IS DISTINCT FROM 'adjudicator'
            OR is_assigned(of_subject, fact ->> 'adjudicator', 'read')
            OR EXISTS (
                SELECT FROM events WHERE subject = of_subject AND reader = fact ->> 'adjudicator'
                    AND kind = 'visit_signed.1'
                    AND sequence < coalesce((
                        SELECT min(sequence) FROM events WHERE subject = of_subject
                            AND kind = 'adjudicator_assigned.1'
                            AND payload::json ->> 'adjudicator' = fact ->> 'adjudicator'),
                        2147483647))) THEN
        PERFORM refuse(format('%s cannot adjudicate %s.', fact ->> 'adjudicator', of_subject),
                       'Choose an adjudicator who never read this patient.');
    END IF;
END $$;

-- Transfers are frozen as 1, 2, 3 ..., and exported only once they are frozen.
CREATE FUNCTION refuse_wrong_transfer(of_kind text, fact json) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    frozen bigint := (SELECT count(*) FROM events WHERE kind = 'transfer_frozen.1');
BEGIN
    IF of_kind = 'transfer_frozen.1' AND (
            (fact ->> 'number')::bigint IS DISTINCT FROM frozen + 1
            OR fact ->> 'chain_head' IS DISTINCT FROM '') THEN
        RAISE EXCEPTION 'The next transfer is number %, not %.', frozen + 1, fact ->> 'number'
            USING ERRCODE = 'RC003', HINT = 'Freeze again.';
    ELSIF of_kind = 'transfer_exported.1'
            AND NOT coalesce((fact ->> 'number')::bigint BETWEEN 1 AND frozen, false) THEN
        PERFORM refuse(format('There is no transfer %s.', fact ->> 'number'), 'Freeze one first.');
    END IF;
END $$;

CREATE FUNCTION refuse_forbidden(of_subject text, of_reader text, of_kind text, fact json)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    role text := my_role();
    subject_of text;
BEGIN
    SELECT about INTO subject_of FROM may_state m WHERE m.role = my_role() AND m.kind = of_kind;
    IF subject_of IS NULL THEN
        PERFORM refuse(format('%s (%s) may not state %s.', session_user,
                              coalesce(role, 'nobody of this trial'), of_kind));
    END IF;
    IF (subject_of = 'trial') <> (of_subject = '')
            OR (subject_of = 'own read' AND of_reader <> session_user)
            OR (subject_of = 'other read' AND of_reader IN ('', session_user))
            OR (subject_of IN ('trial', 'patient') AND of_reader <> '') THEN
        PERFORM refuse(format('%s may not state %s of patient %L for %L.', session_user, of_kind,
                              of_subject, of_reader));
    END IF;
    CASE
        WHEN subject_of = 'own read' THEN
            PERFORM refuse_out_of_order(of_subject, role, of_kind, fact);
        WHEN role = 'administrator' AND of_kind IN ('visit_registered.1', 'follow_up_ended.1') THEN
            IF NOT EXISTS (SELECT FROM events WHERE kind = 're_read_scheduled.1'
                               AND payload::json ->> 'alias' = of_subject) THEN
                PERFORM refuse(format('%s may not state %s of %s, which is no re-read.',
                                      session_user, of_kind, of_subject));
            END IF;
        WHEN of_kind = 'visit_reopened.1' THEN
            PERFORM refuse_reopening(of_subject, of_reader, fact ->> 'visit');
        WHEN of_kind = 'case_adjudicated.1' THEN
            IF NOT is_assigned(of_subject, session_user, 'adjudicate')
                    OR is_assigned(of_subject, session_user, 'read') THEN
                PERFORM refuse(format('%s does not adjudicate %s.', session_user, of_subject));
            ELSIF case_obstacle(of_subject) <> '' THEN
                PERFORM refuse(case_obstacle(of_subject));
            END IF;
            PERFORM refuse_wrong_signature(fact);
        WHEN of_kind = 'clinical_review_signed.1' THEN
            PERFORM refuse_wrong_signature(fact);
        WHEN of_kind IN ('transfer_frozen.1', 'transfer_exported.1') THEN
            PERFORM refuse_wrong_transfer(of_kind, fact);
        ELSE
            PERFORM refuse_wrong_person(of_subject, of_kind, fact);
    END CASE;
END $$;

CREATE FUNCTION append_event(
    of_subject text, of_reader text, of_kind text, payload text,
    utc_offset_minutes integer, last_known integer DEFAULT NULL
) RETURNS events
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    head chain_head;
    made events;
BEGIN
    -- Durable whatever the session asks for, and nobody keeps the others waiting.
    PERFORM set_config('synchronous_commit', 'on', true);
    PERFORM set_config('lock_timeout', '10s', true);
    PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
    IF payload COLLATE "C" !~ '^\{[ -~]*\}$' OR abs(utc_offset_minutes) > 1440 THEN
        RAISE EXCEPTION 'A payload is a JSON object in ASCII, with an offset of at most a day.'
            USING ERRCODE = 'RC003';
    END IF;
    SELECT * INTO head FROM chain_head FOR UPDATE;
    IF head IS NULL THEN
        RAISE EXCEPTION 'The head of the record is gone.'
            USING ERRCODE = 'RC003', HINT = 'Run napari-recist verify.';
    END IF;
    PERFORM refuse_forbidden(of_subject, of_reader, of_kind, payload::json);
    IF last_known IS NOT NULL AND last_known <> (
            SELECT coalesce(max(e.sequence), 0) FROM events e
            WHERE e.subject = of_subject AND e.reader = of_reader) THEN
        RAISE EXCEPTION 'The read of % by % was continued in another window.',
            of_subject, of_reader
            USING ERRCODE = 'RC003', HINT = 'Close this read and open it again to go on.';
    END IF;
    made.sequence := head.sequence + 1;
    made.recorded_at :=
        to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00';
    made.utc_offset_minutes := utc_offset_minutes;
    made.subject := of_subject;
    made.reader := of_reader;
    made.kind := of_kind;
    made.payload :=
        replace(payload, '"chain_head":""', '"chain_head":"' || head.hash || '"');
    made.previous_hash := head.hash;
    made.actor := session_user;
    made.hash := record_hash(made);
    INSERT INTO events VALUES (made.*);
    IF of_kind = 'person_retired.1' AND is_login_of_trial(payload::json ->> 'name') THEN
        EXECUTE format('ALTER ROLE %I NOLOGIN', payload::json ->> 'name');
    END IF;
    RETURN made;
END $$;
