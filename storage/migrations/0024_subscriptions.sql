-- Events out: who is told of events, how far each is, and what came of it. Of a target
-- only its address is here in plain; its secrets are encrypted with a key that lies in
-- the other database, as the vault's values are.

-- Below `cursor` every event that is meant for this subscription is delivered, dead, or
-- of a dialogue that stands in delivery.held. `failing_since` is set while the target
-- takes nothing at all. `lease` is that of the one who delivers now.
CREATE TABLE delivery.subscription (
    id uuid PRIMARY KEY,
    organisation text NOT NULL,
    target text NOT NULL CHECK (length(target) <= 2000),
    format text NOT NULL CHECK (format IN ('event', 'zgw')),
    authorisation text NOT NULL CHECK (authorisation IN ('none', 'bearer', 'zgw')),
    types text[] CHECK (cardinality(types) BETWEEN 1 AND 200),
    dialogues text[] CHECK (cardinality(dialogues) BETWEEN 1 AND 1000),
    handshake boolean NOT NULL,
    key uuid NOT NULL,
    nonce bytea NOT NULL CHECK (length(nonce) = 12),
    secrets bytea NOT NULL,
    previous_until timestamptz,
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'active', 'disabled')),
    problem text CHECK (length(problem) <= 500),
    rate integer CHECK (rate > 0),
    cursor bigint NOT NULL CHECK (cursor >= 0),
    failing_since timestamptz,
    failures integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    delivered_at timestamptz,
    lease uuid,
    leased_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL
);
CREATE INDEX ON delivery.subscription (organisation, created_at);

-- Dialogues of which one event is not taken, while others go on: from `leaf_index` on
-- nothing of them is delivered.
CREATE TABLE delivery.held (
    subscription uuid NOT NULL REFERENCES delivery.subscription ON DELETE CASCADE,
    organisation text NOT NULL,
    stream text NOT NULL,
    leaf_index bigint NOT NULL CHECK (leaf_index >= 0),
    since timestamptz,
    failures integer NOT NULL,
    retry_at timestamptz,
    PRIMARY KEY (subscription, stream)
);

-- Every attempt, without what was sent or answered. `leaf_index` is null for a test.
CREATE TABLE delivery.attempt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription uuid NOT NULL REFERENCES delivery.subscription ON DELETE CASCADE,
    organisation text NOT NULL,
    leaf_index bigint,
    message text NOT NULL,
    stream text,
    seq bigint,
    type text NOT NULL,
    at timestamptz NOT NULL,
    milliseconds integer NOT NULL CHECK (milliseconds >= 0),
    outcome text NOT NULL CHECK (outcome IN ('delivered', 'failed')),
    status integer,
    problem text CHECK (length(problem) <= 500)
);
CREATE INDEX ON delivery.attempt (subscription, id);
CREATE INDEX ON delivery.attempt (at);

-- Events that were given up; they can be asked for again.
CREATE TABLE delivery.dead (
    subscription uuid NOT NULL REFERENCES delivery.subscription ON DELETE CASCADE,
    organisation text NOT NULL,
    leaf_index bigint NOT NULL,
    stream text NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    problem text NOT NULL CHECK (length(problem) <= 500),
    PRIMARY KEY (subscription, leaf_index)
);

-- What somebody asked to be sent once more, out of turn: an event, or a test.
CREATE TABLE delivery.again (
    id uuid PRIMARY KEY,
    subscription uuid NOT NULL REFERENCES delivery.subscription ON DELETE CASCADE,
    organisation text NOT NULL,
    leaf_index bigint,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON delivery.again (subscription, asked_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON delivery.subscription, delivery.held,
    delivery.dead, delivery.again TO polder_writer;
GRANT SELECT, INSERT, DELETE ON delivery.attempt TO polder_writer;
GRANT SELECT ON delivery.held, delivery.attempt, delivery.dead, delivery.again
    TO polder_reader;
GRANT SELECT (id, organisation, target, format, authorisation, types, dialogues,
    handshake, previous_until, status, problem, rate, cursor, failing_since, failures,
    retry_at, delivered_at, created_at, created_by)
    ON delivery.subscription TO polder_reader;
