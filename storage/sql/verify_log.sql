-- name: leaves
-- The log in order, each leaf with the hash of its event as recorded, for a
-- server-side cursor. Of a census the body comes along.
SELECT l.leaf_index, l.stream, l.seq, l.hash, e.hash,
    CASE WHEN l.stream = 'polder:log' AND e.type = 'census_taken' THEN e.body END
FROM audit.leaf l LEFT JOIN audit.event e ON e.stream = l.stream AND e.seq = l.seq
ORDER BY l.leaf_index;

-- name: checkpoints
-- Every checkpoint, smallest first, for a server-side cursor.
SELECT size, key_id, root, note, published FROM audit.checkpoint ORDER BY size, key_id;

-- name: tiles
-- Every stored tile, for a server-side cursor.
SELECT level, number, hashes, root FROM audit.tile ORDER BY level, number;

-- name: cosignatures
-- What is stored as said by witnesses, and whether there is such a checkpoint.
SELECT s.size, s.key_name, s.line, EXISTS (
    SELECT FROM audit.checkpoint c WHERE c.size = s.size
) FROM audit.cosignature s ORDER BY s.size, s.key_name;

-- name: unsealed
-- How many events wait for their leaf, and since when the oldest does.
SELECT count(*), min(e.recorded_at) FROM audit.event e
WHERE NOT EXISTS (
    SELECT FROM audit.leaf l WHERE l.stream = e.stream AND l.seq = e.seq
);
