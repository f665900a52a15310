-- name: of_stream
-- What an organisation's stream says of mandates, in order.
SELECT encode(hash, 'hex') AS hash, body FROM audit.event
WHERE stream = %(stream)s AND type = ANY(%(types)s::text[]) ORDER BY seq;

-- name: hash_at
-- The hash of one event, whatever it is.
SELECT encode(hash, 'hex') FROM audit.event
WHERE stream = %(stream)s AND seq = %(seq)s;

-- name: acts
-- Events that may name a mandate, for a server-side cursor. The bytes that every one
-- of them has are looked for, so that none is missed and few others are read.
SELECT body FROM audit.event
WHERE position('"mandate":{'::bytea IN body) > 0
    AND (%(stream)s::text IS NULL OR stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR stream = 'org:' || %(organisation)s::text
        OR starts_with(stream, %(organisation)s::text || ':'))
ORDER BY stream, seq;

-- name: organisations
-- Streams in which a mandate was passed on.
SELECT DISTINCT stream FROM audit.event
WHERE type = 'mandate_delegated'
    AND (%(organisation)s::text IS NULL OR stream = 'org:' || %(organisation)s::text)
ORDER BY stream;

-- name: beginning
-- The first event of a stream, which says by what clock it runs.
SELECT body FROM audit.event WHERE stream = %(stream)s AND seq = 1;
