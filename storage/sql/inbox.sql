-- name: queue
-- Lets those who bring something to a dialogue go one after another, until a commit: so
-- none waits for another that waits for it, whatever both bring.
SELECT pg_advisory_xact_lock(hashtextextended('polder/arrive/' || %(stream)s, 0));

-- name: put
-- Submissions come in, each once; one that was here before stays as it was, and does
-- not come back.
INSERT INTO delivery.submission (stream, submission, feedback_window, digest, body)
SELECT %(stream)s, came.* FROM unnest(%(submissions)s::text[],
    %(feedback_windows)s::text[], %(digests)s::text[], %(bodies)s::jsonb[]) AS came
ON CONFLICT (stream, submission) DO NOTHING
RETURNING submission;

-- name: look
-- What became of submissions.
SELECT s.submission, s.digest, s.outcome, s.seq, s.number, s.error,
    encode(e.hash, 'hex') AS hash
FROM delivery.submission s
LEFT JOIN audit.event e ON e.stream = s.stream AND e.seq = s.seq
WHERE s.stream = %(stream)s AND s.submission = ANY(%(submissions)s::text[]);

-- name: brought
-- To which window a submission came, and whose response it is.
SELECT s.feedback_window, coalesce(s.body #>> '{response,respondent}',
    convert_from(e.body, 'UTF8')::json #>> '{data,respondent}') AS respondent
FROM delivery.submission s
LEFT JOIN audit.event e ON e.stream = s.stream AND e.seq = s.seq
WHERE s.stream = %(stream)s AND s.submission = %(submission)s;

-- name: hold
-- Whether nobody else gathers in this window; if so, holds others off until release.
SELECT pg_try_advisory_lock(hashtextextended('polder/gather/' || %(key)s, 0));

-- name: release
-- Lets the next one gather.
SELECT pg_advisory_unlock(hashtextextended('polder/gather/' || %(key)s, 0));

-- name: next
-- The oldest that were given to a command of which nobody knows yet what came of it;
-- where there are none, the oldest that no command carries yet.
WITH given AS (
    SELECT submission, body, gathering, place FROM delivery.submission
    WHERE stream = %(stream)s AND feedback_window = %(feedback_window)s
        AND outcome IS NULL AND gathering = (
            SELECT gathering FROM delivery.submission
            WHERE stream = %(stream)s AND feedback_window = %(feedback_window)s
                AND outcome IS NULL AND gathering IS NOT NULL
            ORDER BY place LIMIT 1)
), fresh AS (
    SELECT submission, body, gathering, place FROM delivery.submission
    WHERE stream = %(stream)s AND feedback_window = %(feedback_window)s
        AND outcome IS NULL AND gathering IS NULL AND NOT EXISTS (SELECT FROM given)
    ORDER BY place LIMIT %(limit)s
)
SELECT submission, body, gathering
FROM (TABLE given UNION ALL TABLE fresh) AS found ORDER BY place;

-- name: give
-- From here on this command carries these, whatever happens to who sends it.
UPDATE delivery.submission SET gathering = %(gathering)s
WHERE stream = %(stream)s AND submission = ANY(%(submissions)s::text[]);

-- name: settle
-- What came of submissions; what they said is on record, or in no need of being kept.
UPDATE delivery.submission s SET outcome = came.outcome, seq = came.seq,
    number = came.number, error = came.error, body = '{}'
FROM unnest(%(submissions)s::text[], %(outcomes)s::text[], %(seqs)s::bigint[],
    %(numbers)s::bigint[], %(errors)s::text[])
    AS came (submission, outcome, seq, number, error)
WHERE s.stream = %(stream)s AND s.submission = came.submission AND s.outcome IS NULL;

-- name: left
-- Windows in which something waits for longer than it should.
SELECT DISTINCT stream, feedback_window FROM delivery.submission
WHERE outcome IS NULL AND came_at < clock_timestamp() - %(older_than)s::interval
ORDER BY stream, feedback_window;
