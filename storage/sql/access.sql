-- name: token_of
-- Whose a token is, by its digest; its use is noted now and then.
SELECT id::text, organisation, roles, actor, dialogue, badge
FROM access.token_of(%(digest)s);

-- name: put_token
-- A new token; nothing where there is one of this id.
INSERT INTO access.token (id, digest, organisation, roles, actor, dialogue, created_by,
    expires_at)
VALUES (%(id)s, %(digest)s, %(organisation)s, %(roles)s, %(actor)s, %(dialogue)s,
    %(created_by)s, %(expires_at)s)
ON CONFLICT DO NOTHING;

-- name: tokens
-- The tokens of an organisation, or of all, the oldest first.
SELECT id::text, organisation, roles, actor, dialogue, created_at, created_by,
    expires_at, last_used_at, revoked_at
FROM access.token
WHERE (%(organisation)s::text IS NULL OR organisation = %(organisation)s::text)
    AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid)
ORDER BY organisation, created_at, id;

-- name: revoke
-- From now on a token is good for nothing; when it was revoked first stays.
UPDATE access.token SET revoked_at = clock_timestamp()
WHERE id = %(id)s AND revoked_at IS NULL;

-- name: put_link
-- A personal link of one participant.
INSERT INTO access.link (id, digest, organisation, stream, actor, created_by, expires_at)
VALUES (%(id)s, %(digest)s, %(organisation)s, %(stream)s, %(actor)s, %(created_by)s,
    %(expires_at)s);

-- name: put_entry
-- A link for staff: to an organisation, in these roles.
INSERT INTO access.link (id, digest, organisation, roles, actor, created_by, expires_at)
VALUES (%(id)s, %(digest)s, %(organisation)s, %(roles)s, %(actor)s, %(created_by)s,
    %(expires_at)s);

-- name: organisations
-- Whose dialogues there are.
SELECT DISTINCT organisation FROM read.dialogue ORDER BY organisation LIMIT %(limit)s;

-- name: link_is_good
-- Whether a link would be taken.
SELECT access.link_is_good(%(digest)s);

-- name: swap
-- A link for a session, once.
SELECT stream, expires_at FROM access.swap(%(link)s, %(session)s, %(hours)s);

-- name: session_of
-- Whose a session is.
SELECT id::text, organisation, stream, roles, actor, badge
FROM access.session_of(%(digest)s);

-- name: end_session
-- A session ends before its time.
SELECT access.end_session(%(digest)s);

-- name: note_denial
-- An attempt was denied.
SELECT access.note_denial(%(token)s::uuid, %(organisation)s, %(method)s, %(route)s,
    %(why)s, %(network)s::cidr);

-- name: denials
-- What was denied, the newest first.
SELECT id, at, token::text, organisation, method, route, why, network::text
FROM access.denial
WHERE (%(organisation)s::text IS NULL OR organisation = %(organisation)s::text)
ORDER BY id DESC LIMIT %(limit)s;

-- name: enter
-- A session for somebody whom a provider of identities knows; none without a token for it.
SELECT expires_at FROM access.enter(%(token)s, %(session)s, %(actor)s, %(roles)s, %(hours)s);

-- name: is_provided
-- Whether a provider of identities let a session in.
SELECT access.is_provided(%(digest)s);

-- name: sessions
-- Who of the staff is in now, the last seen first.
SELECT id::text, actor, roles, created_at, seen_at, expires_at, token IS NOT NULL AS provided
FROM access.session s
WHERE organisation = %(organisation)s AND stream IS NULL AND ended_at IS NULL
    AND expires_at > clock_timestamp()
    AND seen_at > clock_timestamp() - interval '2 hours'
    AND NOT EXISTS (SELECT FROM access.link l
        WHERE l.id = s.link AND l.revoked_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM access.token t
        WHERE t.id = s.token AND t.revoked_at IS NOT NULL)
ORDER BY seen_at DESC, id LIMIT %(limit)s;

-- name: end_sessions
-- All sessions of somebody, or of everybody, end in an organisation, and all links that
-- would begin one, or began one, are good for nothing any more: nor is a session that a
-- link is swapped for at this moment, which is not seen here yet.
WITH useless AS (
    UPDATE access.link SET revoked_at = clock_timestamp()
    WHERE organisation = %(organisation)s AND (%(actor)s::text IS NULL OR actor = %(actor)s::text)
        AND revoked_at IS NULL),
ended AS (
    UPDATE access.session SET ended_at = clock_timestamp()
    WHERE organisation = %(organisation)s AND (%(actor)s::text IS NULL OR actor = %(actor)s::text) AND ended_at IS NULL
        AND expires_at > clock_timestamp()
    RETURNING 1)
SELECT count(*) FROM ended;

-- name: own_sessions
-- Where whoever has this session is in; this one first.
SELECT id, created_at, seen_at, expires_at, provided, here
FROM access.own_sessions(%(digest)s);

-- name: end_own_sessions
SELECT access.end_own_sessions(%(digest)s, %(id)s::uuid);

-- name: take_back
-- A participant's link is good for nothing any more, nor is what it was swapped for.
WITH taken AS (
    UPDATE access.link SET revoked_at = clock_timestamp()
    WHERE id = %(id)s::uuid AND stream IS NOT NULL AND revoked_at IS NULL
    RETURNING id),
ended AS (
    UPDATE access.session s SET ended_at = clock_timestamp() FROM taken t
    WHERE s.link = t.id AND s.ended_at IS NULL)
SELECT count(*) FROM taken;

-- name: links
-- The personal links of participants, the newest first, and until when each lets in.
SELECT l.id::text, l.stream, l.actor, l.created_at, l.created_by, l.expires_at, l.used_at,
    l.revoked_at, s.seen_at, s.expires_at AS inside_until
FROM access.link l LEFT JOIN access.session s ON s.link = l.id AND s.ended_at IS NULL
    AND s.expires_at > clock_timestamp() AND l.revoked_at IS NULL
WHERE l.stream IS NOT NULL
    AND (%(organisation)s::text IS NULL OR l.organisation = %(organisation)s::text)
    AND (%(id)s::uuid IS NULL OR l.id = %(id)s::uuid)
    AND (%(stream)s::text IS NULL OR l.stream = %(stream)s::text)
    AND (%(actor)s::text IS NULL OR l.actor = %(actor)s::text)
    AND (%(before)s::uuid IS NULL OR (l.created_at, l.id) < (
        SELECT b.created_at, b.id FROM access.link b WHERE b.id = %(before)s::uuid))
ORDER BY l.created_at DESC, l.id DESC LIMIT %(limit)s;
