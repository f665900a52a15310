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
