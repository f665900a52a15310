-- What needs a person in a dialogue is written when it is otherwise than before.

-- Null only in what is handed to read.project, for "as it was".
ALTER TABLE read.dialogue ALTER COLUMN needs DROP NOT NULL;

-- As before (0021), but `needs` of `p_dialogue` may be null, where they are as they were.
CREATE OR REPLACE FUNCTION read.project(
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
        open_windows = excluded.open_windows, attention = excluded.attention,
        needs = coalesce(excluded.needs, d.needs),
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
