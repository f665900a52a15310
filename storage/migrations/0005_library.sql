-- Methods that organisations published, as they wrote them. A version is never changed
-- and never goes away; what was published last under an id is what the id stands for.

CREATE SCHEMA library;
GRANT USAGE ON SCHEMA library TO polder_writer, polder_reader;

CREATE TABLE library.method (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL,
    version text NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    text text NOT NULL CHECK (octet_length(text) <= 1000000),
    published_by text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON library.method (id, number DESC);

GRANT SELECT ON library.method TO polder_writer, polder_reader;
GRANT INSERT ON library.method TO polder_writer;
