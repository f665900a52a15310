-- What needs somebody, over all dialogues: what each asks of people, and between which
-- instants. Folded from the events like all else here. When time passes nothing is
-- written: what is asked at a moment is what has begun and has not ended.

-- What is asked, about what, and one act that would help. `data` is what a reader is
-- shown, in the languages of the method; nothing private is in it.
CREATE TABLE read.need (
    stream text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    target text NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (stream, kind, id)
) WITH (fillfactor = 80);

-- For whom it waits: an actor, or '' for a reader who is nobody in particular. `role` is
-- the one to act in, where it is not their usual one. `urgency` is the place of its kind
-- (`domain.asks.ORDER`). `shows_at` and `hides_at` are instants of the real world,
-- `falls_due` is one of the dialogue: when it is due, or overdue.
CREATE TABLE read.need_for (
    party text NOT NULL,
    stream text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    organisation text NOT NULL,
    role text,
    place bigint NOT NULL,
    urgency smallint NOT NULL,
    shows_at timestamptz NOT NULL,
    hides_at timestamptz NOT NULL,
    falls_due timestamptz NOT NULL,
    PRIMARY KEY (stream, kind, id, party)
);
-- In the order of the list, of one organisation and of all: what shows is known from the
-- index alone.
CREATE INDEX ON read.need_for (party, organisation, urgency, falls_due, stream, place, id)
    INCLUDE (shows_at, hides_at);
CREATE INDEX ON read.need_for (party, urgency, falls_due, stream, place, id)
    INCLUDE (shows_at, hides_at);

GRANT SELECT ON read.need, read.need_for TO polder_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON read.need, read.need_for TO polder_writer;

-- What a reader of the list has to know of a dialogue, without its state. A row of
-- another form is found at once: its needs are not known.
ALTER TABLE read.dialogue ADD COLUMN clock jsonb;
CREATE INDEX ON read.dialogue (form);

-- Changes what a dialogue asks: `whole` empties it first, `gone` and `left` name rows
-- that go.
CREATE FUNCTION read.put_needs(p_stream text, p_organisation text, p_needs jsonb)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF (p_needs -> 'whole')::boolean THEN
        DELETE FROM read.need WHERE stream = p_stream;
        DELETE FROM read.need_for WHERE stream = p_stream;
    END IF;
    IF p_needs -> 'gone' <> '[]' THEN
        DELETE FROM read.need n USING jsonb_array_elements(p_needs -> 'gone') AS gone
        WHERE n.stream = p_stream AND n.kind = gone ->> 0 AND n.id = gone ->> 1;
    END IF;
    IF p_needs -> 'left' <> '[]' THEN
        DELETE FROM read.need_for n USING jsonb_array_elements(p_needs -> 'left') AS gone
        WHERE n.stream = p_stream AND n.party = gone ->> 0 AND n.kind = gone ->> 1
            AND n.id = gone ->> 2;
    END IF;
    IF p_needs -> 'asks' <> '[]' THEN
        INSERT INTO read.need AS n (stream, kind, id, target, data)
        SELECT p_stream, r.kind, r.id, r.target, r.data
        FROM jsonb_to_recordset(p_needs -> 'asks')
            AS r (kind text, id text, target text, data jsonb)
        ON CONFLICT (stream, kind, id)
            DO UPDATE SET target = excluded.target, data = excluded.data;
    END IF;
    IF p_needs -> 'rows' <> '[]' THEN
        INSERT INTO read.need_for AS n (party, stream, kind, id, organisation, role,
            place, urgency, shows_at, hides_at, falls_due)
        SELECT r.party, p_stream, r.kind, r.id, p_organisation, r.role,
            r.place, r.urgency, r.shows_at, r.hides_at, r.falls_due
        FROM jsonb_to_recordset(p_needs -> 'rows') AS r (party text, kind text, id text,
            role text, place bigint, urgency smallint, shows_at timestamptz,
            hides_at timestamptz, falls_due timestamptz)
        ON CONFLICT (stream, kind, id, party) DO UPDATE SET
            role = excluded.role, place = excluded.place, urgency = excluded.urgency,
            shows_at = excluded.shows_at, hides_at = excluded.hides_at,
            falls_due = excluded.falls_due;
    END IF;
END
$$;

DROP FUNCTION read.project(jsonb, jsonb, jsonb, jsonb);

-- Puts the rows of one dialogue in place. `p_deadlines` is null where they are as they
-- were, `p_parts` where the state's parts are, `p_entries` where no list changes,
-- `p_needs` where nobody is asked for anything else.
CREATE FUNCTION read.project(
    p_dialogue jsonb, p_deadlines jsonb, p_parts jsonb, p_entries jsonb, p_needs jsonb
) RETURNS boolean LANGUAGE plpgsql AS $$
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
        state = excluded.state, form = excluded.form, zone = excluded.zone,
        clock = excluded.clock;
    IF p_deadlines IS NOT NULL THEN
        DELETE FROM read.deadline WHERE stream = p_dialogue ->> 'stream';
        INSERT INTO read.deadline
        SELECT * FROM jsonb_populate_recordset(NULL::read.deadline, p_deadlines);
    END IF;
    IF p_parts IS NOT NULL THEN
        PERFORM read.put_parts(p_dialogue ->> 'stream', p_parts);
    END IF;
    IF p_entries IS NOT NULL THEN
        PERFORM read.list(p_dialogue ->> 'stream', p_entries);
    END IF;
    IF p_needs IS NOT NULL THEN
        PERFORM read.put_needs(p_dialogue ->> 'stream', p_dialogue ->> 'organisation', p_needs);
    END IF;
    RETURN true;
END
$$;

-- What belongs to a dossier goes with it.
CREATE OR REPLACE FUNCTION read.forget_more() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM read.entry WHERE stream = OLD.stream;
    DELETE FROM read.part WHERE stream = OLD.stream;
    DELETE FROM read.need WHERE stream = OLD.stream;
    DELETE FROM read.need_for WHERE stream = OLD.stream;
    RETURN NULL;
END
$$;
