-- Staff come in by what their own provider of identities says of them. Who opens such a
-- session brings a token of the organisation that is for this alone, so that nobody opens
-- one who may run statements and nothing else. Administration through the wall: tokens are
-- made and revoked, sessions are seen and ended, and what was denied is read.

ALTER TABLE access.session ADD COLUMN token uuid REFERENCES access.token;

CREATE FUNCTION access.enter(
    p_token bytea, p_session bytea, p_actor text, p_roles text[], p_hours integer
) RETURNS TABLE (expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    door access.token;
BEGIN
    SELECT * INTO door FROM access.token t
    WHERE t.digest = p_token AND t.revoked_at IS NULL AND t.dialogue IS NULL
        AND t.expires_at > clock_timestamp() AND 'doorkeeper' = ANY (t.roles);
    IF door.id IS NULL OR cardinality(p_roles) = 0 OR NOT p_roles
        <@ ARRAY['director', 'member', 'auditor', 'operator']
        OR p_actor !~ '^[A-Za-z0-9._:-]{1,200}$' OR p_actor ~ '^polder(:|$)' THEN
        RETURN;
    END IF;
    RETURN QUERY INSERT INTO access.session AS s (digest, token, organisation, actor,
        roles, expires_at)
    VALUES (p_session, door.id, door.organisation, p_actor, p_roles,
        clock_timestamp() + make_interval(hours => least(p_hours, 24)))
    RETURNING s.expires_at;
END
$$;

-- Whose a session is; its use is noted as that of a token. Of staff it ends when it was
-- not used for two hours, or when what it was opened with was revoked.
CREATE OR REPLACE FUNCTION access.session_of(p_digest bytea)
RETURNS TABLE (id uuid, organisation text, stream text, roles text[], actor text,
    badge text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    held access.session;
BEGIN
    SELECT s.* INTO held FROM access.session s
        LEFT JOIN access.link l ON l.id = s.link
        LEFT JOIN access.token t ON t.id = s.token
    WHERE s.digest = p_digest AND s.ended_at IS NULL AND l.revoked_at IS NULL
        AND t.revoked_at IS NULL AND s.expires_at > clock_timestamp()
        AND (s.stream IS NOT NULL
            OR s.seen_at > clock_timestamp() - interval '2 hours');
    IF held.id IS NULL THEN
        RETURN;
    END IF;
    IF held.seen_at < clock_timestamp() - interval '1 minute' THEN
        PERFORM FROM access.session s WHERE s.id = held.id FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            UPDATE access.session s SET seen_at = clock_timestamp() WHERE s.id = held.id;
        END IF;
    END IF;
    RETURN QUERY SELECT held.id, held.organisation, held.stream, held.roles,
        held.actor, access.badge(held.organisation);
END
$$;

-- Whether a provider of identities let this session in.
CREATE FUNCTION access.is_provided(p_digest bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access.session s
        WHERE s.digest = p_digest AND s.token IS NOT NULL);
$$;

-- Ends all sessions of somebody in the organisation on the badge, and makes the links
-- useless that would begin another; gives how many sessions that were.
CREATE FUNCTION access.end_sessions(p_actor text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH useless AS (
        UPDATE access.link l SET revoked_at = clock_timestamp()
        WHERE l.organisation = access.organisation() AND l.actor = p_actor
            AND l.used_at IS NULL AND l.revoked_at IS NULL),
    ended AS (
        UPDATE access.session s SET ended_at = clock_timestamp()
        WHERE s.organisation = access.organisation() AND s.actor = p_actor
            AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
        RETURNING 1)
    SELECT count(*) FROM ended;
$$;

REVOKE EXECUTE ON FUNCTION access.enter(bytea, bytea, text, text[], integer),
    access.is_provided(bytea), access.end_sessions(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.enter(bytea, bytea, text, text[], integer),
    access.is_provided(bytea) TO polder_writer, polder_api;
GRANT EXECUTE ON FUNCTION access.end_sessions(text) TO polder_api;

-- Through the wall of 0028, and never the digests.
GRANT SELECT (id, organisation, roles, actor, dialogue, created_at, created_by,
    expires_at, last_used_at, revoked_at),
    INSERT (id, digest, organisation, roles, actor, dialogue, created_by, expires_at),
    UPDATE (revoked_at) ON access.token TO polder_api;
GRANT SELECT (id, organisation, stream, actor, roles, created_at, seen_at, expires_at,
    ended_at, token) ON access.session TO polder_api;
GRANT SELECT ON access.denial TO polder_api;

-- What was revoked stays revoked.
CREATE TRIGGER once BEFORE UPDATE OF revoked_at ON access.token
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL)
    EXECUTE FUNCTION audit.refuse();
