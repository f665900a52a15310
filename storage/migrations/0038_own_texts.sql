-- Somebody who comes over HTTP asks that what is held about them goes, and whom that is
-- about is a private text in their organisation's own stream. So through the wall a text of
-- that stream is noted as recorded, and of no other. As before (0022), behind the wall.

-- Whether a row that we see was put there by this transaction: of all that is under way
-- one sees one's own alone. Its id is a part of a longer one, near ours.
CREATE FUNCTION access.is_ours(p_xmin xid) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_xact_status((ours + ((p_xmin::text::bigint - ours + 2147483648)
        & 4294967295) - 2147483648)::text::xid8) = 'in progress'
    FROM (SELECT pg_current_xact_id()::text::bigint AS ours) AS known;
$$;
REVOKE EXECUTE ON FUNCTION access.is_ours(xid) FROM PUBLIC;

CREATE OR REPLACE FUNCTION vault.note_recorded(
    p_stream text, p_causes text[], p_paths text[], p_commitments bytea[],
    p_seqs bigint[], p_about text[], p_new boolean
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A role is set by who may have it; those who write every stream lose no time here.
    IF current_setting('role') NOT IN ('polder_writer', 'polder_sealer') THEN
        PERFORM access.only_own(p_stream);
    END IF;
    IF p_new THEN
        -- Through the wall it is noted of events that this transaction put on record: of
        -- no others is it known here who they are of.
        IF access.is_outside() AND EXISTS (
            SELECT FROM unnest(p_seqs, p_causes) AS private (seq, cause)
            WHERE NOT EXISTS (
                SELECT FROM audit.event e
                WHERE e.stream = p_stream AND e.seq = private.seq
                    AND e.cause = private.cause AND access.is_ours(e.xmin))
        ) THEN
            RAISE EXCEPTION 'not an event of this transaction'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
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
GRANT EXECUTE ON FUNCTION
    vault.note_recorded(text, text[], text[], bytea[], bigint[], text[], boolean)
    TO polder_api;

-- Which requests wait for a decision is looked up with everything else that needs somebody.
CREATE INDEX event_of_erasure ON audit.event (stream, seq)
    WHERE type IN ('erasure_requested', 'erasure_decided');
