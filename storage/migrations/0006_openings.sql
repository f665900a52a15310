-- A value is on record with the event of the command that put it there, in the very
-- place that it was put for. Another command that repeats its commitment gets nothing.

DROP FUNCTION vault.note_recorded(text, bytea[], bigint[]);

CREATE FUNCTION vault.note_recorded(
    p_stream text, p_causes text[], p_paths text[], p_commitments bytea[],
    p_seqs bigint[]
) RETURNS boolean LANGUAGE sql AS $$
    UPDATE vault.value v SET status = 'recorded', seq = c.seq
    FROM (
        SELECT cause, path, commitment, min(seq) AS seq
        FROM unnest(p_causes, p_paths, p_commitments, p_seqs)
            AS private (cause, path, commitment, seq)
        GROUP BY cause, path, commitment
    ) AS c
    WHERE v.stream = p_stream AND v.command_id = c.cause AND v.path = c.path
        AND v.commitment = c.commitment AND v.status = 'pending';
    SELECT true;
$$;
