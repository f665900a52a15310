-- Projections: answers to daily questions, folded from the record and disposable.
-- `polder audit rebuild` folds them again from nothing and must find no difference,
-- so nothing here may come from anywhere but the events.

CREATE SCHEMA read;
GRANT USAGE ON SCHEMA read TO polder_writer, polder_reader;

-- One row per dialogue, as it is at `head`. `state` is what the core's `evolve` gives,
-- without plan and calendar (in audit.content, by their hashes) and without the
-- digests of handled commands. `needs` lists what needs a person, `attention` counts.
CREATE TABLE read.dialogue (
    stream text PRIMARY KEY,
    organisation text NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    status text NOT NULL,
    phase text NOT NULL,
    step text,
    method_id text NOT NULL,
    method_version text NOT NULL,
    method_hash text NOT NULL,
    calendar_hash text NOT NULL,
    version bigint NOT NULL,
    head text NOT NULL,
    next_deadline timestamptz,
    open_windows integer NOT NULL,
    attention integer NOT NULL,
    needs jsonb NOT NULL,
    started_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    state jsonb NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX ON read.dialogue (organisation, status, next_deadline);

-- One row for everything that falls due in a dialogue: a window that closes, a
-- reminder, a date the organisation has to keep. `silent` counts the invited who have
-- not responded.
CREATE TABLE read.deadline (
    stream text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('window', 'reminder', 'date')),
    target text NOT NULL,
    run integer NOT NULL,
    due timestamptz NOT NULL,
    audience text,
    silent integer NOT NULL,
    PRIMARY KEY (stream, kind, target, run, due)
);
CREATE INDEX ON read.deadline (due);

-- A dialogue whose events could not be folded: recorded all the same, to be repaired
-- by a newer program and a rebuild.
CREATE TABLE read.failure (
    stream text PRIMARY KEY,
    seq bigint NOT NULL,
    problem text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT ON ALL TABLES IN SCHEMA read TO polder_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA read TO polder_writer;

-- Puts the rows of one dialogue in place. `p_deadlines` is null where they are as
-- they were.
CREATE FUNCTION read.project(p_dialogue jsonb, p_deadlines jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO read.dialogue AS d
    SELECT * FROM jsonb_populate_record(NULL::read.dialogue, p_dialogue)
    ON CONFLICT (stream) DO UPDATE SET
        organisation = excluded.organisation, slug = excluded.slug,
        title = excluded.title, status = excluded.status, phase = excluded.phase,
        step = excluded.step, method_id = excluded.method_id,
        method_version = excluded.method_version, method_hash = excluded.method_hash,
        calendar_hash = excluded.calendar_hash, version = excluded.version,
        head = excluded.head, next_deadline = excluded.next_deadline,
        open_windows = excluded.open_windows, attention = excluded.attention, needs = excluded.needs,
        started_at = excluded.started_at, updated_at = excluded.updated_at,
        state = excluded.state;
    IF p_deadlines IS NOT NULL THEN
        DELETE FROM read.deadline WHERE stream = p_dialogue ->> 'stream';
        INSERT INTO read.deadline
        SELECT * FROM jsonb_populate_recordset(NULL::read.deadline, p_deadlines);
    END IF;
    RETURN true;
END
$$;
