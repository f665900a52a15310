-- Events in: which cases of other systems a dialogue is about, and clients that report of
-- them with a JWT of their own.

-- A notification about a case becomes a signal on each dialogue linked to it. The address
-- of a case is public, like all that a signal says.
CREATE TABLE delivery.case_link (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation text NOT NULL,
    stream text NOT NULL,
    url text NOT NULL CHECK (length(url) BETWEEN 1 AND 500),
    linked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    linked_by text NOT NULL CHECK (linked_by ~ '^[A-Za-z0-9._:-]{1,200}$'),
    UNIQUE (organisation, url, stream),
    CHECK (split_part(stream, ':', 1) = organisation)
);
CREATE INDEX ON delivery.case_link (stream, linked_at);

-- A token that may sign JWTs too: `key` is where the secret comes from, which lies in the
-- other database, `digest` what the secret is known by here.
CREATE TABLE access.client (
    token uuid PRIMARY KEY REFERENCES access.token,
    organisation text NOT NULL,
    key uuid NOT NULL,
    digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL
);

GRANT SELECT, INSERT, DELETE ON delivery.case_link TO polder_writer, polder_api;
GRANT SELECT ON delivery.case_link TO polder_reader;
GRANT SELECT, INSERT ON access.client TO polder_writer;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['delivery.case_link', 'access.client'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY ours ON %s TO polder_writer, polder_reader,'
            ' polder_sealer USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY wall ON %s TO polder_api'
            ' USING (organisation = (SELECT access.organisation()))'
            ' WITH CHECK (organisation = (SELECT access.organisation()))', name);
    END LOOP;
END
$$;

-- Which key the secret of a client comes from: an id, that opens nothing by itself.
CREATE FUNCTION access.client_key(p_token uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.key FROM access.client c WHERE c.token = p_token;
$$;

-- Whose a client is, by the digest of its secret: as its token would be taken.
CREATE FUNCTION access.client_of(p_digest bytea)
RETURNS TABLE (id uuid, organisation text, roles text[], actor text, dialogue text,
    badge text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.* FROM access.client c JOIN access.token t ON t.id = c.token
    CROSS JOIN LATERAL access.token_of(t.digest) AS k
    WHERE c.digest = p_digest;
$$;

REVOKE EXECUTE ON FUNCTION access.client_key(uuid), access.client_of(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.client_key(uuid), access.client_of(bytea)
    TO polder_writer, polder_api;

-- What belongs to a dossier goes with it.
CREATE FUNCTION delivery.forget_cases() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM delivery.case_link WHERE stream = NEW.stream;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_cases AFTER INSERT ON vault.destruction
    FOR EACH ROW EXECUTE FUNCTION delivery.forget_cases();
REVOKE EXECUTE ON FUNCTION delivery.forget_cases() FROM PUBLIC;
