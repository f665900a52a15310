-- name: of_stream
-- Private fields of a stream that have no value in the vault.
SELECT seq, path, cause FROM vault.absent WHERE stream = %(stream)s
ORDER BY cause COLLATE "C", seq, path COLLATE "C";

-- name: on_record
-- Which of these events are on record.
SELECT event_id FROM audit.event WHERE event_id = ANY(%(ids)s::uuid[]);

-- name: streams
-- Streams in which something is absent that was noted this long ago; it may be named.
-- Not where the event went with its dossier: nobody can say anything there any more.
SELECT DISTINCT a.stream
FROM vault.absent a JOIN audit.event own ON own.stream = a.stream AND own.seq = a.seq
WHERE a.noted_at < clock_timestamp() - %(older_than)s::interval
    AND NOT EXISTS (
        SELECT FROM audit.event e
        WHERE e.stream = a.stream AND e.seq > a.seq AND e.cause = a.cause
    )
ORDER BY a.stream;
