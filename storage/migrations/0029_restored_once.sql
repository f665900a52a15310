-- Only who took a stream over in the record begins it again. Whoever reaches Temporal
-- can start a workflow with a state that they made up, and say that it was restored: one
-- that trusts other desks, say. Its first event is `dialogue_restored`, and without the
-- token of a take-over that is refused. As before (0028) in all else.
CREATE OR REPLACE FUNCTION audit.append(
    p_stream text, p_epoch integer, p_after bigint, p_after_hash bytea,
    p_hashes bytea[], p_ids uuid[], p_types text[], p_ats timestamptz[],
    p_causes text[], p_actors text[], p_roles text[], p_bodies bytea[],
    p_token bytea,
    OUT outcome text, OUT head_seq bigint, OUT head_hash bytea, OUT incident uuid
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held audit.stream;
    new_head bytea := p_hashes[cardinality(p_hashes)];
BEGIN
    -- A role is set by who may have it; those who write every stream lose no time here.
    IF current_setting('role') NOT IN ('polder_writer', 'polder_sealer') THEN
        PERFORM access.only_own(p_stream);
    END IF;
    IF p_after = 0 AND p_epoch <= 1 THEN
        INSERT INTO audit.stream (stream, epoch, seq, head)
        VALUES (p_stream, p_epoch, 0, p_after_hash) ON CONFLICT DO NOTHING;
    END IF;
    SELECT * INTO held FROM audit.stream s WHERE s.stream = p_stream FOR UPDATE;
    IF held.token IS NOT NULL AND p_epoch = held.epoch
        AND sha256(p_token) IS DISTINCT FROM held.token THEN
        outcome := 'superseded';
    ELSE
        outcome := audit.judge(held, p_epoch, p_after, p_after_hash, p_hashes);
    END IF;
    IF outcome = 'appended' AND held.token IS NULL
        AND 'dialogue_restored' = ANY (p_types) THEN
        outcome := 'superseded';
    END IF;
    head_seq := coalesce(held.seq, 0);
    head_hash := coalesce(held.head, decode(repeat('00', 32), 'hex'));
    incident := held.blocked_by;
    IF outcome IN ('forked', 'gap', 'unknown_epoch') THEN
        incident := audit.note_incident(p_stream, outcome, jsonb_build_object(
            'after_seq', p_after, 'after_hash', encode(p_after_hash, 'hex'),
            'offered', encode(p_hashes[1], 'hex'), 'epoch', p_epoch,
            'head_seq', head_seq, 'head', encode(head_hash, 'hex')
        ), outcome = 'forked');
    ELSIF outcome = 'appended' THEN
        INSERT INTO audit.event (stream, seq, event_id, hash, prev, type, at, cause,
            actor_id, actor_role, body, db_epoch)
        SELECT p_stream, p_after + n, id, hash,
            CASE n WHEN 1 THEN p_after_hash ELSE p_hashes[n - 1] END,
            type, at, cause, actor, role, body, i.db_epoch
        FROM audit.installation i, unnest(p_hashes, p_ids, p_types, p_ats, p_causes,
            p_actors, p_roles, p_bodies) WITH ORDINALITY
            AS e (hash, id, type, at, cause, actor, role, body, n);
        UPDATE audit.stream s
        SET seq = p_after + cardinality(p_hashes), head = new_head, token = NULL
        WHERE s.stream = p_stream
        RETURNING s.seq, s.head INTO head_seq, head_hash;
    END IF;
END
$$;
