-- name: late
-- Recorded long after it happened, the longest first. Streams that run by a demo clock
-- are left out by whoever asks: their instants are simulated.
SELECT stream, seq, type, at, recorded_at, extract(epoch FROM recorded_at - at) AS seconds
FROM audit.event
WHERE recorded_at - at > %(late)s::interval
    AND (%(stream)s::text IS NULL OR stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR stream = 'org:' || %(organisation)s::text
        OR starts_with(stream, %(organisation)s::text || ':'))
ORDER BY recorded_at - at DESC, stream, seq LIMIT %(limit)s;

-- name: of_types
-- Events of some types, the newest first.
SELECT stream, seq, type, at, actor_id, cause, body FROM audit.event
WHERE type = ANY(%(types)s::text[])
    AND (%(stream)s::text IS NULL OR stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR stream = 'org:' || %(organisation)s::text
        OR starts_with(stream, %(organisation)s::text || ':'))
ORDER BY recorded_at DESC, stream, seq DESC LIMIT %(limit)s;

-- name: terms
-- How long dossiers are kept, as organisations said it, in that order.
SELECT stream, seq, type, at, actor_id, body FROM audit.event
WHERE type = 'retention_set' AND starts_with(stream, 'org:')
    AND (%(stream)s::text IS NULL OR stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR stream = 'org:' || %(organisation)s::text)
ORDER BY recorded_at, stream, seq;

-- name: unsealed
-- Of each stream, what waits for its place in the log for too long: the first of it,
-- how many there are, and how long the first waits.
SELECT e.stream, min(e.seq) AS seq, min(e.recorded_at) AS at, count(*) AS events,
    extract(epoch FROM clock_timestamp() - min(e.recorded_at)) AS seconds
FROM audit.event e
WHERE e.recorded_at < clock_timestamp() - %(delay)s::interval
    AND NOT EXISTS (
        SELECT FROM audit.leaf l WHERE l.stream = e.stream AND l.seq = e.seq
    )
    AND (%(stream)s::text IS NULL OR e.stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR e.stream = 'org:' || %(organisation)s::text
        OR starts_with(e.stream, %(organisation)s::text || ':'))
GROUP BY e.stream ORDER BY seconds DESC, e.stream LIMIT %(limit)s;

-- name: sealed_late
-- Of each stream, what got its place in the log too late: the worst of it, and how
-- many there are.
SELECT DISTINCT ON (e.stream) e.stream, e.seq, l.sealed_at AS at,
    count(*) OVER (PARTITION BY e.stream) AS events,
    extract(epoch FROM l.sealed_at - e.recorded_at) AS seconds
FROM audit.event e JOIN audit.leaf l ON l.stream = e.stream AND l.seq = e.seq
WHERE l.sealed_at - e.recorded_at > %(delay)s::interval
    AND (%(stream)s::text IS NULL OR e.stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR e.stream = 'org:' || %(organisation)s::text
        OR starts_with(e.stream, %(organisation)s::text || ':'))
ORDER BY e.stream, l.sealed_at - e.recorded_at DESC, e.seq LIMIT %(limit)s;

-- name: any_sealed
-- Whether there is a log at all.
SELECT EXISTS (SELECT FROM audit.leaf);
