-- What the writer may do to heads and to private values it does through functions, so
-- that a worker that was broken into can neither move a head, give itself an epoch or
-- lift a block, nor destroy what is on record in the vault.
--
-- The functions have the owner's rights, and look nowhere but where their names say.

ALTER FUNCTION audit.append(text, integer, bigint, bytea, bytea[], uuid[], text[],
    timestamptz[], text[], text[], text[], bytea[], bytea)
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION audit.note_incident(text, text, jsonb, boolean)
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION audit.take_over(text, bytea, bytea)
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION vault.note_recorded(text, text[], text[], bytea[], bigint[])
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp;

-- Holds off appends to one stream until the transaction ends; gives its head.
CREATE FUNCTION audit.hold(p_stream text) RETURNS bytea
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT head FROM audit.stream WHERE stream = p_stream FOR UPDATE;
$$;

-- The one incident that is found outside of audit.append: see there.
CREATE FUNCTION audit.note_collision(p_stream text, p_detail jsonb) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT audit.note_incident(p_stream, 'forked', p_detail, true);
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit, vault FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    audit.append(text, integer, bigint, bytea, bytea[], uuid[], text[],
        timestamptz[], text[], text[], text[], bytea[], bytea),
    audit.take_over(text, bytea, bytea), audit.hold(text),
    audit.note_collision(text, jsonb),
    vault.note_recorded(text, text[], text[], bytea[], bigint[])
    TO polder_writer;

REVOKE INSERT, UPDATE ON audit.stream FROM polder_writer;
REVOKE INSERT ON audit.event, audit.incident FROM polder_writer;

-- A value comes in as pending, is recorded by its event, and then stays.
REVOKE INSERT, UPDATE ON vault.value FROM polder_writer;
REVOKE UPDATE (status, seq) ON vault.value FROM polder_writer;
GRANT INSERT (stream, command_id, path, subject, salt, value, commitment)
    ON vault.value TO polder_writer;

CREATE FUNCTION vault.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_has_role(current_user, 'polder_owner', 'USAGE') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a value that is on record stays in the vault'
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER keep_recorded BEFORE DELETE ON vault.value
    FOR EACH ROW WHEN (OLD.status = 'recorded') EXECUTE FUNCTION vault.keep();
ALTER TABLE vault.value ENABLE ALWAYS TRIGGER keep_recorded;
