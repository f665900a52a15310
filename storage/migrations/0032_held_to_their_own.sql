-- What one caller does stays with that caller: the texts that they put away, the
-- subscriptions of their organisation, the methods that stand under its name.

-- Who put a private text in. A command that is refused takes away what its own sender
-- put under its id, and nobody else's.
ALTER TABLE vault.value ADD COLUMN put_by text
    CHECK (put_by ~ '^[A-Za-z0-9._:-]{1,200}$');
GRANT INSERT (put_by) ON vault.value TO polder_writer, polder_api;

-- What is kept of a subscription is of the organisation that the subscription is of: the
-- wall looks at the row, and the worker at the subscription.
ALTER TABLE delivery.subscription ADD UNIQUE (id, organisation);
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['held', 'attempt', 'dead', 'again'] LOOP
        EXECUTE format('DELETE FROM delivery.%I row USING delivery.subscription s'
            ' WHERE s.id = row.subscription AND s.organisation <> row.organisation', name);
        EXECUTE format('ALTER TABLE delivery.%I DROP CONSTRAINT %I,'
            ' ADD FOREIGN KEY (subscription, organisation)'
            ' REFERENCES delivery.subscription (id, organisation) ON DELETE CASCADE',
            name, name || '_subscription_fkey');
    END LOOP;
END
$$;

-- Through the wall a method is published in the name of the organisation on the badge, and
-- under an id that is nobody else's: false where its last version is this very one, null
-- where the id is somebody else's. Of two who come at once the second sees the first.
CREATE FUNCTION library.publish(
    p_id text, p_version text, p_hash bytea, p_text text, p_by text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    outside boolean := access.is_outside();
    own text := access.organisation() || '/';
    first text;
BEGIN
    IF outside AND starts_with(p_by, own) IS NOT TRUE THEN
        RAISE EXCEPTION 'not in the name of the organisation on this badge'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('polder/method/' || p_id, 0));
    first := (SELECT m.published_by FROM library.method m WHERE m.id = p_id
        ORDER BY m.number LIMIT 1);
    IF outside AND NOT starts_with(first, own) THEN
        RETURN NULL;
    END IF;
    INSERT INTO library.method (id, version, hash, text, published_by)
    SELECT p_id, p_version, p_hash, p_text, p_by WHERE p_hash IS DISTINCT FROM (
        SELECT m.hash FROM library.method m WHERE m.id = p_id
        ORDER BY m.number DESC LIMIT 1
    );
    RETURN FOUND;
END
$$;
REVOKE EXECUTE ON FUNCTION library.publish(text, text, bytea, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION library.publish(text, text, bytea, text, text)
    TO polder_writer, polder_api;
REVOKE INSERT ON library.method FROM polder_api;
