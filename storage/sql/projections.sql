-- name: dialogue
-- The row of one dialogue, to go on folding from.
SELECT stream, head, method_hash, calendar_hash, updated_at, state
FROM read.dialogue WHERE stream = %(stream)s;

-- name: events_up_to_head
-- A whole stream, if its head is the one asked for.
SELECT e.body, encode(e.hash, 'hex')
FROM audit.event e JOIN audit.stream s USING (stream)
WHERE e.stream = %(stream)s AND s.head = decode(%(head)s, 'hex')
ORDER BY e.seq;

-- name: content
-- One method or calendar by its hash.
SELECT kind, body FROM audit.content WHERE sha256 = decode(%(sha256)s, 'hex');

-- name: note_failure
-- Events of this dialogue are on record that this program could not fold.
INSERT INTO read.failure (stream, seq, problem)
VALUES (%(stream)s, %(seq)s, %(problem)s)
ON CONFLICT (stream) DO NOTHING;

-- name: project
-- Puts the rows of a dialogue in place, if the record is still at their head.
SELECT read.project(%(dialogue)s::jsonb, %(deadlines)s::jsonb)
FROM audit.stream s
WHERE s.stream = %(stream)s AND s.head = decode(%(head)s, 'hex')
FOR UPDATE;
