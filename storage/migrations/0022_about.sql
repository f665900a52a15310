-- A text that was put in as about another person than its event names would not be
-- erased with the one it is about. It counts as one that never came: the event says so,
-- and what was put in is destroyed like all that waits in vain.
DROP FUNCTION vault.note_recorded(text, text[], text[], bytea[], bigint[], boolean);
CREATE FUNCTION vault.note_recorded(
    p_stream text, p_causes text[], p_paths text[], p_commitments bytea[],
    p_seqs bigint[], p_about text[], p_new boolean
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_new THEN
        UPDATE vault.value v SET status = 'recorded', seq = c.seq
        FROM (
            SELECT cause, path, commitment, about, min(seq) AS seq
            FROM unnest(p_causes, p_paths, p_commitments, p_seqs, p_about)
                AS private (cause, path, commitment, seq, about)
            GROUP BY cause, path, commitment, about
        ) AS c
        WHERE v.stream = p_stream AND v.command_id = c.cause AND v.path = c.path
            AND v.commitment = c.commitment AND v.status = 'pending'
            AND v.subject = coalesce(c.about, v.subject);
        INSERT INTO vault.absent (stream, seq, path, cause)
        SELECT p_stream, c.seq, c.path, 'polder:missing:' || c.seq
        FROM unnest(p_causes, p_paths, p_commitments, p_seqs, p_about)
            AS c (cause, path, commitment, seq, about)
        WHERE NOT EXISTS (
            SELECT FROM vault.value v
            WHERE v.stream = p_stream AND v.command_id = c.cause AND v.path = c.path
                AND v.commitment = c.commitment
                AND v.subject = coalesce(c.about, v.subject)
                AND (v.seq = c.seq OR EXISTS (
                    SELECT FROM audit.event e
                    WHERE e.stream = p_stream AND e.seq = c.seq AND e.cause = c.cause))
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
    vault.note_recorded(text, text[], text[], bytea[], bigint[], text[], boolean)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    vault.note_recorded(text, text[], text[], bytea[], bigint[], text[], boolean)
    TO polder_writer;
