-- name: put
-- The first to come decides on salt and commitment; what is new comes back.
INSERT INTO vault.value (stream, put_by, command_id, path, subject, salt, value, key_id,
    nonce, commitment)
SELECT %(stream)s, %(put_by)s::text, came.* FROM unnest(%(command_ids)s::text[], %(paths)s::text[],
    %(subjects)s::text[], %(salts)b::bytea[], %(values)b::bytea[], %(key_ids)s::uuid[],
    %(nonces)b::bytea[], %(commitments)b::bytea[]) AS came
ON CONFLICT (stream, command_id, path) DO NOTHING
RETURNING encode(commitment, 'hex');

-- name: of_commands
-- Everything that these commands put in.
SELECT stream, command_id, path, subject, salt, value,
    encode(commitment, 'hex') AS commitment, seq, key_id, nonce FROM vault.value
WHERE stream = %(stream)s AND command_id = ANY(%(command_ids)s::text[]);

-- name: take_back
-- What was put in just now by who is refused after all.
DELETE FROM vault.value v
USING unnest(%(command_ids)s::text[], %(paths)s::text[]) AS put (command_id, path)
WHERE v.stream = %(stream)s AND v.command_id = put.command_id AND v.path = put.path
    AND v.status = 'pending';

-- name: destroy
-- The pending values of a refused command: all, or those that its sender put.
DELETE FROM vault.value
WHERE stream = %(stream)s AND command_id = %(command_id)s AND status = 'pending'
    AND (%(put_by)s::text IS NULL OR put_by = %(put_by)s::text);

-- name: hold
-- Whether nobody else sweeps; if so, holds others off until release.
SELECT pg_try_advisory_lock(hashtextextended('polder/sweep', 0));

-- name: release
-- Lets the next one sweep.
SELECT pg_advisory_unlock(hashtextextended('polder/sweep', 0));

-- name: overdue
-- Streams with values whose event did not come in time.
SELECT waiting.stream,
    held.stream IS NOT NULL AND dialogue.status IS DISTINCT FROM 'archived' AS lives
FROM (
    SELECT DISTINCT stream FROM vault.value
    WHERE status = 'pending'
        AND created_at < clock_timestamp() - %(older_than)s::interval
) AS waiting
LEFT JOIN audit.stream AS held USING (stream)
LEFT JOIN read.dialogue AS dialogue USING (stream)
ORDER BY waiting.stream COLLATE "C";

-- name: sweep
-- Values whose event did not come, and will not.
DELETE FROM vault.value
WHERE status = 'pending' AND created_at < clock_timestamp() - %(older_than)s::interval
    AND stream = ANY(%(streams)s::text[]);

-- name: openings
-- What opens the commitments of a stream.
SELECT stream, command_id, path, subject, salt, value,
    encode(commitment, 'hex') AS commitment, seq, key_id, nonce
FROM vault.value WHERE stream = %(stream)s AND status = 'recorded'
ORDER BY seq, path COLLATE "C", command_id COLLATE "C";

-- name: openings_of
-- What opens the commitments of some commands of a stream.
SELECT stream, command_id, path, subject, salt, value,
    encode(commitment, 'hex') AS commitment, seq, key_id, nonce
FROM vault.value WHERE stream = %(stream)s AND status = 'recorded'
    AND command_id = ANY(%(command_ids)s::text[])
ORDER BY seq, path COLLATE "C", command_id COLLATE "C";

-- name: openings_about
-- What opens the commitments about one person in a stream.
SELECT stream, command_id, path, subject, salt, value,
    encode(commitment, 'hex') AS commitment, seq, key_id, nonce
FROM vault.value WHERE stream = %(stream)s AND status = 'recorded'
    AND vault.organisation_of(stream) = vault.organisation_of(%(stream)s)
    AND subject = %(subject)s
ORDER BY seq, path COLLATE "C", command_id COLLATE "C";

-- name: contacts
-- The last name and the last address on record for each of these people: only what
-- an event says of them that gave them a role, or a place in the register. The address
-- that came with a response counts only for who has no other: anybody can send one in.
SELECT DISTINCT ON (v.subject, v.path) v.stream, v.command_id, v.path, v.subject,
    v.salt, v.value, encode(v.commitment, 'hex') AS commitment, v.seq, v.key_id, v.nonce
FROM vault.value v
JOIN audit.event e ON e.stream = v.stream AND e.seq = v.seq
WHERE v.stream = %(stream)s AND v.subject = ANY(%(subjects)s::text[])
    AND v.status = 'recorded' AND v.path IN ('/name', '/address')
    AND e.type IN ('role_assigned', 'role_handed_over', 'stakeholder_registered',
        'stakeholder_changed', 'response_recorded')
    AND v.command_id = coalesce(
        convert_from(e.body, 'UTF8')::json #>> '{data,submission}', e.cause)
    AND convert_from(e.body, 'UTF8')::json #>> CASE e.type
        WHEN 'role_assigned' THEN '{data,actor}'::text[]
        WHEN 'role_handed_over' THEN '{data,successor}'::text[]
        WHEN 'response_recorded' THEN '{data,respondent}'::text[]
        ELSE '{data,stakeholder}'::text[] END = v.subject
    AND convert_from(e.body, 'UTF8')::json -> 'private' ->> v.path
        = encode(v.commitment, 'hex')
ORDER BY v.subject, v.path, e.type = 'response_recorded', v.seq DESC;

-- name: at_places
-- The values that events commit to at these places of a stream, by seq and path: only
-- what was put there for that event, for anybody can send a commitment once more.
SELECT v.stream, v.command_id, v.path, v.subject, v.salt, v.value,
    encode(v.commitment, 'hex') AS commitment, e.seq, v.key_id, v.nonce
FROM unnest(%(seqs)s::bigint[], %(paths)s::text[]) AS wanted (seq, path)
JOIN audit.event e ON e.stream = %(stream)s AND e.seq = wanted.seq
JOIN vault.value v ON v.stream = e.stream AND v.path = wanted.path
    AND v.commitment = decode(
        convert_from(e.body, 'UTF8')::json -> 'private' ->> wanted.path, 'hex')
    AND v.command_id = vault.kept_under(e.type, e.cause, e.body)
    AND (v.seq = e.seq OR v.command_id = e.cause)
WHERE v.status = 'recorded';

-- name: pending
-- How many values wait for their event.
SELECT count(*) FROM vault.value WHERE status = 'pending';
