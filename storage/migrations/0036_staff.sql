-- Staff come in too: by a link that is good once and for minutes, to an organisation and
-- not to one dialogue, in the roles that the link says. A session may also begin without
-- a link, where somebody else has said who came.

ALTER TABLE access.link
    ALTER COLUMN stream DROP NOT NULL,
    ADD COLUMN roles text[] NOT NULL DEFAULT ARRAY['participant']
        CHECK (cardinality(roles) > 0),
    ADD CHECK ((stream IS NOT NULL) = (roles = ARRAY['participant']));
GRANT INSERT (roles) ON access.link TO polder_writer;

ALTER TABLE access.session
    ALTER COLUMN link DROP NOT NULL,
    ALTER COLUMN stream DROP NOT NULL,
    ADD CHECK ((stream IS NOT NULL) = (roles = ARRAY['participant']));

-- Whose a session is; its use is noted as that of a token.
CREATE OR REPLACE FUNCTION access.session_of(p_digest bytea)
RETURNS TABLE (id uuid, organisation text, stream text, roles text[], actor text,
    badge text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    held access.session;
BEGIN
    SELECT s.* INTO held FROM access.session s LEFT JOIN access.link l ON l.id = s.link
    WHERE s.digest = p_digest AND s.ended_at IS NULL AND l.revoked_at IS NULL
        AND s.expires_at > clock_timestamp();
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

-- Swaps a link for a session in the roles of the link, once: of two that come at the
-- same moment one gets it. `stream` is null for staff.
CREATE OR REPLACE FUNCTION access.swap(p_link bytea, p_session bytea, p_hours integer)
RETURNS TABLE (stream text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    used access.link;
BEGIN
    UPDATE access.link l SET used_at = clock_timestamp()
    WHERE l.digest = p_link AND l.used_at IS NULL AND l.revoked_at IS NULL
        AND l.expires_at > clock_timestamp()
    RETURNING l.* INTO used;
    IF used.id IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY INSERT INTO access.session AS s (digest, link, organisation, stream,
        actor, roles, expires_at)
    VALUES (p_session, used.id, used.organisation, used.stream, used.actor, used.roles,
        clock_timestamp() + make_interval(hours => p_hours))
    RETURNING s.stream, s.expires_at;
END
$$;
