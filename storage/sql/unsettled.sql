-- name: note
-- A command that is not answered to the end; the same one is noted once.
INSERT INTO delivery.unsettled (stream, command, digest, actor)
VALUES (%(stream)s, %(command)s, %(digest)s, %(actor)s) ON CONFLICT DO NOTHING;

-- name: noted
-- What came under this id without an answer, newest first.
SELECT digest, actor FROM delivery.unsettled
WHERE stream = %(stream)s AND command = %(command)s ORDER BY at DESC LIMIT 10;
