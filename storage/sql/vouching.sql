-- name: dialogues
-- Dialogues that go on, with the desk keys that they trust and what they take unsigned.
SELECT stream, status, coalesce(state -> 'desk_keys', '{}') AS desk_keys,
    state -> 'unsigned' AS unsigned
FROM read.dialogue
WHERE status <> 'archived'
    AND (%(organisation)s::text IS NULL OR organisation = %(organisation)s)
ORDER BY stream;
