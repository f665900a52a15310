-- name: standing
-- How many dialogues stand where, of those in an organisation that fit whatever is asked
-- but status, method and phase: so of each of these can be told how many there are.
WITH overdue AS MATERIALIZED (
    SELECT DISTINCT stream FROM read.need_for
    WHERE party = '' AND organisation = %(organisation)s
        AND urgency = ANY(%(late)s::smallint[])
        AND shows_at <= %(now)s AND hides_at > %(now)s
)
SELECT d.status, d.method_id AS method, d.phase, any_value(d.method_hash) AS method_hash,
    count(*) AS dialogues,
    sum(d.open_windows)::bigint AS open_windows,
    count(*) FILTER (WHERE d.attention > 0) AS attention,
    count(*) FILTER (WHERE d.stream IN (SELECT stream FROM overdue)) AS overdue
FROM read.dialogue d
WHERE d.organisation = %(organisation)s
    AND (%(only)s::text IS NULL OR d.stream = %(only)s::text)
    AND (%(like)s::text IS NULL
        OR d.title ILIKE %(like)s::text OR d.slug ILIKE %(like)s::text)
    AND (NOT %(attention)s OR d.attention > 0)
    AND (NOT %(overdue)s OR d.stream IN (SELECT stream FROM overdue))
    AND (%(role)s::text IS NULL OR d.stream IN (
        SELECT h.stream FROM read.roles_held(%(actor)s, %(organisation)s, NULL) h
        WHERE %(role)s::text IN ('', h.role)))
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: page
-- A page of the dialogues in an organisation that fit, in the order that is asked for.
-- `target` is what falls due next: a window that closes, a reminder of one, or a date.
WITH overdue AS MATERIALIZED (
    SELECT DISTINCT stream FROM read.need_for
    WHERE party = '' AND organisation = %(organisation)s
        AND urgency = ANY(%(late)s::smallint[])
        AND shows_at <= %(now)s AND hides_at > %(now)s
), few AS (
    SELECT d.stream
    FROM read.dialogue d
    WHERE d.organisation = %(organisation)s
        AND (%(only)s::text IS NULL OR d.stream = %(only)s::text)
        AND (%(like)s::text IS NULL
            OR d.title ILIKE %(like)s::text OR d.slug ILIKE %(like)s::text)
        AND (NOT %(attention)s OR d.attention > 0)
        AND (NOT %(overdue)s OR d.stream IN (SELECT stream FROM overdue))
        AND (%(role)s::text IS NULL OR d.stream IN (
            SELECT h.stream FROM read.roles_held(%(actor)s, %(organisation)s, NULL) h
            WHERE %(role)s::text IN ('', h.role)))
        AND (%(status)s::text IS NULL OR d.status = %(status)s::text)
        AND (%(method)s::text IS NULL OR d.method_id = %(method)s::text)
        AND (%(phase)s::text IS NULL OR d.phase = %(phase)s::text)
    ORDER BY
        CASE WHEN %(sort)s = 'deadline' AND NOT %(down)s THEN d.next_deadline END,
        CASE WHEN %(sort)s = 'deadline' AND %(down)s THEN d.next_deadline END
            DESC NULLS LAST,
        CASE WHEN %(sort)s = 'title' AND NOT %(down)s THEN lower(d.title) COLLATE "C" END,
        CASE WHEN %(sort)s = 'title' AND %(down)s THEN lower(d.title) COLLATE "C" END DESC,
        CASE WHEN %(sort)s = 'attention' AND NOT %(down)s THEN d.attention END,
        CASE WHEN %(sort)s = 'attention' AND %(down)s THEN d.attention END DESC,
        CASE WHEN %(sort)s = 'started' AND NOT %(down)s THEN d.started_at END,
        CASE WHEN %(sort)s = 'started' AND %(down)s THEN d.started_at END DESC,
        CASE WHEN %(sort)s = 'updated' AND NOT %(down)s THEN d.updated_at END,
        CASE WHEN %(sort)s = 'updated' AND %(down)s THEN d.updated_at END DESC,
        CASE WHEN %(sort)s = 'phase' AND NOT %(down)s
            THEN (d.method_id, d.phase, coalesce(d.step, '')) END,
        CASE WHEN %(sort)s = 'phase' AND %(down)s
            THEN (d.method_id, d.phase, coalesce(d.step, '')) END DESC,
        d.stream
    LIMIT %(limit)s OFFSET %(offset)s
), page AS (
    -- In the order in which they come.
    SELECT stream, row_number() OVER () AS place FROM few
)
SELECT d.stream, d.title, d.status, d.phase, d.step, d.method_id AS method,
    d.method_version, d.method_hash, d.calendar_hash, d.zone, d.clock, d.next_deadline,
    w.kind, w.target, d.open_windows, d.attention, d.started_at, d.updated_at,
    (SELECT count(*) FROM read.need_for n
        WHERE n.stream = d.stream AND n.party = ''
            AND n.urgency = ANY(%(late)s::smallint[])
            AND n.shows_at <= %(now)s AND n.hides_at > %(now)s) AS overdue,
    coalesce(d.state -> 'amendments', '[]') AS amendments
FROM page JOIN read.dialogue d USING (stream)
LEFT JOIN LATERAL (
    SELECT w.kind, w.target FROM read.deadline w
    WHERE w.stream = d.stream AND w.due = d.next_deadline
    ORDER BY w.kind DESC, w.target LIMIT 1
) AS w ON true
ORDER BY place;

-- name: roles
-- The roles that somebody holds in an organisation, with a method that has it: of as many
-- dialogues as are looked at.
SELECT h.role, any_value(d.method_hash) AS method_hash
FROM read.roles_held(%(actor)s, %(organisation)s, %(limit)s) h
JOIN read.dialogue d USING (stream)
WHERE %(only)s::text IS NULL OR h.stream = %(only)s::text
GROUP BY h.role ORDER BY h.role;

-- name: rounds
-- When the rounds of steps in these dialogues began and ended, and were voided.
SELECT s.stream, step.key AS step, (r.value ->> 'number')::integer AS number,
    r.value ->> 'status' AS status,
    (SELECT e.at FROM audit.event e WHERE e.stream = s.stream
        AND e.seq = (r.value ->> 'since')::bigint) AS began,
    (SELECT e.at FROM audit.event e WHERE e.stream = s.stream
        AND e.seq = (r.value ->> 'ended')::bigint) AS ended,
    (SELECT e.at FROM audit.event e WHERE e.stream = s.stream
        AND e.seq = (r.value ->> 'voided_by')::bigint) AS voided
FROM unnest(%(streams)s::text[]) AS s (stream)
JOIN read.dialogue d USING (stream)
CROSS JOIN LATERAL jsonb_each(coalesce(d.state -> 'steps', (SELECT p.data
    FROM read.part p WHERE p.stream = d.stream AND p.name = 'steps'), '{}')) AS step
CROSS JOIN LATERAL jsonb_array_elements(step.value) AS r
ORDER BY 1, 2, 3;

-- name: runs
-- The openings of windows in these dialogues.
SELECT s.stream, w.key AS window, (r.value ->> 'run')::integer AS run,
    r.value ->> 'status' AS status, (r.value ->> 'opened')::timestamptz AS opened,
    (r.value ->> 'closes')::timestamptz AS closes
FROM unnest(%(streams)s::text[]) AS s (stream)
JOIN read.dialogue d USING (stream)
CROSS JOIN LATERAL jsonb_each(coalesce(d.state -> 'windows', (SELECT p.data
    FROM read.part p WHERE p.stream = d.stream AND p.name = 'windows'), '{}')) AS w
CROSS JOIN LATERAL jsonb_array_elements(w.value) AS r
ORDER BY 1, opened, 2;

-- name: days
-- The dates that the organisations of these dialogues have to keep.
SELECT stream, target AS title, due FROM read.deadline
WHERE stream = ANY(%(streams)s::text[]) AND kind = 'date' ORDER BY stream, due, target;

-- name: ahead
-- Windows that close, dates to keep and meetings in dialogues in which somebody holds a
-- role, after a moment, first things first.
WITH mine AS MATERIALIZED (
    SELECT DISTINCT d.stream, d.title, d.method_hash, d.calendar_hash, d.zone, d.clock,
        coalesce(d.state -> 'amendments', '[]') AS amendments
    FROM read.roles_held(%(actor)s, %(organisation)s, NULL) h
    JOIN read.dialogue d USING (stream)
    WHERE %(only)s::text IS NULL OR d.stream = %(only)s::text
)
SELECT m.*, due.kind, due.target, due.due
FROM mine m CROSS JOIN LATERAL (
    -- By the dialogue: OFFSET keeps these from being looked up by their day.
    (SELECT w.kind, w.target, w.due FROM read.deadline w
    WHERE w.stream = m.stream AND w.kind IN ('window', 'date') OFFSET 0)
    UNION ALL
    (SELECT 'meeting', coalesce(e.data ->> 'title', e.id),
        (e.data ->> 'begins')::timestamptz
    FROM read.entry e
    WHERE e.stream = m.stream AND e.kind = 'meeting'
        AND e.data ->> 'status' = 'planned' OFFSET 0)
) AS due
WHERE due.due > %(since)s
ORDER BY due.due, m.stream, due.kind, due.target LIMIT %(limit)s;
