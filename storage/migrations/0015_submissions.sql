-- The desk's inbox of responses in great number: each waits here until the command that
-- gathered it is on record, so that none is lost and none counts twice. Its text lies in
-- the vault under the submission's own id.

CREATE TABLE delivery.submission (
    stream text NOT NULL,
    submission text NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    feedback_window text NOT NULL,
    digest text NOT NULL,
    body jsonb NOT NULL,
    came_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    gathering text,
    outcome text CHECK (outcome IN ('recorded', 'refused')),
    seq bigint,
    number bigint,
    error text,
    PRIMARY KEY (stream, submission)
);
CREATE INDEX ON delivery.submission (stream, feedback_window, place)
    WHERE outcome IS NULL;
COMMENT ON COLUMN delivery.submission.gathering IS
    'Id of the command that carries it; given once, before the command is sent';
GRANT SELECT ON delivery.submission TO polder_writer, polder_reader;
GRANT INSERT (stream, submission, feedback_window, digest, body),
    UPDATE (body, gathering, outcome, seq, number, error)
    ON delivery.submission TO polder_writer;

-- A dossier that is destroyed leaves nothing here.
CREATE FUNCTION delivery.forget_submissions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM delivery.submission WHERE stream = NEW.stream;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_submissions AFTER INSERT ON vault.destruction
    FOR EACH ROW EXECUTE FUNCTION delivery.forget_submissions();
REVOKE EXECUTE ON FUNCTION delivery.forget_submissions() FROM PUBLIC;

-- Under what the texts of an event lie in the vault: its cause, or, for one of many
-- responses, what that came under.
CREATE FUNCTION vault.kept_under(p_type text, p_cause text, p_body bytea)
RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN p_type = 'response_recorded' THEN coalesce(
        convert_from(p_body, 'UTF8')::json #>> '{data,submission}', p_cause)
    ELSE p_cause END;
$$;
GRANT EXECUTE ON FUNCTION vault.kept_under(text, text, bytea) TO polder_writer;

CREATE OR REPLACE FUNCTION vault.prepare_erasure(p_organisation text, p_erasure text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    about text;
    gone integer;
BEGIN
    SELECT subject INTO about FROM vault.erasure
    WHERE organisation = p_organisation AND erasure = p_erasure FOR UPDATE;
    -- A value that becomes recorded at this moment is no longer pending once we have
    -- its row; the next statement sees it.
    DELETE FROM vault.value v
    WHERE vault.organisation_of(v.stream) = p_organisation AND v.subject = about
        AND v.status = 'pending';
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE vault.erasure SET waiting = waiting + gone
    WHERE organisation = p_organisation AND erasure = p_erasure;
    -- The events of one command stand together, from the first that commits to the
    -- value; each that has the field is named, for they all commit to it. One of many
    -- responses is the only event of its submission.
    INSERT INTO vault.erasing (stream, seq, path, cause, organisation, erasure)
    SELECT stream, seq, path, 'polder:erased:' || p_erasure || ':'
            || (first_value(seq) OVER part) || '.'
            || left(md5(first_value(path) OVER part), 8),
        p_organisation, p_erasure
    FROM (
        SELECT found.stream, found.seq, found.path, (row_number() OVER (
            PARTITION BY found.stream
            ORDER BY found.seq, found.path COLLATE "C") - 1) / 250 AS part
        FROM (
            SELECT v.stream, e.seq, v.path, e.body
            FROM vault.value v
            JOIN audit.event e ON e.stream = v.stream AND e.cause = v.command_id
                AND e.seq >= v.seq AND e.seq < v.seq + 1000
            WHERE vault.organisation_of(v.stream) = p_organisation
                AND v.subject = about AND v.status = 'recorded'
                AND vault.kept_under(e.type, e.cause, e.body) = v.command_id
            UNION
            SELECT v.stream, e.seq, v.path, e.body
            FROM vault.value v
            JOIN audit.event e ON e.stream = v.stream AND e.seq = v.seq
            WHERE vault.organisation_of(v.stream) = p_organisation
                AND v.subject = about AND v.status = 'recorded'
                AND vault.kept_under(e.type, e.cause, e.body) = v.command_id
        ) AS found
        WHERE convert_from(found.body, 'UTF8')::json -> 'private' ->> found.path
                IS NOT NULL
            AND NOT EXISTS (SELECT FROM vault.erasing x WHERE x.stream = found.stream
                AND x.seq = found.seq AND x.path = found.path)
    ) AS place
    WINDOW part AS (PARTITION BY stream, part ORDER BY seq, path COLLATE "C")
    ON CONFLICT DO NOTHING;
END
$$;

CREATE OR REPLACE FUNCTION vault.erase_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    WITH named AS (
        DELETE FROM vault.erasing x
        WHERE x.stream = NEW.stream AND x.cause = NEW.cause
            AND convert_from(NEW.body, 'UTF8')::jsonb #> '{data,paths}'
                @> jsonb_build_array(jsonb_build_array(x.seq, x.path))
        RETURNING x.seq, x.path
    ), noted AS (
        INSERT INTO vault.absent (stream, seq, path, cause)
        SELECT NEW.stream, n.seq, n.path, NEW.cause FROM named n ON CONFLICT DO NOTHING
    )
    DELETE FROM vault.value v USING named n, audit.event e
    WHERE e.stream = NEW.stream AND e.seq = n.seq AND v.stream = NEW.stream
        AND v.command_id = vault.kept_under(e.type, e.cause, e.body)
        AND v.path = n.path;
    RETURN NULL;
END
$$;
