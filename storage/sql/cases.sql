-- name: link
-- A dialogue is about this case; once more changes nothing.
INSERT INTO delivery.case_link (organisation, stream, url, linked_by)
VALUES (%(organisation)s, %(stream)s, %(url)s, %(linked_by)s)
ON CONFLICT (organisation, url, stream) WHERE unlinked_at IS NULL DO NOTHING;

-- name: unlink
-- It no longer is; that it was stays.
UPDATE delivery.case_link
SET unlinked_at = clock_timestamp(), unlinked_by = %(unlinked_by)s
WHERE stream = %(stream)s AND id = %(id)s AND unlinked_at IS NULL;

-- name: links
-- The cases of a dialogue, or the one at this address, the first one first.
SELECT id::text, stream, url, linked_at, linked_by FROM delivery.case_link
WHERE stream = %(stream)s AND unlinked_at IS NULL
    AND (%(url)s::text IS NULL OR url = %(url)s::text)
ORDER BY linked_at, id;

-- name: about
-- The dialogues of an organisation that are about one of these.
SELECT DISTINCT stream FROM delivery.case_link
WHERE organisation = %(organisation)s AND unlinked_at IS NULL
    AND url = ANY(%(urls)s::text[]) ORDER BY stream;

-- name: put_client
-- A token may sign JWTs too; nothing where it may already.
INSERT INTO access.client (token, organisation, key, digest, created_by)
VALUES (%(token)s, %(organisation)s, %(key)s, %(digest)s, %(created_by)s)
ON CONFLICT (token) DO NOTHING;

-- name: client_key
-- Which key the secret of a client comes from.
SELECT access.client_key(%(token)s);

-- name: client_of
-- Whose a client is, by the digest of its secret.
SELECT id::text, organisation, roles, actor, dialogue, badge
FROM access.client_of(%(digest)s);
