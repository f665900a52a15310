-- name: put
-- One part of a pack.
INSERT INTO delivery.pack (id, part, stream, body)
VALUES (%(id)s::uuid, %(part)s, %(stream)s, %(body)b);

-- name: part
-- One part again.
SELECT body FROM delivery.pack WHERE id = %(id)s::uuid AND part = %(part)s;

-- name: away
-- All of one pack.
DELETE FROM delivery.pack WHERE id = %(id)s::uuid;

-- name: sweep
-- What nobody fetched.
DELETE FROM delivery.pack WHERE at < clock_timestamp() - %(older)s::interval;
