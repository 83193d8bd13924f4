-- What the database itself refuses, whoever asks: to change the past, or to leave the chain.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is append-only: % of % refused', tg_op, tg_table_name
        USING ERRCODE = 'RC001';
END $$;

CREATE FUNCTION refuse_outside_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM chain_head
                   WHERE sequence = new.sequence - 1 AND hash = new.previous_hash) THEN
        RAISE EXCEPTION 'the record is a chain: INSERT elsewhere than at its end'
            USING ERRCODE = 'RC001';
    END IF;
    RETURN new;
END $$;

CREATE FUNCTION move_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE chain_head SET sequence = new.sequence, hash = new.hash;
    RETURN NULL;
END $$;

CREATE FUNCTION refuse_other_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM events
                   WHERE sequence = new.sequence AND hash = new.hash
                       AND previous_hash = old.hash) THEN
        RAISE EXCEPTION 'the head of the record only advances' USING ERRCODE = 'RC001';
    END IF;
    RETURN new;
END $$;

CREATE TRIGGER events_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_extend_the_chain BEFORE INSERT ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_outside_chain();
CREATE TRIGGER events_move_the_head AFTER INSERT ON events
    FOR EACH ROW EXECUTE FUNCTION move_head();
CREATE TRIGGER chain_head_only_advances BEFORE UPDATE ON chain_head
    FOR EACH ROW EXECUTE FUNCTION refuse_other_head();
CREATE TRIGGER chain_head_stays BEFORE DELETE OR TRUNCATE ON chain_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Visits as registered, beside the record: its payloads list every file and are slow to search.
CREATE TABLE registered_visits (
    subject text NOT NULL,
    visit text NOT NULL,
    date text NOT NULL,
    first_number integer NOT NULL,
    PRIMARY KEY (subject, visit)
);

CREATE FUNCTION note_visit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scheduled json := new.payload::json -> 'scheduled';
BEGIN
    INSERT INTO registered_visits
    VALUES (new.subject, scheduled ->> 'visit', scheduled ->> 'date', new.sequence)
    ON CONFLICT (subject, visit) DO UPDATE SET date = excluded.date;
    RETURN NULL;
END $$;

CREATE TRIGGER events_note_visits AFTER INSERT ON events
    FOR EACH ROW WHEN (new.kind = 'visit_registered.1') EXECUTE FUNCTION note_visit();
