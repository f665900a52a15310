-- What every request asks, in fewer steps.

-- A dialogue at a glance behind the wall, in one statement: the badge is shown for this
-- statement alone, so that the connection never has one between two. It has the rights of
-- who calls it: the policies hold here as anywhere.
CREATE FUNCTION read.card_of(p_badge text, p_stream text)
RETURNS TABLE (stream text, organisation text, slug text, title text, status text,
    phase text, step text, method_id text, method_version text, method_hash text,
    version bigint, head text, next_deadline timestamptz, open_windows integer,
    attention integer, needs jsonb, started_at timestamptz, updated_at timestamptz,
    zone text, question jsonb, language jsonb, roles jsonb, deadlines jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_catalog.set_config('polder.badge', p_badge, true);
    RETURN QUERY
    SELECT d.stream, d.organisation, d.slug, d.title, d.status, d.phase, d.step,
        d.method_id, d.method_version, d.method_hash, d.version, d.head,
        d.next_deadline, d.open_windows, d.attention, d.needs, d.started_at,
        d.updated_at, d.zone,
        coalesce(d.state -> 'question', 'null'), d.state -> 'language',
        coalesce(d.state -> 'roles', (SELECT p.data FROM read.part p
            WHERE p.stream = d.stream AND p.name = 'roles'), '{}'),
        coalesce(d.state -> 'deadlines', (SELECT p.data FROM read.part p
            WHERE p.stream = d.stream AND p.name = 'deadlines'), '[]')
    FROM read.dialogue d WHERE d.stream = p_stream;
END
$$;
REVOKE EXECUTE ON FUNCTION read.card_of(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read.card_of(text, text) TO polder_writer, polder_api;

-- As before (0023), with the badge made on the spot: as in access.sealed.
CREATE OR REPLACE FUNCTION access.token_of(p_digest bytea)
RETURNS TABLE (id uuid, organisation text, roles text[], actor text, dialogue text,
    badge text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    held access.token;
    said text;
BEGIN
    SELECT * INTO held FROM access.token t
    WHERE t.digest = p_digest AND t.revoked_at IS NULL
        AND t.expires_at > clock_timestamp();
    IF held.id IS NULL THEN
        RETURN;
    END IF;
    IF held.last_used_at IS NULL
        OR held.last_used_at < clock_timestamp() - interval '1 minute' THEN
        -- Who comes at the same moment has noted it: nobody waits for that.
        PERFORM FROM access.token t WHERE t.id = held.id FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            UPDATE access.token t SET last_used_at = clock_timestamp()
            WHERE t.id = held.id;
        END IF;
    END IF;
    said := held.organisation || '.'
        || floor(extract(epoch FROM clock_timestamp()))::bigint + 86400;
    RETURN QUERY SELECT held.id, held.organisation, held.roles, held.actor,
        held.dialogue, said || '.' || encode(sha256(s.secret || sha256(s.secret
            || convert_to(said, 'UTF8'))), 'hex')
    FROM access.secret s;
END
$$;
