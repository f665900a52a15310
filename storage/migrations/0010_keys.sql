-- A value is encrypted with its subject's own key, which lies in another database, and
-- what has no value in the vault is said on record.

ALTER TABLE vault.value
    ADD COLUMN key_id uuid,
    ADD COLUMN nonce bytea;
COMMENT ON COLUMN vault.value.value IS
    'AES-256-GCM with the key key_id and this nonce; what it is bound to: docs/audit-format.md';

-- Rows from before are encrypted by `polder db migrate`, after this; no plain one comes.
ALTER TABLE vault.value ADD CONSTRAINT encrypted
    CHECK (key_id IS NOT NULL AND length(nonce) = 12) NOT VALID;
GRANT INSERT (key_id, nonce) ON vault.value TO polder_writer;
CREATE INDEX ON vault.value (key_id);

-- Private fields on record that have no value in the vault, and the cause of the event
-- that says so (`personal_data_erased`): `polder:missing:<seq>` where it never came.
CREATE TABLE vault.absent (
    stream text NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    path text NOT NULL,
    cause text NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, seq, path)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.absent
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
ALTER TABLE vault.absent ENABLE ALWAYS TRIGGER append_only;
GRANT SELECT ON vault.absent TO polder_writer;

-- Values of the commands that these events follow from are now on record, each in the
-- very place that it was put for; what has none is absent. Where the events are on
-- record already (`p_new` is false) nothing changes: a value that went since is not
-- one that never came. Gives the absent ones, as [[seq, path], …]: the same every time.
DROP FUNCTION vault.note_recorded(text, text[], text[], bytea[], bigint[]);
CREATE FUNCTION vault.note_recorded(
    p_stream text, p_causes text[], p_paths text[], p_commitments bytea[],
    p_seqs bigint[], p_new boolean
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_new THEN
        UPDATE vault.value v SET status = 'recorded', seq = c.seq
        FROM (
            SELECT cause, path, commitment, min(seq) AS seq
            FROM unnest(p_causes, p_paths, p_commitments, p_seqs)
                AS private (cause, path, commitment, seq)
            GROUP BY cause, path, commitment
        ) AS c
        WHERE v.stream = p_stream AND v.command_id = c.cause AND v.path = c.path
            AND v.commitment = c.commitment AND v.status = 'pending';
        INSERT INTO vault.absent (stream, seq, path, cause)
        SELECT p_stream, c.seq, c.path, 'polder:missing:' || c.seq
        FROM unnest(p_causes, p_paths, p_commitments, p_seqs)
            AS c (cause, path, commitment, seq)
        WHERE NOT EXISTS (
            SELECT FROM vault.value v
            WHERE v.stream = p_stream AND v.command_id = c.cause AND v.path = c.path
                AND v.commitment = c.commitment
        ) ON CONFLICT DO NOTHING;
    END IF;
    RETURN (
        SELECT jsonb_agg(jsonb_build_array(a.seq, a.path) ORDER BY a.seq, a.path COLLATE "C")
        FROM vault.absent a
        WHERE a.stream = p_stream AND a.seq = ANY(p_seqs)
            AND a.cause = 'polder:missing:' || a.seq
    );
END
$$;
REVOKE EXECUTE ON FUNCTION
    vault.note_recorded(text, text[], text[], bytea[], bigint[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    vault.note_recorded(text, text[], text[], bytea[], bigint[], boolean)
    TO polder_writer;
