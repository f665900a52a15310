-- name: events
-- A page of a stream.
SELECT seq, encode(hash, 'hex') AS hash, body, recorded_at FROM audit.event
WHERE stream = %(stream)s AND seq > %(after_seq)s ORDER BY seq LIMIT %(limit)s;

-- name: events_at
-- These events of a stream.
SELECT seq, encode(hash, 'hex') AS hash, body, recorded_at FROM audit.event
WHERE stream = %(stream)s AND seq = ANY(%(seqs)s::bigint[]) ORDER BY seq;

-- name: events_of_types
-- The last events of these types, newest first.
SELECT seq, encode(hash, 'hex') AS hash, body, recorded_at FROM audit.event
WHERE stream = %(stream)s AND seq > %(after_seq)s AND type = ANY(%(types)s::text[])
ORDER BY seq DESC LIMIT %(limit)s;

-- name: events_of_cause
-- The events of one command stand together, the first under an id that is known.
SELECT e.seq, encode(e.hash, 'hex') AS hash, e.body, e.recorded_at
FROM audit.event AS first
JOIN audit.event AS e ON e.stream = first.stream AND e.seq >= first.seq
    AND e.seq < first.seq + 1000 AND e.cause = first.cause
WHERE first.event_id = %(first)s::uuid AND first.stream = %(stream)s
    AND first.cause = %(cause)s
ORDER BY e.seq;

-- name: counts
-- How many of each type.
SELECT type, count(*) FROM audit.event WHERE stream = %(stream)s
GROUP BY type ORDER BY type;

-- name: dialogue
-- One dialogue.
SELECT stream, organisation, slug, title, status, phase, step, method_id,
    method_version, method_hash, calendar_hash, version, head, next_deadline, open_windows, attention,
    needs, started_at, updated_at, read.whole_state(stream, state) AS state
FROM read.dialogue WHERE stream = %(stream)s;

-- name: summaries
-- Dialogues by name without their states, a page at a time.
SELECT stream, organisation, slug, title, status, phase, step, method_id,
    method_version, method_hash, calendar_hash, version, head, next_deadline, open_windows, attention,
    needs, started_at, updated_at, zone
FROM read.dialogue
WHERE stream > %(after)s
    AND (%(organisation)s::text IS NULL OR organisation = %(organisation)s::text)
    AND (%(status)s::text IS NULL OR status = %(status)s::text)
    AND (%(method)s::text IS NULL OR method_id = %(method)s::text)
    AND (NOT %(attention)s OR attention > 0)
    AND (%(actor)s::text IS NULL OR stream = ANY(CASE
        WHEN %(organisation)s::text IS NULL THEN ARRAY(
            SELECT r.stream FROM read.entry r
            WHERE r.kind = 'role' AND r.data -> 'until' = 'null'
                AND r.data ->> 'actor' = %(actor)s::text)
        -- Past the wall, which has the whole list read.
        ELSE ARRAY(SELECT h.stream FROM read.roles_held(%(actor)s::text,
            %(organisation)s::text, NULL) h) END))
ORDER BY stream LIMIT %(limit)s;

-- name: deadlines
-- What falls due, first things first.
SELECT w.stream, d.title, w.kind, w.target, w.run, w.due, w.audience, w.silent
FROM read.deadline w JOIN read.dialogue d USING (stream)
WHERE (%(until)s::timestamptz IS NULL OR w.due <= %(until)s::timestamptz)
    AND (%(organisation)s::text IS NULL
        OR split_part(w.stream, ':', 1) = %(organisation)s::text)
ORDER BY w.due, w.stream, w.kind, w.target LIMIT %(limit)s;

-- name: entries
-- A list of a dialogue, or a page of it, in the order of the record.
SELECT id, seq, data FROM read.entry
WHERE stream = %(stream)s AND kind = %(kind)s AND seq >= %(after_seq)s
    AND (seq, id COLLATE "C") > (%(after_seq)s, %(after_id)s)
    AND (%(id)s::text IS NULL OR id = %(id)s::text)
    AND (%(ids)s::text[] IS NULL OR id = ANY(%(ids)s::text[]))
    AND (%(like)s::jsonb[] IS NULL OR data @> ANY(%(like)s::jsonb[]))
ORDER BY seq, id COLLATE "C" LIMIT %(limit)s::bigint;

-- name: entries_named
-- These rows of a list, by name.
SELECT id, seq, data FROM read.entry
WHERE stream = %(stream)s AND kind = %(kind)s AND id = ANY(%(ids)s::text[])
ORDER BY seq, id COLLATE "C";

-- name: responses_of
-- What one person said in a dialogue.
SELECT id, seq, data FROM read.entry
WHERE stream = %(stream)s AND kind = 'response'
    AND data ->> 'respondent' = %(respondent)s
ORDER BY seq, id COLLATE "C";

-- name: answers_in
-- What was done with the responses to one window, and what came of telling it.
SELECT id, seq, data FROM read.entry
WHERE stream = %(stream)s AND kind = %(kind)s
    AND data ->> 'window' = ANY(%(windows)s::text[])
ORDER BY seq, id COLLATE "C";

-- name: answers
-- Answers that responses with these numbers have, or may have: a list of numbers is one
-- text, so each that is no single number comes too.
SELECT id, seq, data FROM read.entry
WHERE stream = %(stream)s AND kind = 'answer' AND data ->> 'window' = %(window)s
    AND (data ->> 'numbers' = ANY(%(numbers)s::text[])
        OR data ->> 'numbers' !~ '^[0-9]+$')
ORDER BY seq;

-- name: tellings
-- What came of telling these answers.
SELECT id, seq, data FROM read.entry
WHERE stream = %(stream)s AND kind = 'telling' AND data ->> 'window' = %(window)s
    AND (data ->> 'answer')::bigint = ANY(%(answers)s::bigint[])
ORDER BY seq, id COLLATE "C";

-- name: entry_counts
-- How many rows each list has.
SELECT kind, count(*) FROM read.entry WHERE stream = %(stream)s
GROUP BY kind ORDER BY kind;

-- name: incidents
-- What contradicted the record.
SELECT i.id::text AS id, i.stream, i.kind, i.detail, i.at,
    coalesce(s.blocked_by = i.id, false) AS open
FROM audit.incident i LEFT JOIN audit.stream s USING (stream)
WHERE %(stream)s::text IS NULL OR i.stream = %(stream)s::text
ORDER BY i.at DESC, i.id;

-- name: failures
-- What this program could not fold.
SELECT stream, seq, problem, at FROM read.failure ORDER BY stream;
