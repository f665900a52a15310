-- name: unnoted
-- Incidents of which the log does not say yet that they were found.
SELECT i.id::text, i.stream, i.kind FROM audit.incident i
WHERE NOT EXISTS (
    SELECT FROM audit.event e WHERE e.stream = 'polder:log'
        AND e.type = 'incident_found' AND e.cause = 'polder:incident:' || i.id::text
) ORDER BY i.at, i.id;

-- name: open
-- Incidents that nobody closed, of one stream or of all, newest first.
SELECT i.id::text AS id, i.stream, i.kind, i.detail, i.at,
    coalesce(s.blocked_by = i.id, false) AS blocks
FROM audit.incident i LEFT JOIN audit.stream s USING (stream)
WHERE (%(stream)s::text IS NULL OR i.stream = %(stream)s::text) AND NOT EXISTS (
    SELECT FROM audit.event e WHERE e.stream = 'polder:log'
        AND e.type = 'incident_closed' AND e.cause = 'polder:closed:' || i.id::text
) ORDER BY i.at DESC, i.id LIMIT %(limit)s;

-- name: one
-- The stream of an incident.
SELECT stream FROM audit.incident WHERE id::text = %(id)s;
