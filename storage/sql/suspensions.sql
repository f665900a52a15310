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

-- name: touched
-- What a suspension of an organisation would stop: dialogues that go on, and the windows
-- that are open in them.
SELECT stream, title, status, open_windows
FROM read.dialogue
WHERE organisation = %(organisation)s AND status IN ('running', 'paused')
ORDER BY open_windows DESC, stream
LIMIT %(limit)s;

-- name: touched_in_all
-- How many those are.
SELECT count(*)::integer AS dialogues, coalesce(sum(open_windows), 0)::integer AS windows
FROM read.dialogue
WHERE organisation = %(organisation)s AND status IN ('running', 'paused');
