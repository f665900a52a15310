-- name: wait_for_others
-- One migration at a time in a database; bounded, so that a stuck one is seen.
SET LOCAL lock_timeout = '60s';
SELECT pg_advisory_xact_lock(hashtextextended('polder migrations', 0));

-- name: become_owner
-- What is created from here on belongs to the owner, who cannot log in.
SET LOCAL ROLE polder_owner;
CREATE SCHEMA IF NOT EXISTS polder;
GRANT USAGE ON SCHEMA polder TO PUBLIC;
CREATE TABLE IF NOT EXISTS polder.migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON polder.migration TO PUBLIC;

-- name: is_known
-- Null in a database that never had a migration.
SELECT to_regclass('polder.migration');

-- name: applied
-- What this database has had.
SELECT number, name, checksum FROM polder.migration ORDER BY number;

-- name: note
-- A migration was applied.
INSERT INTO polder.migration (number, name, checksum)
VALUES (%(number)s, %(name)s, %(checksum)s);

-- name: is_there
-- Whether the server of this connection has a database of this name.
SELECT EXISTS (SELECT FROM pg_database WHERE datname = %(name)s);
