-- name: claim
-- Who delivers from now on; gives what there is to know. No row: there is none.
UPDATE delivery.subscription SET lease = %(lease)s,
    leased_until = clock_timestamp() + %(lasts)s
WHERE id = %(id)s
RETURNING organisation, target, format, authorisation, types, dialogues, handshake,
    previous_until, status, rate, cursor, failing_since, failures, retry_at;

-- name: renew
-- As `claim`, for who had it; no row where another has it, or things have changed.
UPDATE delivery.subscription SET leased_until = clock_timestamp() + %(lasts)s
WHERE id = %(id)s AND lease = %(lease)s
RETURNING organisation, target, format, authorisation, types, dialogues, handshake,
    previous_until, status, rate, cursor, failing_since, failures, retry_at;

-- name: release
-- Nobody delivers for now.
UPDATE delivery.subscription SET leased_until = NULL
WHERE id = %(id)s AND lease = %(lease)s;

-- name: settle
-- What one turn came to. No row where another has taken over meanwhile.
UPDATE delivery.subscription SET cursor = %(cursor)s, failing_since = %(failing_since)s,
    failures = %(failures)s, retry_at = %(retry_at)s, status = %(status)s,
    problem = %(problem)s, rate = %(rate)s,
    delivered_at = coalesce(%(delivered_at)s, delivered_at)
WHERE id = %(id)s AND lease = %(lease)s RETURNING id;

-- name: held
-- Dialogues that are held, the one that waits longest first.
SELECT stream, leaf_index, since, failures, retry_at FROM delivery.held
WHERE subscription = %(id)s ORDER BY leaf_index;

-- name: hold
-- One is held, or still held, from here on.
INSERT INTO delivery.held (subscription, organisation, stream, leaf_index, since,
    failures, retry_at)
VALUES (%(id)s, %(organisation)s, %(stream)s, %(leaf_index)s, %(since)s, %(failures)s,
    %(retry_at)s)
ON CONFLICT (subscription, stream) DO UPDATE SET leaf_index = excluded.leaf_index,
    since = excluded.since, failures = excluded.failures,
    retry_at = excluded.retry_at;

-- name: let_go
-- Of these nothing is held any more.
DELETE FROM delivery.held
WHERE subscription = %(id)s AND stream = ANY(%(streams)s::text[]);

-- name: size
-- How many leaves there are.
SELECT coalesce(max(leaf_index) + 1, 0) FROM audit.leaf;

-- name: page
-- The next events that are meant for a subscription, but for dialogues that are held.
SELECT l.leaf_index, l.stream, l.seq, encode(l.hash, 'hex') AS hash, e.type, e.body,
    e.recorded_at, l.sealed_at
FROM audit.leaf l JOIN audit.event e USING (stream, seq)
WHERE l.leaf_index >= %(start)s AND l.leaf_index < %(stop)s
    AND (starts_with(l.stream, %(organisation)s::text || ':')
        OR l.stream = 'org:' || %(organisation)s::text)
    AND (%(streams)s::text[] IS NULL OR l.stream = ANY(%(streams)s::text[]))
    AND (%(types)s::text[] IS NULL OR e.type = ANY(%(types)s::text[]))
    AND l.stream <> ALL(%(held)s::text[])
ORDER BY l.leaf_index LIMIT %(most)s;

-- name: of_stream
-- The next events of one dialogue, if the subscription is for that one: a row that says
-- it is held opens nothing of somebody else.
SELECT l.leaf_index, l.stream, l.seq, encode(l.hash, 'hex') AS hash, e.type, e.body,
    e.recorded_at, l.sealed_at
FROM audit.leaf l JOIN audit.event e USING (stream, seq)
WHERE l.stream = %(stream)s AND l.leaf_index >= %(start)s AND l.leaf_index < %(stop)s
    AND (starts_with(l.stream, %(organisation)s::text || ':')
        OR l.stream = 'org:' || %(organisation)s::text)
    AND (%(streams)s::text[] IS NULL OR l.stream = ANY(%(streams)s::text[]))
    AND (%(types)s::text[] IS NULL OR e.type = ANY(%(types)s::text[]))
ORDER BY l.leaf_index LIMIT %(most)s;

-- name: one
-- One event of an organisation, by its place in the log.
SELECT l.leaf_index, l.stream, l.seq, encode(l.hash, 'hex') AS hash, e.type, e.body,
    e.recorded_at, l.sealed_at
FROM audit.leaf l JOIN audit.event e USING (stream, seq)
WHERE l.leaf_index = %(leaf)s
    AND (starts_with(l.stream, %(organisation)s::text || ':')
        OR l.stream = 'org:' || %(organisation)s::text);

-- name: asked_again
-- What somebody asked for, in the order of the log; tests first.
SELECT id::text AS id, leaf_index FROM delivery.again WHERE subscription = %(id)s
ORDER BY leaf_index NULLS FIRST, asked_at LIMIT %(most)s;

-- name: answered
-- Somebody has what they asked for.
DELETE FROM delivery.again WHERE id = %(again)s;

-- name: note_attempt
-- One attempt.
INSERT INTO delivery.attempt (subscription, organisation, leaf_index, message, stream,
    seq, type, at, milliseconds, outcome, status, problem)
VALUES (%(id)s, %(organisation)s, %(leaf_index)s, %(message)s, %(stream)s, %(seq)s,
    %(type)s, %(at)s, %(milliseconds)s, %(outcome)s, %(status)s, %(problem)s);

-- name: give_up
-- An event is given up, until somebody asks for it.
INSERT INTO delivery.dead (subscription, organisation, leaf_index, stream, seq, type,
    problem)
VALUES (%(id)s, %(organisation)s, %(leaf_index)s, %(stream)s, %(seq)s, %(type)s,
    %(problem)s)
ON CONFLICT (subscription, leaf_index) DO UPDATE SET at = clock_timestamp(),
    problem = excluded.problem;

-- name: no_longer_dead
-- What was given up was delivered after all.
DELETE FROM delivery.dead WHERE subscription = %(id)s AND leaf_index = %(leaf)s;

-- name: new_since
-- Of which organisations something was sealed from a leaf on, and how long the log is.
SELECT DISTINCT CASE WHEN l.stream LIKE 'org:%%' THEN substr(l.stream, 5)
    ELSE split_part(l.stream, ':', 1) END AS organisation
FROM audit.leaf l WHERE l.leaf_index >= %(start)s AND l.leaf_index < %(stop)s;

-- name: to_wake
-- Subscriptions of these organisations (or, without any, of all) that may have
-- something to do, and that nobody is busy with; and those that were changed.
SELECT id::text AS id FROM delivery.subscription s
WHERE (%(organisations)s::text[] IS NULL OR organisation = ANY(%(organisations)s::text[]))
    AND (leased_until IS NULL OR leased_until < clock_timestamp()
        OR lease IS NULL OR id = ANY(%(ours)s::uuid[]))
    AND (lease IS NULL
        OR (status <> 'disabled'
            AND (retry_at IS NULL OR retry_at <= clock_timestamp())
            AND (status = 'pending' OR cursor < %(size)s OR EXISTS (
                SELECT FROM delivery.again a WHERE a.subscription = s.id)))
        OR (status = 'active' AND EXISTS (SELECT FROM delivery.held h
            WHERE h.subscription = s.id AND h.retry_at <= clock_timestamp()))
        OR EXISTS (SELECT FROM delivery.again a
            WHERE a.subscription = s.id AND a.leaf_index IS NULL));

-- name: forget_attempts
-- Attempts of long ago.
DELETE FROM delivery.attempt WHERE at < clock_timestamp() - %(older_than)s::interval;
