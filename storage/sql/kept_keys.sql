-- name: there
-- Null where there are no keys of ours.
SELECT to_regclass('keys.subject_key');

-- name: count
-- How many keys there are.
SELECT count(*) FROM keys.subject_key;

-- name: destroyed
-- The ids of keys that were destroyed.
SELECT id FROM keys.destroyed;

-- name: destroy_again
-- Keys that came back with a copy after they were destroyed.
WITH gone AS (DELETE FROM keys.subject_key WHERE id = ANY(%(ids)s::uuid[]))
INSERT INTO keys.destroyed (id) SELECT unnest(%(ids)s::uuid[]) ON CONFLICT DO NOTHING;
