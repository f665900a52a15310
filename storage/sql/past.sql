-- name: selected
-- Sealed events within a checkpoint; what follows says in which order, and how many.
SELECT l.leaf_index, l.stream, l.seq, encode(l.hash, 'hex') AS hash, e.body,
    e.recorded_at, l.sealed_at
FROM audit.leaf l JOIN audit.event e USING (stream, seq)
WHERE l.leaf_index > %(after)s AND l.leaf_index < %(size)s
    AND (%(stream)s::text IS NULL OR l.stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR starts_with(l.stream, %(organisation)s::text || ':')
        OR l.stream = 'org:' || %(organisation)s::text)
    AND NOT (%(dialogues)s AND starts_with(l.stream, 'org:'))
    AND (%(types)s::text[] IS NULL OR e.type = ANY(%(types)s::text[]))
    AND (%(actors)s::text[] IS NULL OR e.actor_id = ANY(%(actors)s::text[]))
    AND (%(since)s::timestamptz IS NULL OR e.at >= %(since)s::timestamptz)
    AND (%(until)s::timestamptz IS NULL OR e.at < %(until)s::timestamptz)
    AND (%(mandate)s::text IS NULL OR %(mandate)s::text = concat_ws('/',
        convert_from(e.body, 'UTF8')::json #>> '{mandate,stream}',
        convert_from(e.body, 'UTF8')::json #>> '{mandate,seq}'))
    AND (%(erased_streams)s::text[] IS NULL OR (l.stream, l.seq) IN (
        SELECT * FROM unnest(%(erased_streams)s::text[], %(erased_seqs)s::bigint[])))
    AND (NOT %(late)s
        OR (e.type = 'response_recorded'
            AND convert_from(e.body, 'UTF8')::json #>> '{data,late}' = 'true')
        OR (e.recorded_at - e.at > %(late_after)s::interval AND NOT EXISTS (
            SELECT FROM audit.event first
            WHERE first.stream = l.stream AND first.seq = 1
                AND first.type = 'dialogue_started'
                AND convert_from(first.body, 'UTF8')::json
                    #>> '{data,clock,day_ms}' <> '86400000')))

-- name: in_order
-- In the order of the log, a page at a time.
ORDER BY l.leaf_index LIMIT %(limit)s;

-- name: by_lot
-- Those that rank first by SHA-256(root || leaf hash), as docs/exports.md has it.
ORDER BY sha256(%(root)s::bytea || sha256('\x00'::bytea || l.hash)), l.leaf_index
LIMIT %(limit)s;

-- name: gone
-- How many leaves of a part of the log have no event in the record any more.
SELECT count(*) FROM audit.leaf l LEFT JOIN audit.event e USING (stream, seq)
WHERE e.stream IS NULL AND l.leaf_index < %(size)s
    AND (%(stream)s::text IS NULL OR l.stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR starts_with(l.stream, %(organisation)s::text || ':')
        OR l.stream = 'org:' || %(organisation)s::text);

-- name: erasures
-- What erased private fields: each event with its place in the log, if it has one.
SELECT e.stream, e.seq, e.body, l.leaf_index
FROM audit.event e LEFT JOIN audit.leaf l USING (stream, seq)
WHERE e.type = 'personal_data_erased'
    AND (%(stream)s::text IS NULL OR e.stream = %(stream)s::text)
    AND (%(organisation)s::text IS NULL
        OR starts_with(e.stream, %(organisation)s::text || ':')
        OR e.stream = 'org:' || %(organisation)s::text)
ORDER BY e.stream COLLATE "C", e.seq;

-- name: covering
-- The first checkpoint that covers an event, and the event's place under it.
SELECT l.leaf_index, encode(l.hash, 'hex') AS hash, c.size, c.root, c.note, c.at,
    c.published
FROM audit.leaf l
CROSS JOIN LATERAL (
    SELECT size, root, note, at, published FROM audit.checkpoint
    WHERE size > l.leaf_index ORDER BY size, published DESC, key_id LIMIT 1
) AS c
WHERE l.stream = %(stream)s AND l.seq = %(seq)s;

-- name: checkpoint
-- One checkpoint by its size; the newest where no size is given.
SELECT size, root, note, at, published FROM audit.checkpoint
WHERE %(size)s::bigint IS NULL OR size = %(size)s::bigint
ORDER BY size DESC, published DESC, key_id LIMIT 1;

-- name: last_within
-- The last event of a stream that a checkpoint of this size covers.
SELECT max(seq) FROM audit.leaf WHERE stream = %(stream)s AND leaf_index < %(size)s;
