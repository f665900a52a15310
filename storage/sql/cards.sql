-- name: card
-- One dialogue as lists and the API show it: without the large parts of its state.
SELECT stream, organisation, slug, title, status, phase, step, method_id,
    method_version, method_hash, version, head, next_deadline, open_windows, attention,
    needs, started_at, updated_at, zone,
    coalesce(state -> 'question', 'null') AS question, state -> 'language' AS language,
    coalesce(state -> 'roles', (SELECT p.data FROM read.part p
        WHERE p.stream = d.stream AND p.name = 'roles'), '{}') AS roles,
    coalesce(state -> 'deadlines', (SELECT p.data FROM read.part p
        WHERE p.stream = d.stream AND p.name = 'deadlines'), '[]') AS deadlines
FROM read.dialogue d WHERE stream = %(stream)s;

-- name: setting
-- What lists of a dialogue are shown by, without its state.
SELECT title, zone, coalesce(clock, state -> 'clock') AS clock,
    coalesce(state -> 'roles', (SELECT p.data FROM read.part p
        WHERE p.stream = d.stream AND p.name = 'roles'), '{}') AS roles
FROM read.dialogue d WHERE stream = %(stream)s;

-- name: card_behind
-- The same behind the wall, in one statement with the badge.
SELECT * FROM read.card_of(%(badge)s, %(stream)s);

-- name: token_and_card
-- Whose a token is, and a dialogue behind its badge: one row for a token that is good.
SELECT t.id::text, t.organisation, t.roles, t.actor, t.dialogue, t.badge, c.*
FROM access.token_of(%(digest)s) AS t
LEFT JOIN LATERAL read.card_of(t.badge, %(stream)s) AS c ON true;

-- name: sorted
-- A page of dialogues by another order than their names. `key` says where each comes,
-- so that the next page begins behind the last of this one.
WITH fit AS (
    SELECT stream, organisation, slug, title, status, phase, step, method_id,
        method_version, method_hash, calendar_hash, version, head, next_deadline,
        open_windows, attention, needs, started_at, updated_at, zone,
        (CASE %(sort)s::text
            WHEN 'title' THEN lower(title)
            WHEN 'startedAt' THEN to_char(started_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')
            WHEN 'updatedAt' THEN to_char(updated_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')
            WHEN 'nextDeadline' THEN coalesce(
                to_char(next_deadline AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS'), '~')
            ELSE '' END) COLLATE "C" AS key
    FROM read.dialogue
    WHERE (%(organisation)s::text IS NULL OR organisation = %(organisation)s::text)
        AND (%(status)s::text IS NULL OR status = %(status)s::text)
        AND (%(method)s::text IS NULL OR method_id = %(method)s::text)
        AND (NOT %(attention)s OR attention > 0)
        AND (%(only)s::text IS NULL OR stream = %(only)s::text)
        AND (%(actor)s::text IS NULL OR stream = ANY(CASE
            WHEN %(organisation)s::text IS NULL THEN ARRAY(
                SELECT r.stream FROM read.entry r
                WHERE r.kind = 'role' AND r.data -> 'until' = 'null'
                    AND r.data ->> 'actor' = %(actor)s::text)
            -- Past the wall, which has the whole list read.
            ELSE ARRAY(SELECT h.stream FROM read.roles_held(%(actor)s::text,
                %(organisation)s::text, NULL) h) END))
)
SELECT * FROM fit
WHERE %(after_key)s::text IS NULL OR CASE WHEN %(down)s
    THEN (key, stream COLLATE "C") < (%(after_key)s::text, %(after)s::text)
    ELSE (key, stream COLLATE "C") > (%(after_key)s::text, %(after)s::text) END
ORDER BY CASE WHEN %(down)s THEN NULL ELSE key END,
    CASE WHEN %(down)s THEN NULL ELSE stream COLLATE "C" END,
    key DESC, stream COLLATE "C" DESC
LIMIT %(limit)s;
