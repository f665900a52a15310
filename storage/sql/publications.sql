-- name: newest
-- The newest published checkpoint, as it was first signed.
SELECT size, root, note, at FROM audit.checkpoint
WHERE published ORDER BY size DESC, at LIMIT 1;

-- name: sizes
-- The sizes of all published checkpoints.
SELECT DISTINCT size FROM audit.checkpoint WHERE published ORDER BY size;

-- name: notes
-- Published checkpoints as they were first signed.
SELECT DISTINCT ON (size) size, note FROM audit.checkpoint
WHERE published AND size = ANY(%(sizes)s::bigint[]) ORDER BY size, at;

-- name: note_known
-- A place that checkpoints go to from now on.
INSERT INTO delivery.publication (target) VALUES (%(target)s) ON CONFLICT DO NOTHING;

-- name: note_published
-- A place took a checkpoint, or had it already. An older one never hides a newer one.
INSERT INTO delivery.publication AS known
    (target, size, published_at, tried_at)
VALUES (%(target)s, %(size)s, clock_timestamp(), clock_timestamp())
ON CONFLICT (target) DO UPDATE SET
    size = greatest(known.size, excluded.size),
    published_at = CASE WHEN known.size >= excluded.size
        THEN known.published_at ELSE excluded.published_at END,
    tried_at = excluded.tried_at, failures = 0, error = NULL, contradicts = false;

-- name: note_failed
-- A place did not take a checkpoint.
INSERT INTO delivery.publication AS known
    (target, tried_at, failures, error, contradicts)
VALUES (%(target)s, clock_timestamp(), 1, %(error)s, %(contradicts)s)
ON CONFLICT (target) DO UPDATE SET
    tried_at = excluded.tried_at, failures = known.failures + 1,
    error = excluded.error, contradicts = excluded.contradicts;

-- name: publications
-- How far each place got.
SELECT target, size, published_at, tried_at, failures, error, contradicts
FROM delivery.publication ORDER BY target;

-- name: publication
-- How far one place got.
SELECT target, size, published_at, tried_at, failures, error, contradicts
FROM delivery.publication WHERE target = %(target)s;

-- name: keep_cosignature
-- A witness's line, which was verified. One that is there stays.
INSERT INTO audit.cosignature (size, key_name, line)
VALUES (%(size)s, %(key_name)s, %(line)s) ON CONFLICT DO NOTHING;

-- name: cosignatures
-- The lines of witnesses under one checkpoint.
SELECT key_name, line, at FROM audit.cosignature WHERE size = %(size)s ORDER BY key_name;

-- name: keep_timestamp
-- An authority's answer, which was verified, with the moment it names.
INSERT INTO audit.timestamp (size, authority, token, at)
VALUES (%(size)s, %(authority)s, %(token)s, %(at)s) ON CONFLICT DO NOTHING;

-- name: timestamps
-- What authorities said of the time of one checkpoint.
SELECT authority, token, at FROM audit.timestamp
WHERE size = %(size)s ORDER BY authority;

-- name: stamped
-- Which checkpoints have a timestamp, by whom.
SELECT size, authority FROM audit.timestamp ORDER BY size, authority;
