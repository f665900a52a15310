-- name: tiles
-- The full tiles of these places.
SELECT level, number, hashes FROM audit.tile
WHERE (level, number) IN (
    SELECT * FROM unnest(%(levels)s::integer[], %(numbers)s::bigint[])
);

-- name: published
-- Every published checkpoint, by size.
SELECT size, at FROM audit.checkpoint WHERE published ORDER BY size;

-- name: notes
-- The checkpoint of one size, by each key that signed it.
SELECT note FROM audit.checkpoint WHERE size = %(size)s ORDER BY at;

-- name: cosignatures
-- What witnesses say of a checkpoint.
SELECT line FROM audit.cosignature WHERE size = %(size)s ORDER BY key_name;

-- name: leaf_indexes
-- The places of a stream's events in the log, in order.
SELECT leaf_index FROM audit.leaf WHERE stream = %(stream)s ORDER BY seq;

-- name: heads
-- The last event of each stream within so many leaves. Streams are found by jumping
-- from one to the next, so that a long stream takes no longer than a short one.
WITH RECURSIVE streams AS (
    (SELECT stream FROM audit.leaf ORDER BY stream LIMIT 1)
    UNION ALL
    SELECT (SELECT l.stream FROM audit.leaf l WHERE l.stream > s.stream
        ORDER BY l.stream LIMIT 1)
    FROM streams s WHERE s.stream IS NOT NULL
)
SELECT s.stream, h.seq, encode(h.hash, 'hex') AS hash
FROM streams s CROSS JOIN LATERAL (
    SELECT l.seq, l.hash FROM audit.leaf l
    WHERE l.stream = s.stream AND l.leaf_index < %(size)s
    ORDER BY l.seq DESC LIMIT 1
) AS h;

-- name: heads_around
-- The leaf hash of the last event of each stream within so many leaves, in the order of
-- their names; which event it is, of one stream only.
SELECT head_leaf, seq, hash FROM audit.heads_around(%(size)s, %(stream)s);
