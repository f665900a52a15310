-- Who may come in over HTTP: tokens of systems, personal links of participants, what a
-- link was swapped for, and attempts that were denied. Of every secret only its SHA-256
-- is here: whoever reads these tables can come in with nothing of it.

CREATE SCHEMA access;
GRANT USAGE ON SCHEMA access TO polder_writer, polder_reader, polder_api;

-- `dialogue` null: all dialogues of the organisation. A token is revoked, never removed:
-- the record names it.
CREATE TABLE access.token (
    id uuid PRIMARY KEY,
    digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    organisation text NOT NULL,
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    actor text NOT NULL CHECK (actor ~ '^[A-Za-z0-9._:-]{1,200}$'),
    dialogue text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX ON access.token (organisation, created_at);

-- A personal link of one participant to one dialogue: good for one swap.
CREATE TABLE access.link (
    id uuid PRIMARY KEY,
    digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    organisation text NOT NULL,
    stream text NOT NULL,
    actor text NOT NULL CHECK (actor ~ '^[A-Za-z0-9._:-]{1,200}$'),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX ON access.link (stream, actor);

-- What a link was swapped for: known to one browser, by a cookie.
CREATE TABLE access.session (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    link uuid NOT NULL REFERENCES access.link ON DELETE CASCADE,
    organisation text NOT NULL,
    stream text NOT NULL,
    actor text NOT NULL,
    roles text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX ON access.session (stream, actor);

-- Attempts that were denied. `route` is a template without what was filled in, `network`
-- a /24 or /48: neither says who somebody is.
CREATE TABLE access.denial (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    token uuid,
    organisation text,
    method text NOT NULL CHECK (method ~ '^[A-Z]{1,10}$'),
    route text NOT NULL CHECK (length(route) <= 200),
    why text NOT NULL CHECK (why ~ '^[a-z_]{1,40}$'),
    network cidr CHECK (masklen(network) <= CASE family(network) WHEN 4 THEN 24 ELSE 48 END)
);
CREATE INDEX ON access.denial (organisation, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.denial
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
ALTER TABLE access.denial ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT ON access.token, access.link, access.session, access.denial
    TO polder_writer;
GRANT SELECT (id, organisation, roles, actor, dialogue, created_at, created_by,
    expires_at, last_used_at, revoked_at) ON access.token TO polder_reader;
GRANT SELECT ON access.denial TO polder_reader;
GRANT INSERT (id, digest, organisation, roles, actor, dialogue, created_by, expires_at),
    UPDATE (revoked_at) ON access.token TO polder_writer;
GRANT INSERT (id, digest, organisation, stream, actor, created_by, expires_at),
    UPDATE (revoked_at) ON access.link TO polder_writer;

-- A badge says for which organisation a connection of the HTTP API looks: until when,
-- and sealed with a secret that no role can read, so that nobody makes one who may run
-- statements and nothing else. It is given for a token or a session, and to the writer.
CREATE TABLE access.secret (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    secret bytea NOT NULL CHECK (length(secret) = 32)
);
INSERT INTO access.secret (secret)
VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    || uuid_send(gen_random_uuid())));

-- A keyed hash in two layers, which nobody can lengthen.
CREATE FUNCTION access.sealed(p_text text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(s.secret || sha256(s.secret || convert_to(p_text, 'UTF8'))), 'hex')
    FROM access.secret s;
$$;
CREATE FUNCTION access.badge(p_organisation text) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT said || '.' || access.sealed(said) FROM (
        SELECT p_organisation || '.'
            || floor(extract(epoch FROM clock_timestamp()))::bigint + 86400 AS said
    ) AS badge;
$$;

-- The organisation on the badge that this connection shows; null without a good one.
CREATE FUNCTION access.organisation() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part text[] := string_to_array(current_setting('polder.badge', true), '.');
BEGIN
    -- In one expression, as it is asked in every statement; what is made up ends at the
    -- seal, before its moment is read as a number. As in access.sealed.
    RETURN (
        SELECT CASE
            WHEN cardinality(part) IS DISTINCT FROM 3 THEN NULL
            WHEN part[3] IS DISTINCT FROM encode(sha256(s.secret || sha256(s.secret
                || convert_to(part[1] || '.' || part[2], 'UTF8'))), 'hex') THEN NULL
            WHEN part[2]::bigint < extract(epoch FROM clock_timestamp()) THEN NULL
            ELSE part[1]
        END FROM access.secret s);
END
$$;

-- Whose a token is, by its digest: nothing where it is unknown, revoked or expired. Its
-- use is noted at most once a minute, so that a busy system writes no row each time.
CREATE FUNCTION access.token_of(p_digest bytea)
RETURNS TABLE (id uuid, organisation text, roles text[], actor text, dialogue text,
    badge text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    held access.token;
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
    RETURN QUERY SELECT held.id, held.organisation, held.roles, held.actor,
        held.dialogue, access.badge(held.organisation);
END
$$;

-- Whose a session is; its use is noted as that of a token.
CREATE FUNCTION access.session_of(p_digest bytea)
RETURNS TABLE (id uuid, organisation text, stream text, roles text[], actor text,
    badge text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    held access.session;
BEGIN
    SELECT s.* INTO held FROM access.session s JOIN access.link l ON l.id = s.link
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

-- Swaps a link for a session, once: of two that come at the same moment one gets it.
CREATE FUNCTION access.swap(p_link bytea, p_session bytea, p_hours integer)
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
    VALUES (p_session, used.id, used.organisation, used.stream, used.actor,
        ARRAY['participant'], clock_timestamp() + make_interval(hours => p_hours))
    RETURNING s.stream, s.expires_at;
END
$$;

-- Whether a link would still be taken: looking at it does not use it up.
CREATE FUNCTION access.link_is_good(p_link bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM access.link l
        WHERE l.digest = p_link AND l.used_at IS NULL AND l.revoked_at IS NULL
            AND l.expires_at > clock_timestamp());
$$;

-- An attempt was denied. Whoever is denied has no badge, so this looks at none: it only
-- adds, and gives nothing back.
CREATE FUNCTION access.note_denial(
    p_token uuid, p_organisation text, p_method text, p_route text, p_why text,
    p_network cidr
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO access.denial (token, organisation, method, route, why, network)
    VALUES (p_token, p_organisation, p_method, p_route, p_why, p_network);
$$;

-- Ends a session before its time.
CREATE FUNCTION access.end_session(p_digest bytea) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        UPDATE access.session SET ended_at = clock_timestamp()
        WHERE digest = p_digest AND ended_at IS NULL RETURNING 1)
    SELECT EXISTS (SELECT FROM ended);
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.token_of(bytea), access.session_of(bytea),
    access.swap(bytea, bytea, integer), access.link_is_good(bytea),
    access.end_session(bytea), access.organisation(),
    access.note_denial(uuid, text, text, text, text, cidr) TO polder_writer, polder_api;
GRANT EXECUTE ON FUNCTION access.badge(text) TO polder_writer;

-- A dossier that is destroyed leaves no way in.
CREATE FUNCTION access.forget_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM access.link WHERE stream = NEW.stream;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_links AFTER INSERT ON vault.destruction
    FOR EACH ROW EXECUTE FUNCTION access.forget_links();
REVOKE EXECUTE ON FUNCTION access.forget_links() FROM PUBLIC;
