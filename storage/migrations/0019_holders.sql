-- In which dialogues somebody holds a role is asked of the list of roles, which changes
-- when a role does; a column with everybody would be written with every event.
ALTER TABLE read.dialogue DROP COLUMN actors;
CREATE INDEX ON read.entry ((data ->> 'actor'), stream)
    WHERE kind = 'role' AND data -> 'until' = 'null';

-- What falls due in one organisation is found without looking at all others.
CREATE INDEX ON read.deadline ((split_part(stream, ':', 1)), due);

-- Puts the rows of one dialogue in place. `p_deadlines` is null where they are as they
-- were, `p_parts` where the state's parts are, `p_entries` where no list changes.
CREATE OR REPLACE FUNCTION read.project(
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
        state = excluded.state, form = excluded.form, zone = excluded.zone;
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
