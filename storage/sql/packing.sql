-- name: bodies
-- The events of a stream up to a head, or all, as they stand there.
SELECT seq, body FROM audit.event
WHERE stream = %(stream)s AND (%(head)s::bigint IS NULL OR seq <= %(head)s::bigint)
ORDER BY seq;

-- name: erased_since
-- Erasures after that head: what they name can't be opened any more.
SELECT body FROM audit.event
WHERE stream = %(stream)s AND seq > %(head)s AND type = 'personal_data_erased'
ORDER BY seq;

-- name: census
-- The event at the last leaf of a checkpoint.
SELECT e.body FROM audit.leaf l JOIN audit.event e ON e.stream = l.stream AND e.seq = l.seq
WHERE l.leaf_index = %(leaf_index)s;

-- name: erasing
-- What was decided to be erased, and is about to be.
SELECT seq, path FROM vault.erasing WHERE stream = %(stream)s;
