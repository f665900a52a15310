-- What was decided to go, goes, and nothing else: a value that is on record leaves the
-- vault with the very event that says so, and a dossier with the event that names its
-- head. Until it is done, what was decided stands here, so that a crash leaves nothing
-- half.

-- Erasures that were granted and are not done. The one place outside of vault.value
-- that names the person; the row goes with the last step.
CREATE TABLE vault.erasure (
    organisation text NOT NULL,
    erasure text NOT NULL,
    subject text NOT NULL,
    waiting integer NOT NULL DEFAULT 0,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (organisation, erasure)
);

-- The private fields that such an erasure will name, each with the cause of the event
-- that will: a dialogue that runs asks for them here. They go with that event.
CREATE TABLE vault.erasing (
    stream text NOT NULL,
    seq bigint NOT NULL,
    path text NOT NULL,
    cause text NOT NULL,
    organisation text NOT NULL,
    erasure text NOT NULL,
    PRIMARY KEY (stream, seq, path),
    FOREIGN KEY (organisation, erasure) REFERENCES vault.erasure
);
CREATE INDEX ON vault.erasing (organisation, erasure);

-- Dossiers whose events are gone, and whose closed runs in Temporal may not be.
CREATE TABLE vault.destruction (
    stream text PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT ON vault.erasure, vault.erasing, vault.destruction TO polder_writer;

-- The organisation whose stream, or whose dialogue's stream, this is.
CREATE FUNCTION vault.organisation_of(p_stream text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN starts_with(p_stream, 'org:')
        THEN split_part(p_stream, ':', 2) ELSE split_part(p_stream, ':', 1) END;
$$;
CREATE INDEX ON vault.value (vault.organisation_of(stream), subject);

-- The holds that stand on one dialogue, on one person, or on the whole organisation:
-- what an organisation's stream says was placed and not lifted.
CREATE FUNCTION vault.holds(p_organisation text, p_dialogue text, p_subject text)
RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(hold ORDER BY seq), '{}') FROM (
        SELECT p.seq, p.cause, convert_from(p.body, 'UTF8')::json AS said,
            convert_from(p.body, 'UTF8')::json #>> '{data,hold}' AS hold
        FROM audit.event p
        WHERE p.stream = 'org:' || p_organisation AND p.type = 'hold_placed'
    ) AS placed
    WHERE NOT EXISTS (
        SELECT FROM audit.event l
        WHERE l.stream = 'org:' || p_organisation AND l.type = 'hold_lifted'
            AND convert_from(l.body, 'UTF8')::json #>> '{data,hold}' = hold
    ) AND CASE
        WHEN said -> 'private' ->> '/subject' IS NOT NULL THEN EXISTS (
            SELECT FROM vault.value v
            WHERE v.stream = 'org:' || p_organisation AND v.command_id = cause
                AND v.path = '/subject' AND v.subject = p_subject)
        WHEN said #>> '{data,dialogue}' IS NOT NULL
            THEN said #>> '{data,dialogue}' = p_dialogue
        ELSE true
    END;
$$;

-- Begins what was granted: only for the person that the request named, and only where
-- the decision is on record. False where it was begun before or is done.
CREATE FUNCTION vault.begin_erasure(
    p_organisation text, p_erasure text, p_subject text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    house text := 'org:' || p_organisation;
BEGIN
    IF EXISTS (
        SELECT FROM audit.event WHERE stream = house AND type = 'erasure_executed'
            AND convert_from(body, 'UTF8')::json #>> '{data,erasure}' = p_erasure
    ) THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (
        SELECT FROM audit.event d
        JOIN audit.event r ON r.stream = d.stream AND r.type = 'erasure_requested'
            AND convert_from(r.body, 'UTF8')::json #>> '{data,erasure}' = p_erasure
        JOIN vault.value v ON v.stream = r.stream AND v.command_id = r.cause
            AND v.path = '/subject' AND v.subject = p_subject
        WHERE d.stream = house AND d.type = 'erasure_decided'
            AND convert_from(d.body, 'UTF8')::json #>> '{data,erasure}' = p_erasure
            AND convert_from(d.body, 'UTF8')::json #>> '{data,granted}' = 'true'
    ) THEN
        RAISE EXCEPTION 'erasure % of % was not granted for this person',
            p_erasure, p_organisation USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO vault.erasure (organisation, erasure, subject)
    VALUES (p_organisation, p_erasure, p_subject) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

-- Destroys what waits for an event, and names all that is on record about the person,
-- in parts that an event can hold. What comes in later is found by doing it again.
CREATE FUNCTION vault.prepare_erasure(p_organisation text, p_erasure text)
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
    -- value; each that has the field is named, for they all commit to it.
    INSERT INTO vault.erasing (stream, seq, path, cause, organisation, erasure)
    SELECT stream, seq, path, 'polder:erased:' || p_erasure || ':'
            || (first_value(seq) OVER part) || '.'
            || left(md5(first_value(path) OVER part), 8),
        p_organisation, p_erasure
    FROM (
        SELECT v.stream, e.seq, v.path, (row_number() OVER (
            PARTITION BY v.stream ORDER BY e.seq, v.path COLLATE "C") - 1) / 250 AS part
        FROM vault.value v
        JOIN audit.event e ON e.stream = v.stream AND e.cause = v.command_id
            AND e.seq >= v.seq AND e.seq < v.seq + 1000
        WHERE vault.organisation_of(v.stream) = p_organisation AND v.subject = about
            AND v.status = 'recorded'
            AND convert_from(e.body, 'UTF8')::json -> 'private' ->> v.path IS NOT NULL
            AND NOT EXISTS (SELECT FROM vault.erasing x WHERE x.stream = v.stream
                AND x.seq = e.seq AND x.path = v.path)
    ) AS place
    WINDOW part AS (PARTITION BY stream, part ORDER BY seq, path COLLATE "C")
    ON CONFLICT DO NOTHING;
END
$$;

-- An erasure is done when it is said to be, and nothing about the person is left.
CREATE FUNCTION vault.finish_erasure(p_organisation text, p_erasure text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM vault.erasure g
    WHERE organisation = p_organisation AND erasure = p_erasure
        AND NOT EXISTS (SELECT FROM vault.erasing x
            WHERE x.organisation = p_organisation AND x.erasure = p_erasure)
        AND EXISTS (SELECT FROM audit.event e
            WHERE e.stream = 'org:' || p_organisation AND e.type = 'erasure_executed'
                AND convert_from(e.body, 'UTF8')::json #>> '{data,erasure}' = p_erasure);
    RETURN FOUND;
END
$$;

-- At this point an event says that fields were erased: in the same transaction go the
-- values that were decided to go under its cause. Where nothing was decided, nothing
-- goes, whoever wrote the event.
CREATE FUNCTION vault.erase_named() RETURNS trigger
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
    WHERE e.stream = NEW.stream AND e.seq = n.seq
        AND v.stream = NEW.stream AND v.command_id = e.cause AND v.path = n.path;
    RETURN NULL;
END
$$;
CREATE TRIGGER erase_named AFTER INSERT ON audit.event
    FOR EACH ROW WHEN (NEW.type = 'personal_data_erased')
    EXECUTE FUNCTION vault.erase_named();

-- Dossiers that were destroyed: what an organisation's stream says of its own.
CREATE VIEW audit.destroyed AS
SELECT said #>> '{data,stream}' AS stream, (said #>> '{data,seq}')::bigint AS seq,
    decode(said #>> '{data,hash}', 'hex') AS head, house, told_by
FROM (
    SELECT convert_from(body, 'UTF8')::json AS said, stream AS house, seq AS told_by
    FROM audit.event
    WHERE type = 'dossier_destroyed' AND starts_with(stream, 'org:')
) AS event
WHERE split_part(said #>> '{data,stream}', ':', 1) = split_part(house, ':', 2);
CREATE INDEX ON audit.event (stream) WHERE type = 'dossier_destroyed';
GRANT SELECT ON audit.destroyed TO polder_writer, polder_reader, polder_sealer;

-- The one way events leave: a whole dossier of which an event says so. The setting
-- opens the statement; each row is then held to that event.
CREATE OR REPLACE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'event'
        AND coalesce(current_setting('polder.destroying', true), '') <> '' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% on %.%: the record is only added to',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE FUNCTION audit.refuse_unless_destroyed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM audit.destroyed d
        WHERE d.house = 'org:' || split_part(OLD.stream, ':', 1)
            AND d.stream = OLD.stream AND d.seq >= OLD.seq
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'DELETE on audit.event: % was not destroyed by decision', OLD.stream
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER destroyed_only BEFORE DELETE ON audit.event
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_unless_destroyed();
ALTER TABLE audit.event ENABLE ALWAYS TRIGGER destroyed_only;

-- Takes away the texts, events and projections of a dossier of which its organisation
-- says, in this transaction or before, that it was destroyed at this very head. Every
-- event must have its leaf in the log: its hash stays there. The epoch is raised for
-- nobody, so that nothing can be added any more. False where it was done before.
CREATE FUNCTION audit.destroy_dossier(p_stream text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' AS $$
DECLARE
    held audit.stream;
    organisation text := vault.organisation_of(p_stream);
    kept_until timestamptz;
BEGIN
    SELECT * INTO held FROM audit.stream s WHERE s.stream = p_stream FOR UPDATE;
    IF NOT EXISTS (SELECT FROM audit.event e WHERE e.stream = p_stream) THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (SELECT FROM audit.destroyed d WHERE d.stream = p_stream
            AND d.seq = held.seq AND d.head = held.head) THEN
        RAISE EXCEPTION '% was not destroyed by decision', p_stream
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF held.seq IS DISTINCT FROM (SELECT count(*) FROM audit.leaf l
            JOIN audit.event e USING (stream, seq)
            WHERE l.stream = p_stream AND l.hash = e.hash) THEN
        RAISE EXCEPTION 'not every event of % is in the log', p_stream
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- The real time at which it was archived: a dialogue's own may be simulated.
    SELECT a.recorded_at + make_interval(years =>
            (convert_from(t.body, 'UTF8')::json #>> '{data,years}')::integer)
    INTO kept_until
    FROM audit.destroyed d
    JOIN audit.event o ON o.stream = d.house AND o.seq = d.told_by
    JOIN audit.event t ON t.stream = d.house AND t.type = 'retention_set'
        AND t.seq = (convert_from(o.body, 'UTF8')::json #>> '{data,term}')::bigint
    JOIN audit.event a ON a.stream = p_stream AND a.type = 'dialogue_archived'
    WHERE d.stream = p_stream;
    IF kept_until IS NULL OR kept_until > clock_timestamp()
        OR cardinality(vault.holds(organisation, split_part(p_stream, ':', 2), NULL)) > 0
    THEN
        RAISE EXCEPTION '% may not be destroyed yet', p_stream
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO vault.destruction (stream) VALUES (p_stream) ON CONFLICT DO NOTHING;
    DELETE FROM vault.erasing WHERE stream = p_stream;
    DELETE FROM vault.value WHERE stream = p_stream;
    DELETE FROM read.deadline WHERE stream = p_stream;
    DELETE FROM read.dialogue WHERE stream = p_stream;
    DELETE FROM read.failure WHERE stream = p_stream;
    DELETE FROM delivery.mail WHERE stream = p_stream;
    PERFORM set_config('polder.destroying', p_stream, true);
    DELETE FROM audit.event WHERE stream = p_stream;
    PERFORM set_config('polder.destroying', '', true);
    UPDATE audit.stream SET epoch = epoch + 1, blocked_by = NULL,
        token = sha256(convert_to(gen_random_uuid()::text || gen_random_uuid(), 'UTF8'))
    WHERE stream = p_stream;
    RETURN true;
END
$$;

-- The closed runs of a destroyed dossier are gone as well.
CREATE FUNCTION vault.finish_destruction(p_stream text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (DELETE FROM vault.destruction WHERE stream = p_stream RETURNING 1)
    SELECT EXISTS (SELECT FROM gone);
$$;

REVOKE EXECUTE ON FUNCTION
    vault.organisation_of(text),
    vault.holds(text, text, text), vault.begin_erasure(text, text, text), vault.prepare_erasure(text, text),
    vault.finish_erasure(text, text), vault.erase_named(),
    audit.destroy_dossier(text), vault.finish_destruction(text),
    audit.refuse_unless_destroyed()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    vault.organisation_of(text),
    vault.holds(text, text, text), vault.begin_erasure(text, text, text), vault.prepare_erasure(text, text),
    vault.finish_erasure(text, text), audit.destroy_dossier(text),
    vault.finish_destruction(text)
    TO polder_writer;
