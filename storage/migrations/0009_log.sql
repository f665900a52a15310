-- The log: every event on record gets a place in one gapless order, and the whole is
-- summed up in signed checkpoints. The sealer writes it, under a role of its own.

-- The order in which events became visible to all, for the sealer to go on from.
CREATE INDEX event_in_order ON audit.event (db_epoch, txid);

-- `hash` is the event's hash; the leaf hash follows from it. `db_epoch` and `sealed_at`
-- are this database's own and prove nothing.
CREATE TABLE audit.leaf (
    leaf_index bigint PRIMARY KEY CHECK (leaf_index >= 0),
    stream text NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    db_epoch integer NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (stream, seq)
);

-- 256 neighbouring nodes of the tree at level 8 × `level`; only full tiles are kept.
-- `root` is the node above them: it follows from `hashes`, and is kept apart so that
-- the unfinished tile above is read without them.
CREATE TABLE audit.tile (
    level integer NOT NULL CHECK (level >= 0),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL CHECK (length(hashes) = 8192),
    root bytea NOT NULL CHECK (length(root) = 32),
    PRIMARY KEY (level, number)
);
-- Hashes do not compress.
ALTER TABLE audit.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- The last leaf of a published checkpoint is a census.
CREATE TABLE audit.checkpoint (
    size bigint NOT NULL CHECK (size > 0),
    key_id bytea NOT NULL CHECK (length(key_id) = 4),
    root bytea NOT NULL CHECK (length(root) = 32),
    note bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    published boolean NOT NULL,
    PRIMARY KEY (size, key_id)
);
CREATE INDEX ON audit.checkpoint (size) WHERE published;

-- What others say of a checkpoint: witnesses, and authorities of time.
CREATE TABLE audit.cosignature (
    size bigint NOT NULL,
    key_name text NOT NULL,
    line text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (size, key_name)
);
CREATE TABLE audit.timestamp (
    size bigint NOT NULL,
    authority text NOT NULL,
    token bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (size, authority)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY
        ARRAY['leaf', 'tile', 'checkpoint', 'cosignature', 'timestamp'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE'
            ' ON audit.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse()', name);
        EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER append_only', name);
        EXECUTE format('GRANT SELECT ON audit.%I TO polder_writer, polder_reader', name);
        EXECUTE format('GRANT SELECT, INSERT ON audit.%I TO polder_sealer', name);
    END LOOP;
END
$$;
GRANT USAGE ON SCHEMA audit TO polder_sealer;
GRANT SELECT ON audit.event, audit.stream, audit.installation, audit.incident
    TO polder_sealer;

-- The one stream that the sealer adds to.
CREATE FUNCTION audit.append_to_log(
    p_after bigint, p_after_hash bytea, p_hash bytea, p_id uuid, p_type text,
    p_at timestamptz, p_cause text, p_actor text, p_role text, p_body bytea
) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT outcome FROM audit.append('polder:log', 1, p_after, p_after_hash,
        ARRAY[p_hash], ARRAY[p_id], ARRAY[p_type], ARRAY[p_at], ARRAY[p_cause],
        ARRAY[p_actor], ARRAY[p_role], ARRAY[p_body], NULL);
$$;

-- What was found when a stream was left out of the log: once for each fault.
CREATE FUNCTION audit.note_not_sealed(p_stream text, p_detail jsonb) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT audit.note_incident(p_stream, 'not_sealed', p_detail, false);
$$;

REVOKE EXECUTE ON FUNCTION
    audit.append_to_log(bigint, bytea, bytea, uuid, text, timestamptz, text, text,
        text, bytea),
    audit.note_not_sealed(text, jsonb)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    audit.append_to_log(bigint, bytea, bytea, uuid, text, timestamptz, text, text,
        text, bytea),
    audit.note_not_sealed(text, jsonb), audit.hold(text)
    TO polder_sealer;
