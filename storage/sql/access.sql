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
