-- name: dates
-- Windows that close and dates to keep, first things first.
SELECT w.stream, d.title AS dialogue, d.zone, w.kind, w.target, w.run, w.due,
    d.updated_at
FROM read.deadline w JOIN read.dialogue d USING (stream)
WHERE w.kind IN ('window', 'date') AND w.due > %(since)s
    AND d.organisation = %(organisation)s
    AND (%(stream)s::text IS NULL OR w.stream = %(stream)s::text)
ORDER BY w.due, w.stream, w.kind, w.target LIMIT %(limit)s;

-- name: meetings
-- Meetings that have a time, first things first.
SELECT e.stream, d.title AS dialogue, e.id AS meeting, e.data ->> 'title' AS title,
    (e.data ->> 'begins')::timestamptz AS begins,
    (e.data ->> 'ends')::timestamptz AS ends, e.data ->> 'status' AS status,
    coalesce((e.data ->> 'sequence')::integer, 0) AS sequence, d.updated_at
FROM read.entry e JOIN read.dialogue d USING (stream)
WHERE e.kind = 'meeting' AND (e.data ->> 'ends')::timestamptz > %(since)s
    AND e.data ->> 'begins' IS NOT NULL AND d.organisation = %(organisation)s
    AND (%(stream)s::text IS NULL OR e.stream = %(stream)s::text)
ORDER BY begins, e.stream, e.id LIMIT %(limit)s;

-- name: standing
-- How many dialogues stand where, by method; and what of them asks for attention.
SELECT status, method_id AS method, phase, count(*) AS dialogues,
    coalesce(sum(open_windows), 0)::bigint AS open_windows,
    count(*) FILTER (WHERE attention > 0) AS need_attention,
    min(next_deadline) AS next_deadline
FROM read.dialogue
WHERE organisation = %(organisation)s
    AND (%(stream)s::text IS NULL OR stream = %(stream)s::text)
GROUP BY status, method_id, phase ORDER BY status, method_id, phase;
