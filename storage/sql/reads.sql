-- name: note
-- A read is on record before its answer is given.
INSERT INTO audit.read_log (who, what, target, filters, size, rows, opened)
VALUES (%(who)s, %(what)s, %(target)s, %(filters)s, %(size)s, %(rows)s, %(opened)s);

-- name: reads
-- Who read what, newest first.
SELECT id, at, who, what, target, filters, size, rows, opened FROM audit.read_log
WHERE (%(before)s::bigint IS NULL OR id < %(before)s::bigint)
    AND (%(who)s::text IS NULL OR who = %(who)s::text)
    AND (%(target)s::text IS NULL OR target = %(target)s::text)
ORDER BY id DESC LIMIT %(limit)s;
