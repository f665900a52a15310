-- name: dialogue
-- The row of one dialogue, to go on folding from.
SELECT stream, head, method_hash, calendar_hash, updated_at, form,
    read.whole_state(stream, state) AS state
FROM read.dialogue WHERE stream = %(stream)s;

-- name: events_up_to_head
-- A whole stream, if its head is the one asked for.
SELECT e.body, encode(e.hash, 'hex')
FROM audit.event e JOIN audit.stream s USING (stream)
WHERE e.stream = %(stream)s AND s.head = decode(%(head)s, 'hex')
ORDER BY e.seq;

-- name: content
-- One method or calendar by its hash.
SELECT kind, body FROM audit.content_of(decode(%(sha256)s, 'hex'));

-- name: note_failure
-- Events of this dialogue are on record that this program could not fold.
INSERT INTO read.failure (stream, seq, problem)
VALUES (%(stream)s, %(seq)s, %(problem)s)
ON CONFLICT (stream) DO NOTHING;

-- name: project
-- Puts the rows of a dialogue in place, if the record is still at their head.
SELECT read.project(%(dialogue)s::jsonb, %(deadlines)s::jsonb, %(parts)s::jsonb,
    %(entries)s::jsonb, %(needs)s::jsonb)
FROM audit.hold(%(stream)s) AS head WHERE head = decode(%(head)s, 'hex');

-- name: events_until
-- A stream up to a place or an instant.
SELECT body, encode(hash, 'hex') FROM audit.event
WHERE stream = %(stream)s
    AND (%(until_seq)s::bigint IS NULL OR seq <= %(until_seq)s::bigint)
    AND (%(until)s::timestamptz IS NULL OR seq <= (
        SELECT max(seq) FROM audit.event
        WHERE stream = %(stream)s AND at <= %(until)s::timestamptz
    ))
ORDER BY seq;

-- name: compare
-- The rows of a dialogue as they are, and as these values would make them.
SELECT
    (SELECT to_jsonb(d) FROM read.dialogue d WHERE d.stream = %(stream)s) AS held,
    (SELECT to_jsonb(m)
        FROM jsonb_populate_record(NULL::read.dialogue, %(dialogue)s::jsonb) m) AS made,
    (SELECT jsonb_agg(to_jsonb(d) ORDER BY kind, target, run, due)
        FROM read.deadline d WHERE d.stream = %(stream)s) AS held_due,
    (SELECT jsonb_agg(to_jsonb(m) ORDER BY kind, target, run, due)
        FROM jsonb_populate_recordset(NULL::read.deadline, %(deadlines)s::jsonb) m)
        AS made_due,
    (SELECT array_agg(DISTINCT kind ORDER BY kind)
        FROM (SELECT * FROM read.entry WHERE stream = %(stream)s) h
        FULL JOIN jsonb_to_recordset(%(entries)s::jsonb -> 'rows')
            AS m (kind text, id text, seq bigint, data jsonb) USING (kind, id)
        WHERE (h.seq, h.data) IS DISTINCT FROM (m.seq, m.data)) AS lists,
    (SELECT array_agg(name ORDER BY name)
        FROM (SELECT name, data FROM read.part WHERE stream = %(stream)s) h
        FULL JOIN jsonb_each(%(parts)s::jsonb -> 'parts') AS m (name, data) USING (name)
        WHERE h.data IS DISTINCT FROM m.data) AS parts,
    (SELECT array_agg(DISTINCT kind ORDER BY kind) FROM (
        SELECT kind
        FROM (SELECT * FROM read.need WHERE stream = %(stream)s) h
        FULL JOIN jsonb_to_recordset(%(needs)s::jsonb -> 'asks')
            AS m (kind text, id text, target text, data jsonb) USING (kind, id)
        WHERE (h.target, h.data) IS DISTINCT FROM (m.target, m.data)
        UNION ALL
        SELECT kind
        FROM (SELECT * FROM read.need_for WHERE stream = %(stream)s) h
        FULL JOIN jsonb_to_recordset(%(needs)s::jsonb -> 'rows')
            AS m (party text, kind text, id text, role text, place bigint,
                urgency smallint, shows_at timestamptz, hides_at timestamptz,
                falls_due timestamptz) USING (party, kind, id)
        WHERE (h.role, h.place, h.urgency, h.shows_at, h.hides_at, h.falls_due)
                IS DISTINCT FROM
            (m.role, m.place, m.urgency, m.shows_at, m.hides_at, m.falls_due)
            OR split_part(%(stream)s, ':', 1) IS DISTINCT FROM h.organisation
    ) AS differing) AS needs;

-- name: put
-- Puts the rows of a dialogue in place.
SELECT read.project(%(dialogue)s::jsonb, %(deadlines)s::jsonb, %(parts)s::jsonb,
    %(entries)s::jsonb, %(needs)s::jsonb);

-- name: streams
-- Every stream that is on record or has a projection, in order.
SELECT stream FROM audit.stream
UNION SELECT stream FROM read.dialogue
UNION SELECT stream FROM read.deadline
UNION SELECT stream FROM read.part
UNION SELECT stream FROM read.need
UNION SELECT stream FROM read.need_for
UNION SELECT stream FROM read.entry ORDER BY 1;

-- name: of_another_form
-- Dialogues whose rows another program made, which laid them out otherwise.
SELECT stream FROM read.dialogue WHERE form <> %(form)s ORDER BY stream;

-- name: lock
-- Holds off appends to one stream; gives its head.
SELECT encode(head, 'hex') FROM audit.hold(%(stream)s) AS head WHERE head IS NOT NULL;

-- name: forget
-- Takes away the rows of a stream that is not on record.
WITH deadlines AS (DELETE FROM read.deadline WHERE stream = %(stream)s),
    parts AS (DELETE FROM read.part WHERE stream = %(stream)s),
    needs AS (DELETE FROM read.need WHERE stream = %(stream)s),
    needs_for AS (DELETE FROM read.need_for WHERE stream = %(stream)s),
    entries AS (DELETE FROM read.entry WHERE stream = %(stream)s)
DELETE FROM read.dialogue WHERE stream = %(stream)s;

-- name: repaired
-- This dialogue could be folded after all.
DELETE FROM read.failure WHERE stream = %(stream)s;
