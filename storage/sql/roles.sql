-- The roles belong to the cluster, not to a database, so they are seen to on every
-- migration. Who connects can become each of them by SET ROLE and inherits none, so
-- that forgetting to SET ROLE fails instead of writing with too many rights.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'polder_owner', 'polder_writer', 'polder_reader', 'polder_sealer', 'polder_api'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this cluster was a moment earlier
            END;
        END IF;
        IF NOT pg_has_role(current_user, wanted, 'SET') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER WITH INHERIT FALSE, SET TRUE', wanted);
        END IF;
    END LOOP;
    IF NOT has_database_privilege('polder_owner', current_database(), 'CREATE') THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO polder_owner', current_database());
    END IF;
END
$$;
