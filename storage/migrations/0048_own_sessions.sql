-- Whoever is in sees since when they are, by what, and ends what they left open elsewhere.
-- Both take the digest of a session's secret, which only its browser has: so nobody sees
-- or ends what is another's. Whether it lets in is for access.session_of to say, and what
-- is said of the others here is what that says (0041).

CREATE FUNCTION access.own_sessions(p_digest bytea)
RETURNS TABLE (id text, created_at timestamptz, seen_at timestamptz,
    expires_at timestamptz, provided boolean, here boolean)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id::text, s.created_at, s.seen_at, s.expires_at, s.token IS NOT NULL,
        s.id = own.id
    FROM access.session_of(p_digest) own JOIN access.session s
        ON s.organisation = own.organisation AND s.actor = own.actor
        AND s.stream IS NOT DISTINCT FROM own.stream
        LEFT JOIN access.link l ON l.id = s.link
        LEFT JOIN access.token t ON t.id = s.token
    WHERE s.ended_at IS NULL AND l.revoked_at IS NULL AND t.revoked_at IS NULL
        AND s.expires_at > clock_timestamp()
        AND (s.stream IS NOT NULL OR s.seen_at > clock_timestamp() - interval '2 hours')
    ORDER BY s.id = own.id DESC, s.seen_at DESC, s.id
    LIMIT 200;
$$;

-- Ends one of them, or all but this one when none is named, and then no link that was not
-- used yet begins another; gives how many sessions that were.
CREATE FUNCTION access.end_own_sessions(p_digest bytea, p_id uuid) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH own AS MATERIALIZED (SELECT * FROM access.session_of(p_digest)),
    useless AS (
        UPDATE access.link l SET revoked_at = clock_timestamp() FROM own
        WHERE p_id IS NULL AND l.organisation = own.organisation AND l.actor = own.actor
            AND l.stream IS NOT DISTINCT FROM own.stream
            AND l.used_at IS NULL AND l.revoked_at IS NULL),
    ended AS (
        UPDATE access.session s SET ended_at = clock_timestamp()
        FROM own
        WHERE s.organisation = own.organisation AND s.actor = own.actor
            AND s.stream IS NOT DISTINCT FROM own.stream AND s.id <> own.id
            AND (p_id IS NULL OR s.id = p_id)
            AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
        RETURNING 1)
    SELECT count(*) FROM ended;
$$;

REVOKE EXECUTE ON FUNCTION access.own_sessions(bytea),
    access.end_own_sessions(bytea, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.own_sessions(bytea),
    access.end_own_sessions(bytea, uuid) TO polder_writer, polder_api;
