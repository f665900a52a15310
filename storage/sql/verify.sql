-- name: events
-- A share of the record in order, or all of it, for a server-side cursor.
SELECT stream, seq, event_id::text AS event_id, hash, prev, type, at, cause, actor_id,
    actor_role, body, recorded_at
FROM audit.event
WHERE (%(since)s::text IS NULL OR stream >= %(since)s)
    AND (%(before)s::text IS NULL OR stream < %(before)s)
ORDER BY stream, seq;

-- name: shares
-- So many names of streams, each where a share of about as many events begins.
SELECT min(stream) FROM (
    SELECT stream, ntile(%(shares)s) OVER (ORDER BY stream) AS share
    FROM audit.stream, generate_series(1, greatest(1, seq / 1000))
) AS spread GROUP BY share ORDER BY share;

-- name: size
-- About how many events there are, without counting them.
SELECT coalesce(sum(seq), 0)::bigint FROM audit.stream;

-- name: share_snapshot
-- The name by which other connections see what this transaction sees.
SELECT pg_export_snapshot();

-- name: heads
-- The heads that appends left, and whether a take-over waits for its first append.
SELECT stream, seq, encode(head, 'hex') AS head, epoch, token
FROM audit.stream WHERE stream = ANY(%(streams)s);

-- name: headless
-- Streams whose head is on record, of which there is not one event.
SELECT s.stream, s.seq FROM audit.stream s
WHERE s.seq > 0 AND NOT EXISTS (
    SELECT FROM audit.event e WHERE e.stream = s.stream
) ORDER BY s.stream;

-- name: contents
-- Every method and calendar, for a server-side cursor.
SELECT encode(sha256, 'hex') AS sha256, kind, body FROM audit.content ORDER BY sha256;

-- name: may_open
-- Whether this connection may look into the vault.
SELECT has_schema_privilege('vault', 'USAGE');

-- name: age
-- How long ago this transaction began.
SELECT clock_timestamp() - transaction_timestamp();

-- name: vault
-- What is on record in the vault for one stream.
SELECT command_id, path, encode(commitment, 'hex') AS commitment, subject, salt, value,
    status, seq, key_id, nonce
FROM vault.value WHERE stream = %(stream)s;

-- name: strangers
-- Projections of streams that are not on record.
SELECT stream FROM read.dialogue
UNION SELECT stream FROM read.deadline
UNION SELECT stream FROM read.part
UNION SELECT stream FROM read.need
UNION SELECT stream FROM read.need_for
UNION SELECT stream FROM read.entry
EXCEPT SELECT stream FROM audit.event ORDER BY 1;

-- name: blocked
-- Streams that take nothing until an operator acts.
SELECT stream FROM audit.stream WHERE blocked_by IS NOT NULL ORDER BY stream;
