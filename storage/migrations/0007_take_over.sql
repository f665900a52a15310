-- A stream is taken over by a restore and by nothing else: an epoch that a writer made
-- up is refused, and the first append of a new epoch carries what the restore was given.

ALTER TABLE audit.stream ADD COLUMN token bytea CHECK (length(token) = 32);
COMMENT ON COLUMN audit.stream.token IS
    'SHA-256 of what the first append after a take-over has to bring; null otherwise';

-- Raises the epoch, so that every earlier writer is told that it was superseded; lifts
-- a block. Null comes where
-- the head is no longer the one that the caller folded up to.
CREATE FUNCTION audit.take_over(p_stream text, p_head bytea, p_token bytea)
RETURNS integer LANGUAGE sql AS $$
    UPDATE audit.stream SET epoch = epoch + 1, blocked_by = NULL, token = p_token
    WHERE stream = p_stream AND head = p_head
    RETURNING epoch;
$$;

-- Compares what a writer offers with what is on record: the verdict of one append.
-- The chain makes it short: where one hash agrees, all before it do. A fork is only
-- what departs from an event on record: who names another predecessor knows this
-- stream's past no better than a stranger does, and must not be able to block it.
CREATE OR REPLACE FUNCTION audit.judge(
    held audit.stream, p_epoch integer, p_after bigint, p_after_hash bytea,
    p_hashes bytea[]
) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    last_seq bigint := p_after + cardinality(p_hashes);
BEGIN
    IF held.stream IS NULL THEN
        RETURN 'gap';
    ELSIF p_epoch < held.epoch THEN
        RETURN 'superseded';
    ELSIF p_epoch > held.epoch THEN
        RETURN 'unknown_epoch';
    ELSIF held.seq = p_after AND held.head = p_after_hash THEN
        IF held.blocked_by IS NOT NULL THEN
            RETURN 'blocked';
        END IF;
        RETURN 'appended';
    ELSIF held.seq >= last_seq AND EXISTS (
        SELECT FROM audit.event e
        WHERE e.stream = held.stream AND e.seq = last_seq
            AND e.hash = p_hashes[cardinality(p_hashes)]
    ) THEN
        RETURN 'there';
    ELSIF held.seq > p_after AND held.seq < last_seq
        AND held.head = p_hashes[held.seq - p_after] THEN
        RETURN 'prefix';
    ELSIF p_after = 0 THEN
        RETURN 'exists';
    ELSIF EXISTS (
        SELECT FROM audit.event e
        WHERE e.stream = held.stream AND e.seq = p_after AND e.hash = p_after_hash
    ) THEN
        RETURN 'forked';
    END IF;
    RETURN 'gap';
END
$$;

DROP FUNCTION audit.append(text, integer, bigint, bytea, bytea[], uuid[], text[],
    timestamptz[], text[], text[], text[], bytea[]);

-- The one way events come in. Under the lock of the stream's row the head moves from
-- `p_after_hash` to the last of `p_hashes`, or nothing happens and `outcome` says why.
-- After a take-over the first append proves with the token that it is the one that was
-- restored. An incident is recorded in the caller's transaction, which must therefore
-- commit.
CREATE FUNCTION audit.append(
    p_stream text, p_epoch integer, p_after bigint, p_after_hash bytea,
    p_hashes bytea[], p_ids uuid[], p_types text[], p_ats timestamptz[],
    p_causes text[], p_actors text[], p_roles text[], p_bodies bytea[],
    p_token bytea,
    OUT outcome text, OUT head_seq bigint, OUT head_hash bytea, OUT incident uuid
) LANGUAGE plpgsql AS $$
DECLARE
    held audit.stream;
    new_head bytea := p_hashes[cardinality(p_hashes)];
BEGIN
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
