-- name: as_sealer
-- Takes the sealer's role until the transaction ends; gives the one before. It looks by
-- index only: right after much was recorded at once the planner knows nothing of it, and
-- what it then takes for quick compares every event with every leaf.
SELECT current_user, set_config('role', 'polder_sealer', true),
    set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true);

-- name: as_before
-- Gives the role back, in a transaction that goes on.
SELECT set_config('role', %(role)s, true);

-- name: wait_for_others
-- One sealer at a time in a database.
SELECT pg_advisory_xact_lock(hashtextextended('polder sealer', 0));

-- name: horizon
-- Whatever has a lower transaction id is visible to all, or was undone.
SELECT db_epoch, pg_snapshot_xmin(pg_current_snapshot())::text AS xmin
FROM audit.installation;

-- name: anything
-- Whether the database began another life, and whether something came since: asked of
-- the last event alone. Asked whether there is one, the planner thinks that it would soon
-- meet one, and reads all of them where there is none.
SELECT i.db_epoch IS DISTINCT FROM %(db_epoch)s::integer, coalesce((
    SELECT (e.db_epoch, e.txid) >= (%(db_epoch)s::integer, %(txid)s::text::xid8)
    FROM audit.event e ORDER BY e.db_epoch DESC, e.txid DESC LIMIT 1
), false) FROM audit.installation i;

-- name: oldest
-- Where the first event that has no leaf stands in the order of transactions. Streams that
-- lie behind come first, then their events (OFFSET): in the order of the transactions all
-- events there are would be gone through to find that there is none.
WITH behind AS MATERIALIZED (
    SELECT s.stream, coalesce(sealed.seq, 0) AS seq
    FROM audit.stream s
    LEFT JOIN LATERAL (
        SELECT l.seq FROM audit.leaf l WHERE l.stream = s.stream
        ORDER BY l.seq DESC LIMIT 1
    ) AS sealed ON true
    WHERE s.seq > coalesce(sealed.seq, 0)
)
SELECT e.db_epoch, e.txid::text AS txid
FROM behind b CROSS JOIN LATERAL (
    SELECT e.db_epoch, e.txid FROM audit.event e
    WHERE e.stream = b.stream AND e.seq > b.seq OFFSET 0
) AS e
ORDER BY e.db_epoch, e.txid LIMIT 1;

-- name: unsealed
-- The next events without a leaf, in the order of their transactions.
SELECT e.stream, e.seq, e.event_id::text AS event_id, e.hash, e.prev, e.type, e.at,
    e.cause, e.actor_id, e.actor_role, e.body, e.recorded_at, e.db_epoch,
    e.txid::text AS txid
FROM audit.event e
WHERE (e.db_epoch, e.txid) >= (%(db_epoch)s::integer, %(txid)s::text::xid8)
    AND (e.db_epoch, e.txid, e.stream, e.seq)
        > (%(db_epoch)s::integer, %(txid)s::text::xid8, %(stream)s, %(seq)s::bigint)
    AND (e.db_epoch < %(now)s::integer OR e.txid < %(xmin)s::text::xid8)
    AND NOT EXISTS (
        SELECT FROM audit.leaf l WHERE l.stream = e.stream AND l.seq = e.seq
    )
ORDER BY e.db_epoch, e.txid, e.stream, e.seq LIMIT %(most)s;

-- name: following
-- A stream's events after a place, whenever they came.
SELECT e.stream, e.seq, e.event_id::text AS event_id, e.hash, e.prev, e.type, e.at,
    e.cause, e.actor_id, e.actor_role, e.body, e.recorded_at, e.db_epoch,
    e.txid::text AS txid
FROM audit.event e
WHERE e.stream = %(stream)s AND e.seq > %(seq)s ORDER BY e.seq LIMIT %(most)s;

-- name: sealed_heads
-- How far the log has come in these streams.
SELECT s.stream, l.seq, encode(l.hash, 'hex') AS hash
FROM unnest(%(streams)s::text[]) AS s (stream)
CROSS JOIN LATERAL (
    SELECT l.seq, l.hash FROM audit.leaf l
    WHERE l.stream = s.stream ORDER BY l.seq DESC LIMIT 1
) AS l;

-- name: headless
-- Streams whose last event is not the one that was appended last, unless the log has
-- that one.
SELECT s.stream, s.seq FROM audit.stream s
LEFT JOIN audit.event e ON e.stream = s.stream AND e.seq = s.seq
WHERE s.seq > 0 AND e.hash IS DISTINCT FROM s.head AND NOT EXISTS (
    SELECT FROM audit.leaf l
    WHERE l.stream = s.stream AND l.seq = s.seq AND l.hash = s.head
) ORDER BY s.stream;

-- name: hold
-- Holds off other writers of the log's own stream until the transaction ends.
SELECT audit.hold('polder:log');

-- name: append_to_log
-- One event of the log's own stream.
SELECT audit.append_to_log(%(after_seq)s, decode(%(after_hash)s, 'hex'),
    decode(%(hash)s, 'hex'), %(id)s::uuid, %(type)s, %(at)s::text::timestamptz,
    %(cause)s, %(actor)s, %(role)s, %(body)b);

-- name: note_not_sealed
-- A stream was left out of the log: see audit.incident.
SELECT audit.note_not_sealed(%(stream)s, %(detail)s::jsonb);
