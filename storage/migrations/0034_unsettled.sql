-- Commands that came over HTTP and were not answered to the end: accepted for later, or
-- sent without word of what became of them. By its own id alone such a command can then
-- be asked after, and nobody is told that it never came. `digest` is that of its body, as
-- Temporal knows it; `actor` is whose it is.

CREATE TABLE delivery.unsettled (
    stream text NOT NULL,
    command text NOT NULL,
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{16}$'),
    actor text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, command, digest)
);
GRANT SELECT ON delivery.unsettled TO polder_writer, polder_reader, polder_api;
GRANT INSERT (stream, command, digest, actor) ON delivery.unsettled
    TO polder_writer, polder_api;

ALTER TABLE delivery.unsettled ENABLE ROW LEVEL SECURITY;
CREATE POLICY ours ON delivery.unsettled TO polder_writer, polder_reader, polder_sealer
    USING (true) WITH CHECK (true);
CREATE POLICY wall ON delivery.unsettled TO polder_api
    USING (split_part(stream, ':', 1) = (SELECT access.organisation()))
    WITH CHECK (split_part(stream, ':', 1) = (SELECT access.organisation()));

-- A dossier that is destroyed leaves nothing here.
CREATE FUNCTION delivery.forget_unsettled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM delivery.unsettled WHERE stream = NEW.stream;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_unsettled AFTER INSERT ON vault.destruction
    FOR EACH ROW EXECUTE FUNCTION delivery.forget_unsettled();
REVOKE EXECUTE ON FUNCTION delivery.forget_unsettled() FROM PUBLIC;
