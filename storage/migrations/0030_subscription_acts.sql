-- Who did what with a subscription. It stays when the subscription goes: who sent events
-- of an organisation where, and until when, can be asked later too.

CREATE TABLE delivery.act (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription uuid NOT NULL,
    organisation text NOT NULL,
    act text NOT NULL CHECK (act IN ('created', 'tested', 'replayed', 'repeated',
        'rotated', 'enabled', 'disabled', 'deleted')),
    leaf_index bigint,
    target text,
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON delivery.act (subscription, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery.act
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
ALTER TABLE delivery.act ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT ON delivery.act TO polder_reader;
GRANT SELECT, INSERT ON delivery.act TO polder_writer, polder_api;

ALTER TABLE delivery.act ENABLE ROW LEVEL SECURITY;
CREATE POLICY ours ON delivery.act TO polder_writer, polder_reader, polder_sealer
    USING (true) WITH CHECK (true);
CREATE POLICY wall ON delivery.act TO polder_api
    USING (organisation = (SELECT access.organisation()))
    WITH CHECK (organisation = (SELECT access.organisation()));
