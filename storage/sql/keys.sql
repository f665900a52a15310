-- name: become_owner
-- What is created from here on belongs to the owner of the keys, who cannot log in.
SET LOCAL ROLE polder_keys_owner;
CREATE SCHEMA IF NOT EXISTS polder;
GRANT USAGE ON SCHEMA polder TO PUBLIC;
CREATE TABLE IF NOT EXISTS polder.migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON polder.migration TO PUBLIC;

-- name: hold
-- The keys of these subjects, new or old; not to be destroyed before a commit.
SELECT subject, id, secret, made
FROM keys.hold(%(organisation)s, %(subjects)s::text[], %(secrets)b::bytea[]);

-- name: secrets
-- The keys with these ids that are there.
SELECT id, secret FROM keys.secrets(%(ids)s::uuid[]);

-- name: id_of
-- The id of a subject's key, or null.
SELECT keys.id_of(%(organisation)s, %(subject)s);

-- name: destroy
-- Destroys a key; gives its id, or null where there was none.
SELECT keys.destroy(%(organisation)s, %(subject)s);

-- name: gone
-- Which of these keys were destroyed, in this time if one is given.
SELECT id FROM keys.destroyed WHERE id = ANY(%(ids)s::uuid[])
    AND (%(within)s::interval IS NULL
        OR at BETWEEN clock_timestamp() - %(within)s::interval AND clock_timestamp());

-- name: has_plain
-- Whether there are values that were put in before there were keys, and whether it is
-- still to be said that there can be none.
SELECT EXISTS (SELECT FROM vault.value WHERE key_id IS NULL), NOT convalidated
FROM pg_constraint
WHERE conrelid = to_regclass('vault.value') AND conname = 'encrypted';

-- name: plain
-- Some of them; who does the same waits, and gets the next ones.
SELECT stream, command_id, path, subject, value FROM vault.value
WHERE key_id IS NULL ORDER BY stream, command_id, path LIMIT 200 FOR UPDATE;

-- name: encrypt
-- Puts the encrypted value in the place of the plain one.
UPDATE vault.value SET value = %(value)s, key_id = %(key_id)s, nonce = %(nonce)s
WHERE stream = %(stream)s AND command_id = %(command_id)s AND path = %(path)s
    AND key_id IS NULL;

-- name: all_encrypted
-- From here on the database itself vouches for it.
ALTER TABLE vault.value VALIDATE CONSTRAINT encrypted;

-- name: wipe
-- The table is written anew: of what was plain nothing is left in its file.
VACUUM (FULL) vault.value;
