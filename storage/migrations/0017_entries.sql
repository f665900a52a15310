-- What people look up in a dialogue, and what no decision needs: its lists, one row for
-- each stakeholder, response, meeting, agreement and so on. Folded from the events like
-- all else here, but event by event: a row is patched, never counted with.

-- `seq` is the event that made the row. `data` holds nothing private: of a private text
-- it says in which event and where, as {"private": "/name", "seq": 12}.
CREATE TABLE read.entry (
    stream text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    seq bigint NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (stream, kind, id)
) WITH (fillfactor = 90);
CREATE INDEX ON read.entry (stream, kind, seq);

GRANT SELECT ON read.entry TO polder_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON read.entry TO polder_writer;

-- `form` says which program made the rows of a dialogue: `storage.projection.FORM`. Rows
-- of another form are made again from the events, by `polder db migrate` or with the
-- next event. `actors` are all who hold a role.
ALTER TABLE read.dialogue
    ADD COLUMN form integer NOT NULL DEFAULT 1,
    ADD COLUMN zone text NOT NULL DEFAULT 'UTC',
    ADD COLUMN actors text[] NOT NULL DEFAULT '{}';
CREATE INDEX ON read.dialogue (organisation, stream);
CREATE INDEX ON read.dialogue USING gin (actors);

-- Changes the lists of one dialogue: `whole` empties them first, `gone` names rows that
-- go, `rows` are new ones and patches to those there are.
CREATE FUNCTION read.list(p_stream text, p_entries jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF (p_entries -> 'whole')::boolean THEN
        DELETE FROM read.entry WHERE stream = p_stream;
    ELSIF p_entries -> 'gone' <> '[]' THEN
        DELETE FROM read.entry e USING jsonb_array_elements(p_entries -> 'gone') AS gone
        WHERE e.stream = p_stream AND e.kind = gone ->> 0 AND e.id = gone ->> 1;
    END IF;
    INSERT INTO read.entry AS e (stream, kind, id, seq, data)
    SELECT p_stream, r.kind, r.id, r.seq, r.data
    FROM jsonb_to_recordset(p_entries -> 'rows')
        AS r (kind text, id text, seq bigint, data jsonb)
    ON CONFLICT (stream, kind, id) DO UPDATE SET data = e.data || excluded.data;
END
$$;

-- The state of a large dialogue is kept member by member, so that an event writes what it
-- changes: not 300 kB for each item that is completed. Large members are not in
-- read.dialogue.state, but here (`storage.parts`).
CREATE TABLE read.part (
    stream text NOT NULL,
    name text NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (stream, name)
) WITH (fillfactor = 70);

GRANT SELECT ON read.part TO polder_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON read.part TO polder_writer;

-- Changes the parts of one dialogue's state: `whole` empties them first; in `parts` a
-- null takes one away.
CREATE FUNCTION read.put_parts(p_stream text, p_parts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM read.part p
    WHERE p.stream = p_stream
        AND ((p_parts -> 'whole')::boolean OR p_parts #> ARRAY['parts', p.name] = 'null');
    INSERT INTO read.part AS p (stream, name, data)
    SELECT p_stream, n.key, n.value
    FROM jsonb_each(p_parts -> 'parts') AS n WHERE n.value <> 'null'
    ON CONFLICT (stream, name) DO UPDATE SET data = excluded.data;
END
$$;

-- The whole of a state again.
CREATE FUNCTION read.whole_state(p_stream text, p_state jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT p_state || coalesce(jsonb_object_agg(p.name, p.data), '{}')
    FROM read.part p WHERE p.stream = p_stream;
$$;

DROP FUNCTION read.project(jsonb, jsonb);

-- Puts the rows of one dialogue in place. `p_deadlines` is null where they are as they
-- were, `p_parts` where the state's parts are, `p_entries` where no list changes.
CREATE FUNCTION read.project(
    p_dialogue jsonb, p_deadlines jsonb, p_parts jsonb, p_entries jsonb
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
        actors = excluded.actors;
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
    RETURN true;
END
$$;

-- What belongs to a dossier goes with it.
CREATE FUNCTION read.forget_more() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM read.entry WHERE stream = OLD.stream;
    DELETE FROM read.part WHERE stream = OLD.stream;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_more AFTER DELETE ON read.dialogue
    FOR EACH ROW EXECUTE FUNCTION read.forget_more();
