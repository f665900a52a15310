-- name: organisations
-- Streams of organisations that ever suspended their windows.
SELECT DISTINCT stream FROM audit.event WHERE type = 'organisation_suspended'
ORDER BY stream;

-- name: dialogues
-- Dialogues whose windows can run, with the suspensions that hold them.
SELECT stream, slug, status,
    coalesce(ARRAY(SELECT jsonb_array_elements_text(state -> 'suspended')), '{}')
        AS suspended
FROM read.dialogue
WHERE organisation = %(organisation)s AND status IN ('running', 'paused')
ORDER BY slug;
