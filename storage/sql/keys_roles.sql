-- The roles of the keys, apart from those of the record, and who may come in at all.
DO $$
DECLARE
    wanted text;
    owns boolean;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['polder_keys_owner', 'polder_keys'] LOOP
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
    IF NOT has_database_privilege('polder_keys_owner', current_database(), 'CREATE') THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO polder_keys_owner', current_database());
    END IF;
    SELECT pg_has_role(current_user, datdba, 'USAGE') INTO owns
    FROM pg_database WHERE datname = current_database();
    IF owns THEN
        -- Logins of the record, where it lies on the same server, stay out.
        EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
END
$$;
