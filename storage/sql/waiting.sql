-- name: counts
-- How much is asked of somebody at a moment, by urgency.
SELECT urgency, count(*) FROM read.need_for
WHERE party = %(party)s
    AND (%(organisation)s::text IS NULL OR organisation = %(organisation)s::text)
    AND (%(only)s::text IS NULL OR stream = %(only)s::text)
    AND shows_at <= %(now)s AND hides_at > %(now)s
GROUP BY urgency ORDER BY urgency;

-- name: page
-- What is asked of somebody at a moment, of these urgencies, most urgent first.
WITH page AS MATERIALIZED (
    SELECT * FROM read.need_for
    WHERE party = %(party)s
        AND (%(organisation)s::text IS NULL OR organisation = %(organisation)s::text)
        AND (%(only)s::text IS NULL OR stream = %(only)s::text)
        AND urgency = ANY(%(urgencies)s::smallint[])
        AND shows_at <= %(now)s AND hides_at > %(now)s
        AND (%(after_urgency)s::smallint IS NULL
            OR (urgency, falls_due, stream, place, id) > (%(after_urgency)s::smallint,
                %(after_due)s::timestamptz, %(after_stream)s::text,
                %(after_place)s::bigint, %(after_id)s::text))
    ORDER BY urgency, falls_due, stream, place, id LIMIT %(limit)s
)
SELECT w.stream, d.title, d.clock, d.calendar_hash, n.kind, n.id, n.target, n.data,
    w.role, w.urgency, w.falls_due::text AS falls_due, w.place,
    CASE WHEN n.kind IN ('silent', 'window_closes_soon', 'window_overdue') THEN ARRAY(
        SELECT s.party FROM read.need_for s
        WHERE s.stream = w.stream AND s.kind = 'respond' AND s.id = n.target
        ORDER BY s.place
    ) ELSE '{}' END AS silent
FROM page w
JOIN read.need n USING (stream, kind, id)
JOIN read.dialogue d USING (stream)
ORDER BY w.urgency, w.falls_due, w.stream, w.place, w.id;

-- name: unknown
-- Dialogues of which it is not known what they ask: their events could not be folded, or
-- another program laid them out.
WITH unknown AS MATERIALIZED (
    SELECT stream FROM read.failure
    UNION SELECT stream FROM read.dialogue WHERE form < %(form)s
    UNION SELECT stream FROM read.dialogue WHERE form > %(form)s
)
SELECT d.stream, d.title FROM unknown JOIN read.dialogue d USING (stream)
WHERE (%(organisation)s::text IS NULL OR d.organisation = %(organisation)s::text)
    AND (%(only)s::text IS NULL OR d.stream = %(only)s::text)
    AND (%(actor)s::text IS NULL OR EXISTS (
        SELECT FROM read.entry r
        WHERE r.stream = d.stream AND r.kind = 'role' AND r.data -> 'until' = 'null'
            AND r.data ->> 'actor' = %(actor)s::text))
ORDER BY d.stream;
