-- Who is who, told by the record alone; a person is the role that logged in, whatever it became.

CREATE FUNCTION role_of(person text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT CASE kind WHEN 'person_admitted.1' THEN payload::json ->> 'role' END
        FROM events
        WHERE kind IN ('person_admitted.1', 'person_retired.1')
            AND payload::json ->> 'name' = person
        ORDER BY sequence DESC LIMIT 1
    );
END $$;

-- Null for who is retired or was never admitted. Inside, the current user owns the schema.
CREATE FUNCTION my_role() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT CASE WHEN session_user = current_user THEN 'owner' ELSE role_of(session_user) END
    );
END $$;

-- Null is the role of who has retired. Readers and adjudicators see nobody here but themselves.
CREATE VIEW people WITH (security_barrier) AS
    SELECT DISTINCT ON (payload::json ->> 'name')
        payload::json ->> 'name' AS name, payload::json ->> 'role' AS role
    FROM events
    WHERE kind IN ('person_admitted.1', 'person_retired.1')
        AND (my_role() IN ('administrator', 'image manager', 'monitor', 'owner')
             OR payload::json ->> 'name' = session_user)
    ORDER BY payload::json ->> 'name', sequence DESC;

-- A login role of this trial; any other role of the server is left alone.
CREATE FUNCTION is_login_of_trial(person text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT EXISTS (
            SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
            WHERE m.roleid = to_regrole('trial_people') AND r.rolname = person)
    );
END $$;

-- Let a person log in with a password, given as the verifier that only its owner can answer.
CREATE FUNCTION set_login(person text, verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF coalesce(my_role(), '') NOT IN ('administrator', 'owner') THEN
        RAISE EXCEPTION '% may not set passwords.', session_user USING ERRCODE = 'RC001';
    END IF;
    IF role_of(person) IS NULL OR verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
        RAISE EXCEPTION '% does not work on this trial, or the password is not hashed.', person
            USING ERRCODE = 'RC003';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = person) THEN
        EXECUTE format('CREATE ROLE %I IN ROLE trial_people', person);
    ELSIF NOT is_login_of_trial(person) THEN
        RAISE EXCEPTION 'The server knows another %.', person
            USING ERRCODE = 'RC003', HINT = 'Choose another name for the person.';
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', person, verifier);
END $$;
