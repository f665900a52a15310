-- The record. The owner of the tables is not the role that writes: the writer may
-- read and insert, and triggers refuse the rest to everyone, the owner included.

CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO polder_writer, polder_reader;

CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.%: the record is only added to',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- One row, that tells apart the lives of this database: transaction ids start anew
-- after a logical restore, which therefore raises db_epoch.
CREATE TABLE audit.installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    db_epoch integer NOT NULL DEFAULT 1
);
INSERT INTO audit.installation DEFAULT VALUES;

-- The head of each stream. An append moves it from the hash it expects to the new
-- one; `epoch` fences off writers that a restored dialogue has replaced.
CREATE TABLE audit.stream (
    stream text PRIMARY KEY,
    epoch integer NOT NULL CHECK (epoch >= 0),
    seq bigint NOT NULL CHECK (seq >= 0),
    head bytea NOT NULL CHECK (length(head) = 32),
    blocked_by uuid
) WITH (fillfactor = 50);

-- `body` holds the exact canonical bytes. The other columns repeat what it says, for
-- questions in SQL; `polder audit verify --all` compares them. `recorded_at`, `txid`
-- and `db_epoch` are this database's own and prove nothing.
CREATE TABLE audit.event (
    stream text NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    event_id uuid NOT NULL UNIQUE,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    prev bytea NOT NULL CHECK (length(prev) = 32),
    type text NOT NULL,
    at timestamptz NOT NULL,
    cause text NOT NULL,
    actor_id text NOT NULL,
    actor_role text NOT NULL,
    body bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    db_epoch integer NOT NULL,
    PRIMARY KEY (stream, seq),
    UNIQUE (stream, prev)
);

-- Compiled methods and calendars, by their hash, that events refer to.
CREATE TABLE audit.content (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    kind text NOT NULL,
    body bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What contradicted the record. The id follows from the facts, so that a sender that
-- tries again makes no second incident.
CREATE TABLE audit.incident (
    id uuid PRIMARY KEY,
    stream text NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON audit.incident (stream);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.event
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.content
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.incident
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER never_less BEFORE DELETE OR TRUNCATE ON audit.stream
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
-- ALWAYS: also in a session that calls itself a replica.
ALTER TABLE audit.event ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.content ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.incident ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.stream ENABLE ALWAYS TRIGGER never_less;

GRANT SELECT ON ALL TABLES IN SCHEMA audit TO polder_writer, polder_reader;
GRANT INSERT ON audit.event, audit.content, audit.incident TO polder_writer;
GRANT INSERT, UPDATE ON audit.stream TO polder_writer;

-- Compares what a writer offers with what is on record: the verdict of one append.
-- The chain makes it short: where one hash agrees, all before it do.
CREATE FUNCTION audit.judge(
    held audit.stream, p_epoch integer, p_after bigint, p_after_hash bytea,
    p_hashes bytea[]
) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    last_seq bigint := p_after + cardinality(p_hashes);
BEGIN
    IF held.stream IS NULL THEN
        RETURN 'gap';
    ELSIF p_epoch < held.epoch THEN
        RETURN 'superseded';
    ELSIF held.seq = p_after AND held.head = p_after_hash THEN
        IF held.blocked_by IS NOT NULL AND p_epoch = held.epoch THEN
            RETURN 'blocked';
        END IF;
        RETURN 'appended';
    ELSIF held.seq >= last_seq AND EXISTS (
        SELECT FROM audit.event e
        WHERE e.stream = held.stream AND e.seq = last_seq
            AND e.hash = p_hashes[cardinality(p_hashes)]
    ) THEN
        RETURN 'there';
    ELSIF held.seq > p_after AND held.seq < last_seq
        AND held.head = p_hashes[held.seq - p_after] THEN
        RETURN 'prefix';
    ELSIF p_after = 0 THEN
        RETURN 'exists';
    ELSIF p_after > held.seq THEN
        RETURN 'gap';
    END IF;
    RETURN 'forked';
END
$$;

-- Records an incident once, and blocks the stream where `blocks` says so.
CREATE FUNCTION audit.note_incident(
    p_stream text, p_kind text, p_detail jsonb, blocks boolean
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    incident uuid := md5(concat_ws('|', p_stream, p_kind, p_detail))::uuid;
BEGIN
    INSERT INTO audit.incident (id, stream, kind, detail)
    VALUES (incident, p_stream, p_kind, p_detail) ON CONFLICT DO NOTHING;
    IF blocks THEN
        UPDATE audit.stream SET blocked_by = incident
        WHERE stream = p_stream AND blocked_by IS NULL;
    END IF;
    RETURN incident;
END
$$;

-- The one way events come in. Under the lock of the stream's row the head moves from
-- `p_after_hash` to the last of `p_hashes`, or nothing happens and `outcome` says why.
-- An incident is recorded in the caller's transaction, which must therefore commit.
CREATE FUNCTION audit.append(
    p_stream text, p_epoch integer, p_after bigint, p_after_hash bytea,
    p_hashes bytea[], p_ids uuid[], p_types text[], p_ats timestamptz[],
    p_causes text[], p_actors text[], p_roles text[], p_bodies bytea[],
    OUT outcome text, OUT head_seq bigint, OUT head_hash bytea, OUT incident uuid
) LANGUAGE plpgsql AS $$
DECLARE
    held audit.stream;
    new_head bytea := p_hashes[cardinality(p_hashes)];
BEGIN
    IF p_after = 0 THEN
        INSERT INTO audit.stream (stream, epoch, seq, head)
        VALUES (p_stream, p_epoch, 0, p_after_hash) ON CONFLICT DO NOTHING;
    END IF;
    SELECT * INTO held FROM audit.stream s WHERE s.stream = p_stream FOR UPDATE;
    outcome := audit.judge(held, p_epoch, p_after, p_after_hash, p_hashes);
    head_seq := coalesce(held.seq, 0);
    head_hash := coalesce(held.head, decode(repeat('00', 32), 'hex'));
    incident := held.blocked_by;
    IF outcome IN ('forked', 'gap') THEN
        incident := audit.note_incident(p_stream, outcome, jsonb_build_object(
            'after_seq', p_after, 'after_hash', encode(p_after_hash, 'hex'),
            'offered', encode(p_hashes[1], 'hex'), 'epoch', p_epoch,
            'head_seq', head_seq, 'head', encode(head_hash, 'hex')
        ), outcome = 'forked');
    ELSIF outcome = 'appended' THEN
        INSERT INTO audit.event (stream, seq, event_id, hash, prev, type, at, cause,
            actor_id, actor_role, body, db_epoch)
        SELECT p_stream, p_after + n, id, hash,
            CASE n WHEN 1 THEN p_after_hash ELSE p_hashes[n - 1] END,
            type, at, cause, actor, role, body, i.db_epoch
        FROM audit.installation i, unnest(p_hashes, p_ids, p_types, p_ats, p_causes,
            p_actors, p_roles, p_bodies) WITH ORDINALITY
            AS e (hash, id, type, at, cause, actor, role, body, n);
        UPDATE audit.stream s
        SET seq = p_after + cardinality(p_hashes), head = new_head, epoch = p_epoch,
            blocked_by = CASE WHEN p_epoch = s.epoch THEN s.blocked_by END
        WHERE s.stream = p_stream
        RETURNING s.seq, s.head INTO head_seq, head_hash;
    END IF;
END
$$;
