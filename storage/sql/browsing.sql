-- name: chosen
-- The events of a stream that were chosen, with their places in the log; what follows
-- says in which order, and how many.
SELECT e.seq, encode(e.hash, 'hex') AS hash, e.body, e.recorded_at, l.leaf_index,
    l.sealed_at
FROM audit.event e LEFT JOIN audit.leaf l USING (stream, seq)
CROSS JOIN LATERAL (
    -- Only what is asked after a place looks inside an event.
    SELECT CASE WHEN %(steps)s::text[] IS NULL AND %(window)s::text IS NULL THEN NULL
        ELSE convert_from(e.body, 'UTF8')::jsonb -> 'data' END AS data
) AS d
WHERE e.stream = %(stream)s
    AND (%(after)s::bigint IS NULL OR e.seq > %(after)s::bigint)
    AND (%(before)s::bigint IS NULL OR e.seq < %(before)s::bigint)
    AND (%(types)s::text[] IS NULL OR e.type = ANY(%(types)s::text[]))
    AND (%(actor)s::text IS NULL OR e.actor_id = %(actor)s::text)
    AND (%(since)s::timestamptz IS NULL OR e.at >= %(since)s::timestamptz)
    AND (%(until)s::timestamptz IS NULL OR e.at < %(until)s::timestamptz)
    AND (%(window)s::text IS NULL OR d.data ->> 'window' = %(window)s::text
        OR starts_with(d.data ->> 'window', %(window)s::text || '.'))
    AND (%(steps)s::text[] IS NULL OR EXISTS (
        SELECT FROM unnest(
            %(steps)s::text[], %(firsts)s::bigint[], %(lasts)s::bigint[]
        ) AS place (step, first, last)
        WHERE e.seq BETWEEN place.first AND place.last AND (
            d.data ->> 'step' = place.step
            OR starts_with(d.data ->> 'window', place.step || '.')
            OR starts_with(d.data ->> 'gate', place.step || '.')
            OR EXISTS (
                SELECT FROM jsonb_array_elements_text(
                    CASE jsonb_typeof(d.data -> 'items') WHEN 'array'
                        THEN d.data -> 'items' ELSE '[]' END
                ) AS item WHERE starts_with(item, place.step || '.')
            )
        )
    ))

-- name: oldest_first
ORDER BY e.seq LIMIT %(limit)s;

-- name: newest_first
ORDER BY e.seq DESC LIMIT %(limit)s;

-- name: kinds
-- What types of events a stream has, and who acted, each so often.
SELECT type, actor_id AS actor, count(*) AS number FROM audit.event
WHERE stream = %(stream)s GROUP BY type, actor_id;
