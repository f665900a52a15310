-- Who read what of the record, and when: as-of, differences, samples, exports, packs.
-- A line is there before the answer is given. Nobody can set its moment, change it or
-- take it away.

CREATE TABLE audit.read_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    who text NOT NULL CHECK (who ~ '^[A-Za-z0-9._:-]{1,200}$'),
    what text NOT NULL CHECK (what ~ '^[a-z-]{1,40}$'),
    target text NOT NULL,
    filters jsonb NOT NULL,
    size bigint,
    rows bigint NOT NULL CHECK (rows >= 0),
    opened boolean NOT NULL
);
CREATE INDEX ON audit.read_log (target, id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.read_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
ALTER TABLE audit.read_log ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT ON audit.read_log TO polder_writer, polder_reader;
GRANT INSERT (who, what, target, filters, size, rows, opened) ON audit.read_log
    TO polder_writer, polder_reader;
