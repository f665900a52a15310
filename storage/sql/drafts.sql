-- name: put
-- The last that was saved takes the place of what was there; nothing where its writer
-- said something after the form was made.
INSERT INTO vault.draft AS d (stream, feedback_window, subject, value, nonce, key_id, after)
SELECT %(stream)s, %(window)s, %(subject)s, %(value)b, %(nonce)b, %(key_id)s, p.after
FROM (SELECT coalesce(%(after)s::bigint, said.last) AS after, said.last
    FROM vault.last_said(%(stream)s, %(window)s, %(subject)s) AS said (last)) AS p
WHERE p.last <= p.after
ON CONFLICT (stream, feedback_window, subject) DO UPDATE SET value = excluded.value,
    nonce = excluded.nonce, key_id = excluded.key_id, after = excluded.after,
    saved_at = clock_timestamp()
RETURNING saved_at;

-- name: of
-- What somebody began to write in a dialogue, and did not send since.
SELECT feedback_window AS window, value, nonce, key_id, saved_at FROM vault.draft
WHERE stream = %(stream)s AND subject = %(subject)s
    AND after >= vault.last_said(stream, feedback_window, subject)
ORDER BY feedback_window;

-- name: drop
-- It was sent, or thrown away.
DELETE FROM vault.draft WHERE stream = %(stream)s AND subject = %(subject)s
    AND feedback_window = %(window)s;

-- name: sweep
-- What was saved just after its window closed: no event will take it away any more; and
-- what arrived after its writer had sent it.
DELETE FROM vault.draft d USING read.dialogue s
WHERE s.stream = d.stream AND d.saved_at < clock_timestamp() - interval '10 minutes'
    AND (d.after < vault.last_said(d.stream, d.feedback_window, d.subject)
        OR s.status <> 'paused' AND NOT EXISTS (SELECT FROM read.deadline w
            WHERE w.stream = d.stream AND w.kind = 'window'
                AND w.target = d.feedback_window));
