-- name: alone
-- Whether nobody else carries out what was decided in this organisation, or places a
-- hold; holds others off until release.
SELECT pg_advisory_lock(hashtextextended('polder/erasing/' || %(organisation)s, 0));

-- name: release
-- Lets the next one.
SELECT pg_advisory_unlock(hashtextextended('polder/erasing/' || %(organisation)s, 0));

-- name: try_asking
-- Whether nobody else is putting a request of this organisation on record; holds others
-- off until done_asking.
SELECT pg_try_advisory_lock(hashtextextended('polder/asking/' || %(organisation)s, 0));

-- name: done_asking
-- Lets the next one.
SELECT pg_advisory_unlock(hashtextextended('polder/asking/' || %(organisation)s, 0));

-- name: holds
-- The holds that stand on a dialogue, on a person, or on all.
SELECT vault.holds(%(organisation)s, %(dialogue)s, %(subject)s);

-- name: without_person
-- The holds on a person that stand, and nobody can tell any more on whom.
SELECT hold FROM vault.standing_holds(%(organisation)s)
WHERE on_person AND subject IS NULL ORDER BY seq;

-- name: begin
-- Begins an erasure that was granted.
SELECT vault.begin_erasure(%(organisation)s, %(erasure)s, %(subject)s);

-- name: prepare
-- Names what is on record about the person, and destroys what waits.
SELECT vault.prepare_erasure(%(organisation)s, %(erasure)s);

-- name: jobs
-- Erasures that were granted and are not done, oldest first.
SELECT organisation, erasure, subject, waiting FROM vault.erasure
WHERE (%(organisation)s::text IS NULL OR organisation = %(organisation)s::text)
    AND (%(erasure)s::text IS NULL OR erasure = %(erasure)s::text)
ORDER BY since, organisation, erasure;

-- name: places
-- The fields that are still to be named, by stream and by the event that will.
SELECT stream, cause, seq, path FROM vault.erasing
WHERE (%(stream)s::text IS NULL OR stream = %(stream)s::text)
    AND (%(erasure)s::text IS NULL OR
        organisation = %(organisation)s::text AND erasure = %(erasure)s::text)
ORDER BY stream, min(seq) OVER (PARTITION BY stream, cause), cause, seq,
    path COLLATE "C";

-- name: approved
-- The fields that a dialogue may name now: not where a hold was placed meanwhile.
SELECT x.stream, x.cause, x.seq, x.path
FROM vault.erasing x JOIN vault.erasure e USING (organisation, erasure)
WHERE x.stream = %(stream)s AND cardinality(vault.holds(
    x.organisation, split_part(x.stream, ':', 2), e.subject)) = 0
ORDER BY x.stream, min(x.seq) OVER (PARTITION BY x.cause), x.cause, x.seq,
    x.path COLLATE "C";

-- name: dialogues
-- Where something is kept about a person.
SELECT DISTINCT stream FROM vault.value
WHERE vault.organisation_of(stream) = %(organisation)s AND subject = %(subject)s
ORDER BY stream;

-- name: left
-- How many values about a person are in the vault, with what they did not send.
SELECT (SELECT count(*) FROM vault.value
    WHERE vault.organisation_of(stream) = %(organisation)s AND subject = %(subject)s)
    + (SELECT count(*) FROM vault.draft
    WHERE vault.organisation_of(stream) = %(organisation)s AND subject = %(subject)s);

-- name: finish
-- The erasure is done.
SELECT vault.finish_erasure(%(organisation)s, %(erasure)s);

-- name: done
-- The events that an erasure made, wherever they are.
SELECT stream, seq, encode(hash, 'hex') AS hash,
    json_array_length(convert_from(body, 'UTF8')::json #> '{data,paths}') AS fields
FROM audit.event
WHERE type = 'personal_data_erased' AND starts_with(cause, %(causes)s)
    AND (stream = 'org:' || %(organisation)s
        OR starts_with(stream, %(organisation)s || ':'))
ORDER BY stream, seq;

-- name: reasons
-- What was decided, and when it was carried out, for each erasure in one organisation.
SELECT convert_from(d.body, 'UTF8')::json #>> '{data,erasure}' AS erasure,
    convert_from(d.body, 'UTF8')::json #>> '{data,ground}' AS ground,
    convert_from(d.body, 'UTF8')::json #>> '{data,authority}' AS authority
FROM audit.event d
WHERE d.stream = 'org:' || %(organisation)s AND d.type = 'erasure_decided';

-- name: archived_at
-- When a dialogue was archived, in real time; null where it was not.
SELECT min(recorded_at) FROM audit.event
WHERE stream = %(stream)s AND type = 'dialogue_archived';

-- name: unsealed
-- How many events of a stream have no leaf in the log.
SELECT s.seq - (SELECT count(*) FROM audit.leaf l WHERE l.stream = s.stream)
FROM audit.stream s WHERE s.stream = %(stream)s;

-- name: subjects
-- Whom the values of a stream are about, and how many there are.
SELECT subject, count(*) FROM vault.value WHERE stream = %(stream)s
GROUP BY subject ORDER BY subject;

-- name: destroy
-- Takes away a dossier of which its organisation says that it was destroyed.
SELECT audit.destroy_dossier(%(stream)s);

-- name: destructions
-- Dossiers that are gone, and whose closed runs in Temporal may not be.
SELECT stream FROM vault.destruction
WHERE %(stream)s::text IS NULL OR stream = %(stream)s::text ORDER BY since, stream;

-- name: finish_destruction
-- Those are gone as well.
SELECT vault.finish_destruction(%(stream)s);

-- name: destroyed
-- What organisations say of dossiers that were destroyed.
SELECT stream, seq, body FROM audit.event
WHERE type = 'dossier_destroyed' AND starts_with(stream, 'org:') ORDER BY stream, seq;

-- name: what_is_left
-- Of a dossier: its head, the leaf of its last event, how many events and values.
SELECT s.seq, encode(s.head, 'hex') AS head,
    (SELECT encode(l.hash, 'hex') FROM audit.leaf l
        WHERE l.stream = s.stream AND l.seq = s.seq) AS leaf,
    (SELECT count(*) FROM audit.event e WHERE e.stream = s.stream) AS events
FROM audit.stream s WHERE s.stream = %(stream)s;

-- name: granted
-- Erasures that were granted and are not executed, begun or not.
SELECT split_part(s.stream, ':', 2), erasure FROM audit.stream s
CROSS JOIN LATERAL (
    SELECT convert_from(d.body, 'UTF8')::json #>> '{data,erasure}' AS erasure
    FROM audit.event d
    WHERE d.stream = s.stream AND d.type = 'erasure_decided'
        AND convert_from(d.body, 'UTF8')::json #>> '{data,granted}' = 'true'
) AS granted
WHERE starts_with(s.stream, 'org:') AND NOT EXISTS (
    SELECT FROM audit.event x
    WHERE x.stream = s.stream AND x.type = 'erasure_executed'
        AND convert_from(x.body, 'UTF8')::json #>> '{data,erasure}' = erasure
) ORDER BY 1, 2;

-- name: erasing_events
-- Every event that says that fields were erased.
SELECT stream, seq, cause, encode(hash, 'hex') AS hash, body FROM audit.event
WHERE type = 'personal_data_erased' ORDER BY stream, seq;

-- name: fields_of
-- What these events of a stream keep private.
SELECT seq, body FROM audit.event
WHERE stream = %(stream)s AND seq = ANY(%(seqs)s::bigint[]);

-- name: house_events
-- What organisations say of erasing.
SELECT stream, seq, type, body FROM audit.event
WHERE starts_with(stream, 'org:')
    AND type IN ('erasure_decided', 'erasure_executed') ORDER BY stream, seq;

-- name: hold_events
-- What organisations say of holds, with what the vault has of whom each is about.
SELECT e.stream, e.seq, e.type, e.body, ARRAY(
    SELECT encode(v.commitment, 'hex') FROM vault.value v
    WHERE v.stream = e.stream AND v.command_id = e.cause AND v.path = '/subject')
FROM audit.event e
WHERE starts_with(e.stream, 'org:') AND e.type IN ('hold_placed', 'hold_lifted')
ORDER BY e.stream, e.seq;

-- name: columns
-- Every column of every table of our own that can hold text or bytes, and may be read.
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema' AND has_table_privilege(c.oid, 'SELECT')
    AND (t.typcategory IN ('S', 'A') OR t.typname IN ('bytea', 'json', 'jsonb'))
ORDER BY n.nspname, c.relname, a.attnum;

-- name: unreadable
-- Tables of our own that this connection may not read.
SELECT n.nspname || '.' || c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema' AND NOT has_table_privilege(c.oid, 'SELECT')
ORDER BY 1;

-- name: asked
-- The requests of one organisation, or of all, that nobody decided on yet, and when they
-- were made.
SELECT split_part(r.stream, ':', 2) AS organisation,
    convert_from(r.body, 'UTF8')::json #>> '{data,erasure}' AS erasure, r.at
FROM audit.event r
WHERE r.type = 'erasure_requested' AND starts_with(r.stream, 'org:')
    AND (%(organisation)s::text IS NULL
        OR r.stream = 'org:' || %(organisation)s::text)
    AND NOT EXISTS (
        SELECT FROM audit.event d
        WHERE d.stream = r.stream AND d.type = 'erasure_decided' AND d.seq > r.seq
            AND convert_from(d.body, 'UTF8')::json #>> '{data,erasure}'
                = convert_from(r.body, 'UTF8')::json #>> '{data,erasure}')
ORDER BY r.at, r.stream, r.seq;
