-- Which role may state and see which kind of fact: staff/access.py as the database holds it.

-- about: 'trial' (no patient), 'patient', 'own read', 'other read' (in the read of another).
CREATE TABLE may_state (
    role text NOT NULL,
    kind text NOT NULL,
    about text NOT NULL,
    PRIMARY KEY (role, kind)
);

INSERT INTO may_state
SELECT role, kind || '.1', about FROM (VALUES
    ('{administrator,owner}', 'trial', '{charter_adopted,person_admitted,person_retired,password_set,'
     'transfer_frozen}'),
    ('{administrator,monitor,owner}', 'trial', '{transfer_exported}'),
    ('{administrator,owner}', 'patient', '{re_read_scheduled,adjudication_withdrawn}'),
    ('{administrator,owner}', 'other read', '{visit_reopened}'),
    ('{administrator,image manager,owner}', 'patient',
     '{read_assigned,adjudicator_assigned,assignment_withdrawn}'),
    -- Of the code of a re-read only: refuse_forbidden() looks.
    ('{administrator}', 'patient', '{visit_registered,follow_up_ended}'),
    ('{image manager,owner}', 'patient',
     '{visit_registered,images_accepted,query_raised,query_answered,query_closed,follow_up_ended,'
     'identity_registered,clinical_data_given}'),
    ('{reader,adjudicator}', 'own read',
     '{visit_opened,series_chosen,lesion_added,lesion_corrected,lesion_withdrawn,lesion_located,'
     'lesion_measured,measurement_proposed,proposal_dismissed,status_stated,observation_withdrawn,'
     'advice_overridden,target_response_argued,visit_signed,'
     'global_review_begun,global_review_signed,undone,redone}'),
    ('{adjudicator}', 'patient', '{case_adjudicated}'),
    ('{oncologist reviewer}', 'patient', '{clinical_review_signed}'),
    ('{administrator,image manager,reader,adjudicator,oncologist reviewer,monitor}', 'trial',
     '{signed_in,sign_in_refused}')
) AS rule (roles, about, kinds), unnest(roles::text[]) AS role, unnest(kinds::text[]) AS kind;

-- Kinds that a role sees of everybody and every patient. What else a reader, an adjudicator or an
-- oncologist sees depends on the row: is_shown_to_me() tells.
CREATE TABLE may_see (
    role text NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (role, kind)
);

INSERT INTO may_see
SELECT DISTINCT role, kind FROM (
    SELECT unnest('{administrator,monitor}'::text[]) AS role, kind FROM may_state
    UNION ALL
    SELECT 'image manager', kind FROM may_state WHERE about IN ('trial', 'patient')
    UNION ALL
    SELECT unnest('{reader,adjudicator,oncologist reviewer}'::text[]), 'charter_adopted.1'
    UNION ALL
    SELECT 'oncologist reviewer', unnest('{clinical_data_given.1,clinical_review_signed.1}'::text[])
) AS seen
WHERE NOT (role = 'administrator' AND kind IN ('identity_registered.1', 'clinical_data_given.1'))
    AND NOT (role = 'image manager' AND kind = 'clinical_review_signed.1');

CREATE FUNCTION kinds_seen() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT array_agg(kind) FROM may_see WHERE role = my_role()), '{}');
END $$;

CREATE FUNCTION is_shown_to_me(of_kind text, of_subject text, of_reader text, payload text)
RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    role text := my_role();
BEGIN
    IF role IN ('reader', 'adjudicator') AND of_reader = session_user THEN
        RETURN true;
    END IF;
    CASE
        WHEN of_kind IN ('person_admitted.1', 'person_retired.1', 'signed_in.1',
                         'sign_in_refused.1', 'assignment_withdrawn.1') THEN
            RETURN payload::json ->> 'name' = session_user;
        WHEN of_kind = 'read_assigned.1' THEN
            RETURN payload::json ->> 'reader' = session_user;
        WHEN of_kind = 'adjudicator_assigned.1' THEN
            RETURN payload::json ->> 'adjudicator' = session_user;
        WHEN of_kind = 'visit_registered.1' AND role = 'reader' THEN
            -- How many visits are still to come would unblind.
            RETURN is_assigned(of_subject, session_user, 'read') AND EXISTS (
                SELECT FROM visits_of_read(of_subject, session_user) v
                WHERE v.is_open AND v.visit = payload::json #>> '{scheduled,visit}');
        WHEN of_kind IN ('follow_up_ended.1', 'case_adjudicated.1', 'adjudication_withdrawn.1')
                AND role = 'adjudicator' THEN
            RETURN is_assigned(of_subject, session_user, 'adjudicate');
        WHEN of_kind = 'visit_registered.1' AND role = 'adjudicator' THEN
            RETURN is_assigned(of_subject, session_user, 'adjudicate')
                AND case_obstacle(of_subject) = '';
        WHEN of_kind IN ('case_adjudicated.1', 'adjudication_withdrawn.1', 'follow_up_ended.1')
                AND role = 'oncologist reviewer' THEN
            RETURN case_obstacle(of_subject) = '';
        ELSE
            RETURN false;
    END CASE;
END $$;
