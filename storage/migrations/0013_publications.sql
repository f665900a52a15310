-- How far each place out of reach got: the newest checkpoint that it took, and what
-- was wrong the last time. It proves nothing; whoever operates Polder looks here.

CREATE TABLE delivery.publication (
    target text PRIMARY KEY,
    size bigint CHECK (size > 0),
    published_at timestamptz,
    tried_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    error text,
    contradicts boolean NOT NULL DEFAULT false,
    CHECK ((size IS NULL) = (published_at IS NULL))
);

GRANT USAGE ON SCHEMA delivery TO polder_sealer;
GRANT SELECT ON delivery.publication TO polder_writer, polder_reader, polder_sealer;
GRANT INSERT, UPDATE ON delivery.publication TO polder_sealer;
