-- name: publish
-- One more version, unless the last one published is this very version; null where the
-- id is somebody else's.
SELECT library.publish(%(method)s, %(version)s, decode(%(hash)s, 'hex'), %(text)s,
    %(by)s);

-- name: find
-- The text of one version: by its hash, or the last.
SELECT text FROM library.method
WHERE id = %(method)s
    AND (%(hash)s::text IS NULL OR hash = decode(%(hash)s::text, 'hex'))
ORDER BY number DESC LIMIT 1;

-- name: number
-- Which time this version was published last.
SELECT number FROM library.method
WHERE id = %(method)s AND hash = decode(%(hash)s, 'hex')
ORDER BY number DESC LIMIT 1;

-- name: every
-- The last version of each.
SELECT DISTINCT ON (id) id, version, encode(hash, 'hex') AS hash, text,
    published_by AS by, published_at AS at
FROM library.method ORDER BY id, number DESC;

-- name: version
-- What was published under this id and version.
SELECT encode(hash, 'hex') FROM library.method
WHERE id = %(method)s AND version = %(version)s ORDER BY number LIMIT 1;

-- name: first_by
-- Who published the first version.
SELECT published_by FROM library.method WHERE id = %(method)s ORDER BY number LIMIT 1;
