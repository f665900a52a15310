-- What went out into the world, for the activities that send it: a message is known
-- by its Message-ID and goes out once, or twice where a worker died in between.
-- Recipients are opaque ids, never addresses.

CREATE SCHEMA delivery;
GRANT USAGE ON SCHEMA delivery TO polder_writer, polder_reader;

CREATE TABLE delivery.mail (
    message_id text PRIMARY KEY,
    stream text NOT NULL,
    effect text NOT NULL,
    recipient text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('sent', 'undeliverable')),
    sent_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON delivery.mail (stream, effect);

GRANT SELECT ON delivery.mail TO polder_writer, polder_reader;
GRANT INSERT ON delivery.mail TO polder_writer;
