-- The second wall: what the HTTP API connects as sees the rows of one organisation, the
-- one on the badge that the connection shows, and without a good badge none. It holds
-- where the desk forgets to ask, and where somebody gets statements of their own past
-- it. Why it is built like this: docs/decisions/2026-11-22-second-wall.md.

GRANT USAGE ON SCHEMA audit, read, vault, delivery, library TO polder_api;

-- Whose a stream is: an organisation's own, or one of its dialogues'. As an expression in
-- each policy, not as a function, which would be called for every row.
DO $$
DECLARE
    of_stream text := 'CASE WHEN starts_with(stream, ''org:'') THEN'
        ' split_part(stream, '':'', 2) ELSE split_part(stream, '':'', 1) END';
    of_dialogue text := 'split_part(stream, '':'', 1)';
    of_target text := replace(of_stream, 'stream', 'target');
    wall record;
BEGIN
    FOR wall IN SELECT * FROM (VALUES
        ('read.dialogue', 'organisation', ''),
        ('read.need_for', 'organisation', ''),
        ('read.deadline', of_dialogue, ''),
        ('read.failure', of_dialogue, ''),
        ('read.entry', of_dialogue, ''),
        ('read.part', of_dialogue, ''),
        ('read.need', of_dialogue, ''),
        ('audit.stream', of_stream, ''),
        -- How many events and streams there are is what the log publishes of itself.
        ('audit.event', of_stream, 'stream = ''polder:log'' AND type = ''census_taken'''),
        ('audit.leaf', of_stream, 'stream = ''polder:log'''),
        ('audit.incident', of_stream, ''),
        ('audit.read_log', of_target, ''),
        ('vault.value', of_stream, ''),
        ('vault.absent', of_stream, ''),
        ('vault.erasing', of_stream, ''),
        ('vault.erasure', 'organisation', ''),
        ('vault.destruction', of_dialogue, ''),
        ('delivery.mail', of_dialogue, ''),
        ('delivery.submission', of_dialogue, ''),
        ('delivery.subscription', 'organisation', ''),
        ('delivery.held', 'organisation', ''),
        ('delivery.attempt', 'organisation', ''),
        ('delivery.dead', 'organisation', ''),
        ('delivery.again', 'organisation', ''),
        ('access.token', 'organisation', ''),
        ('access.link', 'organisation', ''),
        ('access.session', 'organisation', ''),
        ('access.denial', 'organisation', '')
    ) AS t (name, owner_of_row, also) LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wall.name);
        EXECUTE format('CREATE POLICY ours ON %s TO polder_writer, polder_reader,'
            ' polder_sealer USING (true) WITH CHECK (true)', wall.name);
        -- The organisation is asked for once in a statement, not once for each row.
        EXECUTE format('CREATE POLICY wall ON %s TO polder_api'
            ' USING (%s = (SELECT access.organisation())%s)'
            ' WITH CHECK (%2$s = (SELECT access.organisation()))',
            wall.name, wall.owner_of_row,
            CASE wall.also WHEN '' THEN '' ELSE ' OR ' || wall.also END);
    END LOOP;
END
$$;

-- What the desk does over HTTP, and no more: it reads, keeps texts and responses that come
-- in, notes who read what, and sees to subscriptions.
GRANT SELECT ON ALL TABLES IN SCHEMA read TO polder_api;
GRANT SELECT ON audit.installation, audit.stream, audit.event, audit.incident, audit.leaf,
    audit.tile, audit.checkpoint, audit.cosignature, audit.timestamp, audit.read_log,
    audit.destroyed, library.method, vault.value, vault.absent, vault.erasing,
    vault.destruction, delivery.mail, delivery.submission TO polder_api;
GRANT INSERT (who, what, target, filters, size, rows, opened) ON audit.read_log
    TO polder_api;
GRANT INSERT (stream, command_id, path, subject, salt, value, commitment, key_id, nonce),
    DELETE ON vault.value TO polder_api;
GRANT INSERT (stream, submission, feedback_window, digest, body),
    UPDATE (body, gathering, outcome, seq, number, error)
    ON delivery.submission TO polder_api;
GRANT INSERT ON library.method TO polder_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery.subscription, delivery.held,
    delivery.dead, delivery.again TO polder_api;
GRANT SELECT, INSERT ON delivery.attempt TO polder_api;
GRANT EXECUTE ON FUNCTION vault.organisation_of(text),
    vault.kept_under(text, text, bytea) TO polder_api;

-- Whether commands come through is for everybody to see.
GRANT SELECT ON delivery.canary TO polder_api;
CREATE POLICY seen ON delivery.canary TO polder_api USING (true);

-- A view looks with its owner's eyes unless it is told otherwise.
ALTER VIEW audit.destroyed SET (security_invoker = true);

-- A compiled method or calendar by its hash, which who asks has from an event: the list
-- of them is for nobody to read through this wall.
CREATE FUNCTION audit.content_of(p_sha256 bytea) RETURNS TABLE (kind text, body bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.kind, c.body FROM audit.content c WHERE c.sha256 = p_sha256;
$$;

-- What proofs are made of, and anybody may have: hashes of leaves, in which nothing can be
-- recognised by who does not have the event.
CREATE FUNCTION audit.log_size() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(leaf_index) + 1, 0) FROM audit.leaf;
$$;
CREATE FUNCTION audit.leaf_hashes(p_start bigint, p_stop bigint)
RETURNS TABLE (leaf_hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256('\x00'::bytea || l.hash) FROM audit.leaf l
    WHERE l.leaf_index >= p_start AND l.leaf_index < p_stop ORDER BY l.leaf_index;
$$;

-- The tree of a census: of each stream, in the order of their names, the hash of its head
-- (docs/audit-format.md). Only the head of the stream that is asked for is told, to who
-- may see that; how many streams there are is in the census itself.
CREATE FUNCTION audit.heads_around(p_size bigint, p_stream text)
RETURNS TABLE (head_leaf bytea, seq bigint, hash text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    may_know boolean := access.may_see(p_stream);
BEGIN
    RETURN QUERY WITH RECURSIVE streams AS (
        (SELECT stream FROM audit.leaf ORDER BY stream LIMIT 1)
        UNION ALL
        SELECT (SELECT l.stream FROM audit.leaf l WHERE l.stream > s.stream
            ORDER BY l.stream LIMIT 1)
        FROM streams s WHERE s.stream IS NOT NULL
    )
    SELECT sha256('\x00'::bytea || convert_to(format('["%s",%s,"%s"]', s.stream, h.seq,
            encode(h.hash, 'hex')), 'UTF8')),
        CASE WHEN may_know AND s.stream = p_stream THEN h.seq END,
        CASE WHEN may_know AND s.stream = p_stream THEN encode(h.hash, 'hex') END
    FROM streams s CROSS JOIN LATERAL (
        SELECT l.seq, l.hash FROM audit.leaf l
        WHERE l.stream = s.stream AND l.leaf_index < p_size
        ORDER BY l.seq DESC LIMIT 1
    ) AS h ORDER BY s.stream COLLATE "C";
END
$$;

-- Whether who asks looks over the wall: whoever has the rights of none of ours does. In a
-- function with its owner's rights the role is still the one that was set by who calls.
CREATE FUNCTION access.is_outside() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who name := current_setting('role');
BEGIN
    IF who = 'none' THEN
        who := session_user;
    END IF;
    RETURN NOT (pg_has_role(who, 'polder_writer', 'USAGE')
        OR pg_has_role(who, 'polder_reader', 'USAGE')
        OR pg_has_role(who, 'polder_sealer', 'USAGE')
        OR pg_has_role(who, 'polder_owner', 'USAGE'));
END
$$;
CREATE FUNCTION access.may_see(p_stream text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT access.is_outside() OR coalesce(access.organisation() = CASE
        WHEN starts_with(p_stream, 'org:') THEN split_part(p_stream, ':', 2)
        ELSE split_part(p_stream, ':', 1) END, false);
$$;

-- Through the wall only an organisation's own stream is written: dialogues are written by
-- workers.
CREATE FUNCTION access.only_own(p_stream text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF access.is_outside()
        AND p_stream IS DISTINCT FROM 'org:' || access.organisation() THEN
        RAISE EXCEPTION 'not a stream of the organisation on this badge'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;

-- As before (0007), behind the wall.
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
CREATE OR REPLACE FUNCTION audit.hold(p_stream text) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('role') NOT IN ('polder_writer', 'polder_sealer') THEN
        PERFORM access.only_own(p_stream);
    END IF;
    RETURN (SELECT head FROM audit.stream WHERE stream = p_stream FOR UPDATE);
END
$$;

REVOKE EXECUTE ON FUNCTION audit.content_of(bytea), audit.log_size(),
    audit.leaf_hashes(bigint, bigint), audit.heads_around(bigint, text),
    access.is_outside(), access.may_see(text), access.only_own(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.content_of(bytea), audit.log_size(),
    audit.leaf_hashes(bigint, bigint), audit.heads_around(bigint, text)
    TO polder_writer, polder_reader, polder_sealer, polder_api;
GRANT EXECUTE ON FUNCTION audit.hold(text), audit.append(text, integer, bigint, bytea,
    bytea[], uuid[], text[], timestamptz[], text[], text[], text[], bytea[], bytea)
    TO polder_api;
