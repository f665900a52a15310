-- name: promises
-- Agreements that are still to be kept, over all dialogues that are watched, by last day.
SELECT e.stream, d.title, e.id, e.data, d.state -> 'clock' AS clock, d.zone
FROM read.entry e JOIN read.dialogue d USING (stream)
WHERE e.kind = 'agreement' AND e.data -> 'settled' = 'null' AND d.status <> 'archived'
    AND (%(organisation)s::text IS NULL OR d.organisation = %(organisation)s::text)
    AND (%(actor)s::text IS NULL OR e.stream = ANY(CASE
        WHEN %(organisation)s::text IS NULL THEN ARRAY(
            SELECT r.stream FROM read.entry r
            WHERE r.kind = 'role' AND r.data -> 'until' = 'null'
                AND r.data ->> 'actor' = %(actor)s::text)
        -- Past the wall, which has the whole list read.
        ELSE ARRAY(SELECT h.stream FROM read.roles_held(%(actor)s::text,
            %(organisation)s::text, NULL) h) END))
ORDER BY e.data ->> 'due' NULLS LAST, e.stream, e.id COLLATE "C"
LIMIT %(limit)s;
