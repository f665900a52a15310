-- name: size
-- How many leaves the log has.
SELECT audit.log_size();

-- name: newest
-- The last checkpoint, or the last that was published.
SELECT size, root, note, at, published, key_id FROM audit.checkpoint
WHERE published OR NOT %(published)s ORDER BY size DESC, at DESC LIMIT 1;

-- name: leaf_hashes
-- The hashes of neighbouring leaves.
SELECT leaf_hash FROM audit.leaf_hashes(%(start)s, %(stop)s);

-- name: tile_roots
-- What neighbouring tiles of one level come to.
SELECT root FROM audit.tile
WHERE level = %(level)s AND number >= %(start)s AND number < %(stop)s ORDER BY number;

-- name: add_leaves
-- The next leaves, in order.
INSERT INTO audit.leaf (leaf_index, stream, seq, hash, db_epoch)
SELECT %(start)s + n - 1, stream, seq, hash, db_epoch
FROM unnest(%(streams)s::text[], %(seqs)s::bigint[], %(hashes)b::bytea[],
    %(db_epochs)s::integer[]) WITH ORDINALITY AS l (stream, seq, hash, db_epoch, n);

-- name: add_tiles
-- Tiles that became full.
INSERT INTO audit.tile (level, number, hashes, root)
SELECT * FROM unnest(%(levels)s::integer[], %(numbers)s::bigint[],
    %(hashes)b::bytea[], %(roots)b::bytea[]);

-- name: add_checkpoint
-- A signed checkpoint; whoever listens is told how long the log is, once it is there.
INSERT INTO audit.checkpoint (size, key_id, root, note, published)
VALUES (%(size)s, %(key_id)b, %(root)b, %(note)b, %(published)s)
RETURNING pg_notify('polder_sealed', size::text);
