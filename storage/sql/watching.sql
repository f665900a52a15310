-- name: beat
-- Writes the canary's row.
INSERT INTO delivery.canary AS c (beats, at) VALUES (1, clock_timestamp())
ON CONFLICT (only_row) DO UPDATE SET beats = c.beats + 1, at = clock_timestamp()
RETURNING beats;

-- name: beats
-- Reads it back.
SELECT beats FROM delivery.canary;

-- name: readable
-- Whether dialogues can be read.
SELECT EXISTS (SELECT FROM read.dialogue), EXISTS (SELECT FROM audit.event);

-- name: seal_delay
-- For how many seconds the oldest event waits for its place in the log.
SELECT audit.seal_delay();

-- name: standing
-- How many dialogues there are by status, and windows that are open.
SELECT status, count(*), sum(open_windows)::bigint FROM read.dialogue GROUP BY status;

-- name: inbox
-- How many responses wait for a dialogue to take them in.
SELECT count(*) FROM delivery.submission WHERE outcome IS NULL;
