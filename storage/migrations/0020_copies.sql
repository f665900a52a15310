-- A commitment is public, and so is what a response came under: anybody can send them
-- once more. Only the event that a text was put there for has it; to all others it is
-- absent, as is said on record. The events of one command share its texts; one of many
-- responses, kept under its submission, is the only event that its texts are of.
CREATE OR REPLACE FUNCTION vault.note_recorded(
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
