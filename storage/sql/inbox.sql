-- name: put
-- A submission comes in, once; nothing comes back where it was here before.
INSERT INTO delivery.submission (stream, submission, feedback_window, digest, body)
VALUES (%(stream)s, %(submission)s, %(feedback_window)s, %(digest)s, %(body)s)
ON CONFLICT (stream, submission) DO NOTHING
RETURNING submission, digest, gathering, outcome, seq, number, error;

-- name: look
-- What became of a submission.
SELECT submission, digest, gathering, outcome, seq, number, error
FROM delivery.submission WHERE stream = %(stream)s AND submission = %(submission)s;

-- name: hold
-- Whether nobody else gathers in this window; if so, holds others off until release.
SELECT pg_try_advisory_lock(hashtextextended('polder/gather/' || %(key)s, 0));

-- name: release
-- Lets the next one gather.
SELECT pg_advisory_unlock(hashtextextended('polder/gather/' || %(key)s, 0));

-- name: gathered
-- The oldest that were given to a command of which nobody knows yet what came of it.
SELECT submission, body, gathering FROM delivery.submission
WHERE stream = %(stream)s AND feedback_window = %(feedback_window)s
    AND outcome IS NULL AND gathering = (
        SELECT gathering FROM delivery.submission
        WHERE stream = %(stream)s AND feedback_window = %(feedback_window)s
            AND outcome IS NULL AND gathering IS NOT NULL
        ORDER BY place LIMIT 1)
ORDER BY place;

-- name: waiting
-- The oldest that no command carries yet.
SELECT submission, body, NULL AS gathering FROM delivery.submission
WHERE stream = %(stream)s AND feedback_window = %(feedback_window)s
    AND outcome IS NULL AND gathering IS NULL
ORDER BY place LIMIT %(limit)s;

-- name: give
-- From here on this command carries these, whatever happens to who sends it.
UPDATE delivery.submission SET gathering = %(gathering)s
WHERE stream = %(stream)s AND submission = ANY(%(submissions)s::text[]);

-- name: settle
-- What came of a submission; what it said is on record, or in no need of being kept.
UPDATE delivery.submission SET outcome = %(outcome)s, seq = %(seq)s,
    number = %(number)s, error = %(error)s, body = '{}'
WHERE stream = %(stream)s AND submission = %(submission)s AND outcome IS NULL;

-- name: left
-- Windows in which something waits for longer than it should.
SELECT DISTINCT stream, feedback_window FROM delivery.submission
WHERE outcome IS NULL AND came_at < clock_timestamp() - %(older_than)s::interval
ORDER BY stream, feedback_window;
