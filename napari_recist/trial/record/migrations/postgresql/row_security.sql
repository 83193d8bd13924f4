-- Who sees which rows. Nobody but the owner has any right to write a table.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO trial_people;

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_works ON events TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY people_see ON events FOR SELECT TO trial_people USING (
    kind = ANY ((SELECT kinds_seen())::text[])
    OR is_shown_to_me(kind, subject, reader, payload));

ALTER TABLE chain_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE chain_head FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_works ON chain_head TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY people_see ON chain_head FOR SELECT TO trial_people
    USING ((SELECT my_role()) IN ('administrator', 'monitor'));

-- How far the reads are, for the image manager: that a visit is signed, never what was said.
CREATE VIEW reading_progress WITH (security_barrier) AS
    SELECT sequence, recorded_at, utc_offset_minutes, subject, reader, kind,
        CASE kind
            WHEN 'visit_signed.1' THEN
                '{"chain_head":"","charter_hash":"","content_hash":"","meaning":"","response":"",'
                '"signer":' || json_text(reader) || ',"software":"","visit":'
                || json_text(payload::json ->> 'visit') || '}'
            WHEN 'global_review_signed.1' THEN
                '{"chain_head":"","charter_hash":"","content_hash":"","meaning":"","signer":'
                || json_text(reader) || ',"software":""}'
            WHEN 'visit_reopened.1' THEN
                '{"reason":"","visit":' || json_text(payload::json ->> 'visit') || '}'
            ELSE payload
        END AS payload,
        '' AS previous_hash, '' AS hash, actor
    FROM events
    WHERE my_role() = 'image manager' AND kind IN ('visit_opened.1', 'visit_signed.1',
        'visit_reopened.1', 'global_review_begun.1', 'global_review_signed.1');

-- The links of what the administrator may not see, so that the chain can be walked all the same.
CREATE VIEW withheld_links WITH (security_barrier) AS
    SELECT sequence, '' AS recorded_at, 0 AS utc_offset_minutes, '' AS subject, '' AS reader,
        'withheld' AS kind, '' AS payload, previous_hash, hash, '' AS actor
    FROM events
    WHERE my_role() = 'administrator' AND NOT kind = ANY ((SELECT kinds_seen())::text[]);

CREATE VIEW visible_events WITH (security_invoker) AS
    SELECT sequence, recorded_at, utc_offset_minutes, subject, reader, kind, payload,
        previous_hash, hash, actor FROM events
    UNION ALL SELECT * FROM reading_progress
    UNION ALL SELECT * FROM withheld_links;

GRANT SELECT ON events, chain_head, alembic_version, people, reading_progress, withheld_links,
    visible_events TO trial_people;
GRANT EXECUTE ON FUNCTION my_role(), kinds_seen(), is_shown_to_me(text, text, text, text),
    json_text(text), case_events(text), set_login(text, text),
    append_event(text, text, text, text, integer, integer) TO trial_people;
