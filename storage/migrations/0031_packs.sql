-- Packs on their way from who holds the log's key to who asked for one over HTTP, in
-- parts that only the asker can read: the texts in them are in no backup. They stay for
-- minutes.
CREATE TABLE delivery.pack (
    id uuid NOT NULL,
    part integer NOT NULL CHECK (part >= 0),
    stream text NOT NULL,
    body bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id, part)
);
CREATE INDEX ON delivery.pack (at);
GRANT SELECT, INSERT (id, part, stream, body), DELETE ON delivery.pack
    TO polder_writer;
GRANT SELECT, DELETE ON delivery.pack TO polder_api;
ALTER TABLE delivery.pack ENABLE ROW LEVEL SECURITY;
CREATE POLICY ours ON delivery.pack TO polder_writer, polder_reader, polder_sealer
    USING (true) WITH CHECK (true);
CREATE POLICY wall ON delivery.pack TO polder_api
    USING (split_part(stream, ':', 1) = (SELECT access.organisation()));
