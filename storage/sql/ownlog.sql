-- name: hold
-- Holds off other writers of one stream until the transaction ends.
SELECT audit.hold(%(stream)s);

-- name: there
-- Events of these ids, wherever they are.
SELECT seq, encode(hash, 'hex') AS hash, body FROM audit.event
WHERE event_id = ANY(%(ids)s::uuid[]) ORDER BY seq;

-- name: events
-- A stream, or what is of these types in it.
SELECT encode(hash, 'hex') AS hash, body FROM audit.event
WHERE stream = %(stream)s
    AND (%(types)s::text[] IS NULL OR type = ANY(%(types)s::text[]))
ORDER BY seq;
