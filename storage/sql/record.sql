-- name: append
-- One batch of one stream, in one statement and, in autocommit, one commit:
-- audit.append moves the head or says why not; projection and vault follow only if
-- it did. `missing` names the private fields for which the vault has nothing, also
-- where the events were there already. `rung` says that whoever listens is told: by one
-- at a time, for those who notify commit one after another, and nobody waits for it.
SELECT outcome, head_seq, encode(head_hash, 'hex') AS head, incident::text,
    outcome = 'appended' AND %(dialogue)s::text IS NOT NULL
        AND read.project(%(dialogue)s::jsonb, %(deadlines)s::jsonb, %(parts)s::jsonb,
            %(entries)s::jsonb, %(needs)s::jsonb) AS projected,
    CASE WHEN outcome IN ('appended', 'there')
            AND cardinality(%(commitments)b::bytea[]) > 0
        THEN vault.note_recorded(
            %(stream)s, %(private_causes)s::text[], %(private_paths)s::text[],
            %(commitments)b::bytea[], %(private_seqs)s::bigint[],
            %(private_about)s::text[], outcome = 'appended'
        )
    END AS missing,
    CASE WHEN outcome = 'appended' THEN CASE
        WHEN pg_try_advisory_xact_lock(hashtextextended('polder recorded', 0))
        THEN pg_notify('polder_recorded', '')::text IS NOT NULL
    END END AS rung
FROM audit.append(
    %(stream)s, %(epoch)s, %(after_seq)s, decode(%(after_hash)s, 'hex'),
    %(hashes)b::bytea[], %(ids)s::uuid[], %(types)s::text[], %(ats)s::timestamptz[],
    %(causes)s::text[], %(actors)s::text[], %(roles)s::text[], %(bodies)b::bytea[],
    %(token)s::bytea
);

-- name: missing
-- The same for events that are all on record.
SELECT vault.note_recorded(
    %(stream)s, %(private_causes)s::text[], %(private_paths)s::text[],
    %(commitments)b::bytea[], %(private_seqs)s::bigint[],
    %(private_about)s::text[], false
);

-- name: put_contents
-- Compiled methods and calendars; what is there already stays.
INSERT INTO audit.content (sha256, kind, body)
SELECT * FROM unnest(%(hashes)b::bytea[], %(kinds)s::text[], %(bodies)b::bytea[])
ON CONFLICT DO NOTHING;

-- name: note_collision
-- An event id that is on record already, in another place: blocks the stream.
SELECT audit.note_collision(%(stream)s, %(detail)s::jsonb)::text;

-- name: head
-- The head of a stream.
SELECT stream, epoch, seq, encode(head, 'hex') AS head, blocked_by::text AS blocked_by
FROM audit.stream WHERE stream = %(stream)s;

-- name: take_over
-- Raises the epoch and lifts a block, if the head is still this one.
SELECT audit.take_over(%(stream)s, decode(%(head)s, 'hex'), %(token)s::bytea);

-- name: hold
-- Waits until nobody else restores this dialogue; holds others off until release.
SELECT pg_advisory_lock(hashtextextended('polder/restore/' || %(stream)s, 0));

-- name: release
-- Lets the next one restore this dialogue.
SELECT pg_advisory_unlock(hashtextextended('polder/restore/' || %(stream)s, 0));
