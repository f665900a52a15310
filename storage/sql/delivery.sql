-- name: already_sent
-- Which of these messages were noted, and how they ended.
SELECT message_id, outcome FROM delivery.mail WHERE message_id = ANY(%(ids)s::text[]);

-- name: note_sent
-- A message went out, or could not.
INSERT INTO delivery.mail (message_id, stream, effect, recipient, outcome)
VALUES (%(message_id)s, %(stream)s, %(effect)s, %(recipient)s, %(outcome)s)
ON CONFLICT DO NOTHING;

-- name: messages
-- The messages of one dialogue.
SELECT message_id, stream, effect, recipient, outcome, sent_at
FROM delivery.mail WHERE stream = %(stream)s ORDER BY sent_at, message_id;
