-- The hash of a record as the program computes it: SHA-256 of a JSON list in ASCII.
-- Functions that give one value are in PL/pgSQL, which keeps its plans: they run at each append.

CREATE FUNCTION json_text(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF value COLLATE "C" ~ '^[ -~]*$' THEN
        RETURN '"' || replace(replace(value, '\', '\\'), '"', '\"') || '"';
    END IF;
    RETURN '"' || (
        SELECT string_agg(
            CASE
                WHEN letter IN ('"', '\') THEN '\' || letter
                WHEN code = 8 THEN '\b'
                WHEN code = 9 THEN '\t'
                WHEN code = 10 THEN '\n'
                WHEN code = 12 THEN '\f'
                WHEN code = 13 THEN '\r'
                WHEN code BETWEEN 32 AND 126 THEN letter
                WHEN code < 65536 THEN '\u' || lpad(to_hex(code), 4, '0')
                -- Beyond the first plane JSON writes two UTF-16 halves.
                ELSE '\u' || to_hex(55296 + ((code - 65536) >> 10))
                    || '\u' || to_hex(56320 + ((code - 65536) & 1023))
            END, '' ORDER BY place)
        FROM (SELECT letter, ascii(letter) AS code, place
              FROM regexp_split_to_table(value, '') WITH ORDINALITY AS split (letter, place)) AS one
    ) || '"';
END $$;

CREATE FUNCTION record_hash(record events) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN encode(sha256(convert_to(
        '[' || record.sequence || ',' || json_text(record.recorded_at)
        || ',' || record.utc_offset_minutes || ',' || json_text(record.subject)
        || ',' || json_text(record.reader) || ',' || json_text(record.kind)
        || ',' || json_text(record.payload) || ',' || json_text(record.previous_hash)
        || CASE WHEN record.actor = '' THEN '' ELSE ',' || json_text(record.actor) END || ']',
        'UTF8')), 'hex');
END $$;
