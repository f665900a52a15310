-- name: dialogues
-- Dialogues that go on, with the desk keys that they trust and what they take unsigned.
SELECT stream, status, coalesce(state -> 'desk_keys', '{}') AS keys,
    state -> 'unsigned' AS unsigned
FROM read.dialogue
WHERE status <> 'archived'
    AND (%(organisation)s::text IS NULL OR organisation = %(organisation)s)
ORDER BY stream;

-- name: organisations
-- Organisations that said that they trust a key, or of which a dialogue that goes on does.
SELECT substr(stream, 5) FROM audit.event
WHERE type = 'desk_key_trusted' AND starts_with(stream, 'org:')
    AND convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'key' = %(key)s
UNION
SELECT organisation FROM read.dialogue
WHERE status <> 'archived' AND state -> 'desk_keys' ? %(key)s
ORDER BY 1;

-- name: strange_keys
-- Desk keys that a dialogue trusts and that neither its organisation nor the installation
-- ever said it trusts, with the events that brought them, the newest first.
WITH said AS MATERIALIZED (
    SELECT stream, convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'public' AS public
    FROM audit.event
    WHERE type = 'desk_key_trusted'
        AND (stream = 'polder:log' OR starts_with(stream, 'org:'))
),
brought AS (
    SELECT e.stream, e.seq, e.at, e.actor_id, e.recorded_at,
        coalesce(b.data -> 'desk_keys', jsonb_build_array(b.data -> 'public')) AS keys
    FROM audit.event e,
        LATERAL (SELECT convert_from(e.body, 'UTF8')::jsonb -> 'data' AS data) b
    WHERE e.type IN ('dialogue_started', 'desk_key_trusted')
        AND NOT starts_with(e.stream, 'org:') AND e.stream <> 'polder:log'
        AND (b.data ? 'desk_keys' OR b.data ? 'public')
        AND (%(stream)s::text IS NULL OR e.stream = %(stream)s::text)
        AND (%(organisation)s::text IS NULL
            OR starts_with(e.stream, %(organisation)s::text || ':'))
)
SELECT b.stream, b.seq, b.at, b.actor_id, key AS public
FROM brought b, LATERAL jsonb_array_elements_text(b.keys) AS key
WHERE NOT EXISTS (
    SELECT FROM said
    WHERE said.public = key
        AND said.stream IN ('polder:log', 'org:' || split_part(b.stream, ':', 1))
)
ORDER BY b.recorded_at DESC, b.stream, b.seq DESC LIMIT %(limit)s;

-- name: unsigned_acts
-- What somebody did in a role of people, and no desk signed, in a dialogue that trusts
-- desks' keys, the newest first. How it came stands at the beginning of a body, among
-- names and ids that are ASCII.
WITH keyed AS (
    SELECT e.stream, min(e.seq) AS since
    FROM audit.event e
    WHERE (e.type = 'desk_key_trusted'
            OR e.type = 'dialogue_started'
            AND position('"desk_keys":['::bytea IN e.body) > 0)
        AND NOT starts_with(e.stream, 'org:') AND e.stream <> 'polder:log'
        AND (%(stream)s::text IS NULL OR e.stream = %(stream)s::text)
        AND (%(organisation)s::text IS NULL
            OR starts_with(e.stream, %(organisation)s::text || ':'))
    GROUP BY e.stream
)
SELECT DISTINCT ON (e.recorded_at, e.stream, e.cause)
    e.stream, e.seq, e.at, e.type, e.actor_id, e.actor_role
FROM keyed k JOIN audit.event e ON e.stream = k.stream AND e.seq > k.since
WHERE e.actor_role NOT IN ('system', 'clock', 'public')
    AND e.type <> 'command_refused'
    AND (position('"via":"update"}'::bytea IN substring(e.body FROM 1 FOR 340)) > 0
        OR position('"via":"signal"}'::bytea IN substring(e.body FROM 1 FOR 340)) > 0)
ORDER BY e.recorded_at DESC, e.stream, e.cause, e.seq LIMIT %(limit)s;
