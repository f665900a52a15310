-- name: alive
-- Every dialogue on record, and whether it was archived, or destroyed by decision.
SELECT s.stream, coalesce(d.status = 'archived', false) AS archived,
    EXISTS (SELECT FROM audit.destroyed x WHERE x.stream = s.stream) AS destroyed
FROM audit.stream s LEFT JOIN read.dialogue d USING (stream)
WHERE s.seq > 0 AND s.stream NOT LIKE 'org:%%' AND s.stream NOT LIKE 'polder:%%'
    AND s.stream > %(after)s
ORDER BY s.stream LIMIT %(limit)s;

-- name: hash_at
-- The hash of one event.
SELECT encode(hash, 'hex') FROM audit.event
WHERE stream = %(stream)s AND seq = %(seq)s;

-- name: put_epoch
-- Raises the epoch by one with the token that a run which was restored already has.
SELECT audit.take_over(%(stream)s, decode(%(head)s, 'hex'), %(token)s::bytea);

-- name: kept
-- Which private fields of a stream the vault has a value for.
SELECT command_id, path FROM vault.value WHERE stream = %(stream)s;

-- name: private_fields
-- The events of a stream that keep something private, and those that erase.
SELECT seq, cause, type, body FROM audit.event
WHERE stream = %(stream)s AND (
    type = 'personal_data_erased' OR position('"private":{}' IN convert_from(body, 'UTF8')) = 0
) ORDER BY seq;

-- name: destroy_again
-- What was erased before, and came back with a backup; it is absent from now on.
WITH gone AS (
    DELETE FROM vault.value v
    USING unnest(%(causes)s::text[], %(paths)s::text[]) AS gone (cause, path)
    WHERE v.stream = %(stream)s AND v.command_id = gone.cause AND v.path = gone.path
    RETURNING v.command_id, v.path
), noted AS (
    INSERT INTO vault.absent (stream, seq, path, cause)
    SELECT %(stream)s, e.seq, gone.path, said.cause
    FROM gone
    JOIN audit.event e ON e.stream = %(stream)s AND position('"private":{}' IN convert_from(e.body, 'UTF8')) = 0
        AND vault.kept_under(e.type, e.cause, e.body) = gone.command_id
    JOIN audit.event said ON said.stream = %(stream)s
        AND said.type = 'personal_data_erased'
        AND convert_from(said.body, 'UTF8')::jsonb #> '{data,paths}'
            @> jsonb_build_array(jsonb_build_array(e.seq, gone.path))
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM gone;

-- name: next_life
-- The database begins another life: transaction ids start anew.
UPDATE audit.installation SET db_epoch = db_epoch + 1 RETURNING db_epoch;

-- name: measure
-- How much is on record.
SELECT (SELECT count(*) FROM audit.event) AS events,
    (SELECT count(*) FROM audit.stream WHERE seq > 0) AS streams;

-- name: heads
-- Every head, for a server-side cursor.
SELECT stream, seq, encode(head, 'hex') AS head FROM audit.stream WHERE seq > 0;
