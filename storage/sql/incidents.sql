-- name: since
-- What contradicted the record, from a moment on.
SELECT id::text AS id, stream, kind, at FROM audit.incident
WHERE at >= %(since)s::timestamptz ORDER BY at, id;
