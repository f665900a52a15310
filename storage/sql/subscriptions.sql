-- name: add
-- A new subscription; one with this id stays what it is.
INSERT INTO delivery.subscription (id, organisation, target, format, authorisation,
    types, dialogues, handshake, key, nonce, secrets, cursor, created_by)
VALUES (%(id)s, %(organisation)s, %(target)s, %(format)s, %(authorisation)s,
    %(types)s::text[], %(dialogues)s::text[], %(handshake)s, %(key)s, %(nonce)b,
    %(secrets)b, coalesce(%(cursor)s::bigint,
        audit.log_size()), %(created_by)s)
ON CONFLICT DO NOTHING;

-- name: find
-- Subscriptions of one organisation, or the one with an id, or all, oldest first.
SELECT s.id::text AS id, organisation, target, format, authorisation, types, dialogues,
    handshake, previous_until, status, problem, rate, cursor, failing_since, failures,
    retry_at, delivered_at, created_at, created_by,
    (SELECT count(*) FROM delivery.held h WHERE h.subscription = s.id) AS held,
    least(cursor, (SELECT min(h.leaf_index) FROM delivery.held h
        WHERE h.subscription = s.id)) AS undone_from,
    (SELECT count(*) FROM delivery.dead d WHERE d.subscription = s.id) AS dead,
    audit.log_size() AS log_size
FROM delivery.subscription s
WHERE (%(organisation)s::text IS NULL OR organisation = %(organisation)s::text)
    AND (%(id)s::uuid IS NULL OR s.id = %(id)s::uuid)
    AND (NOT %(troubled)s OR status = 'disabled' OR failing_since IS NOT NULL
        OR EXISTS (SELECT FROM delivery.held h WHERE h.subscription = s.id)
        OR EXISTS (SELECT FROM delivery.dead d WHERE d.subscription = s.id))
ORDER BY created_at, s.id;

-- name: steered_by
-- Organisations of which somebody steers a dialogue: has a role that its method lets.
WITH held AS (
    SELECT DISTINCT d.organisation, d.method_hash, r.data ->> 'role' AS role
    FROM read.entry r JOIN read.dialogue d USING (stream)
    WHERE r.kind = 'role' AND r.data -> 'until' = 'null'
        AND r.data ->> 'actor' = %(actor)s::text
)
SELECT DISTINCT h.organisation FROM held h
JOIN audit.content c ON c.sha256 = decode(h.method_hash, 'hex')
WHERE jsonb_path_exists(convert_from(c.body, 'UTF8')::jsonb,
    '$.roles[*] ? (@.id == $role && @.may[*] == "steer")',
    jsonb_build_object('role', h.role));

-- name: sealed_secrets
-- The secrets of one, as they are encrypted.
SELECT key, nonce, secrets FROM delivery.subscription WHERE id = %(id)s;

-- name: put_secrets
-- Other secrets, of which the last is good until a moment. Whoever delivers now reads
-- everything anew: a lease that is gone says so, here and below.
UPDATE delivery.subscription SET key = %(key)s, nonce = %(nonce)b,
    secrets = %(secrets)b, previous_until = %(previous_until)s, lease = NULL
WHERE id = %(id)s;

-- name: enable
-- To be tried again from where it stopped, with the handshake first.
UPDATE delivery.subscription SET status = 'pending', problem = NULL,
    failing_since = NULL, failures = 0, retry_at = NULL, lease = NULL
WHERE id = %(id)s;

-- name: disable
-- Nothing more is sent until it is enabled.
UPDATE delivery.subscription SET status = 'disabled', problem = %(problem)s,
    retry_at = NULL, lease = NULL WHERE id = %(id)s;

-- name: remove
-- The subscription with its log.
DELETE FROM delivery.subscription WHERE id = %(id)s;

-- name: replay
-- From this leaf on everything is sent once more, in order, and as soon as may be.
UPDATE delivery.subscription SET cursor = least(%(leaf)s, cursor), retry_at = NULL,
    lease = NULL WHERE id = %(id)s;

-- name: replay_held
-- What was held from there on is in order again.
DELETE FROM delivery.held WHERE subscription = %(id)s AND leaf_index >= %(leaf)s;

-- name: leaf_since
-- The first leaf that was sealed at this moment or after.
SELECT coalesce(min(leaf_index), audit.log_size()) FROM audit.leaf
WHERE sealed_at >= %(since)s;

-- name: ask_again
-- One event once more, or, without a leaf, a test.
INSERT INTO delivery.again (id, subscription, organisation, leaf_index, asked_by)
VALUES (%(again)s, %(id)s, %(organisation)s, %(leaf)s::bigint, %(by)s);

-- name: ask_dead
-- All that were given up once more, unless somebody asked that already.
INSERT INTO delivery.again (id, subscription, organisation, leaf_index, asked_by)
SELECT gen_random_uuid(), d.subscription, d.organisation, d.leaf_index, %(by)s
FROM delivery.dead d WHERE d.subscription = %(id)s AND NOT EXISTS (
    SELECT FROM delivery.again a
    WHERE a.subscription = d.subscription AND a.leaf_index = d.leaf_index);

-- name: ring
-- Whoever delivers looks now, as when something was sealed.
SELECT pg_notify('polder_sealed', audit.log_size()::text);

-- name: attempts
-- Attempts, newest first.
SELECT id, leaf_index, message, stream, seq, type, at, milliseconds, outcome, status,
    problem
FROM delivery.attempt WHERE subscription = %(id)s
    AND (%(before)s::bigint IS NULL OR id < %(before)s::bigint)
    AND (%(attempt)s::bigint IS NULL OR id = %(attempt)s::bigint)
    AND (%(message)s::text IS NULL OR message = %(message)s::text)
    AND (%(type)s::text IS NULL OR type = %(type)s::text)
ORDER BY id DESC LIMIT %(most)s;

-- name: dead
-- Events that were given up, in the order of the log.
SELECT leaf_index, stream, seq, type, at, problem FROM delivery.dead
WHERE subscription = %(id)s ORDER BY leaf_index LIMIT %(most)s;

-- name: note_act
-- Somebody did something with a subscription; nothing where this command did it before.
INSERT INTO delivery.act (subscription, organisation, act, leaf_index, target, by, command)
VALUES (%(id)s, %(organisation)s, %(act)s, %(leaf)s::bigint, %(target)s, %(by)s,
    %(command)s::text)
ON CONFLICT DO NOTHING;

-- name: hold
-- Nobody else changes it until the transaction ends.
SELECT FROM delivery.subscription WHERE id = %(id)s FOR UPDATE;

-- name: was_last
-- Whether the secret that is there now was made by this very act, a little while ago.
SELECT act = %(act)s AND by = %(by)s AND command IS NOT DISTINCT FROM %(command)s::text
    AND at > clock_timestamp() - %(within)s::interval
FROM delivery.act WHERE subscription = %(id)s AND act IN ('created', 'rotated')
ORDER BY id DESC LIMIT 1;

-- name: acts
-- What was done with one, newest first.
SELECT act, leaf_index, by, at FROM delivery.act WHERE subscription = %(id)s
    AND (%(acts)s::text[] IS NULL OR act = ANY(%(acts)s::text[]))
ORDER BY id DESC LIMIT %(most)s;
