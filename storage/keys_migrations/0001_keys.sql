-- The keys of the vault, in a database of their own: who has the values without this
-- database, a backup of them included, can read none of them.
--
-- One key for each person an organisation keeps texts about. The role polder_keys
-- reads keys only by their ids, which the values have, and can list nothing.

CREATE SCHEMA keys;
GRANT USAGE ON SCHEMA keys TO polder_keys;

CREATE TABLE keys.subject_key (
    organisation text NOT NULL,
    subject text NOT NULL,
    id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    secret bytea NOT NULL CHECK (length(secret) = 32),
    PRIMARY KEY (organisation, subject)
);

-- Keys that were destroyed, so that an old backup of keys can be told from a loss. An
-- id is random: it names nobody.
CREATE TABLE keys.destroyed (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON keys.destroyed TO polder_keys;

-- The keys of these subjects, made where there is none; `made` says whether any was.
-- They are not destroyed before the transaction ends: what is written with them
-- meanwhile is then on disk, and found by whoever destroys them.
CREATE FUNCTION keys.hold(p_organisation text, p_subjects text[], p_secrets bytea[])
RETURNS TABLE (subject text, id uuid, secret bytea, made boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    new_ones integer;
BEGIN
    INSERT INTO keys.subject_key AS k (organisation, subject, secret)
    SELECT p_organisation, new.subject, new.secret
    FROM unnest(p_subjects, p_secrets) AS new (subject, secret)
    ORDER BY new.subject COLLATE "C"
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS new_ones = ROW_COUNT;
    RETURN QUERY SELECT k.subject, k.id, k.secret, new_ones > 0 FROM keys.subject_key k
    WHERE k.organisation = p_organisation AND k.subject = ANY(p_subjects)
    ORDER BY k.subject COLLATE "C" FOR KEY SHARE;
END
$$;

-- The keys with these ids, as far as they are there.
CREATE FUNCTION keys.secrets(p_ids uuid[]) RETURNS TABLE (id uuid, secret bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.id, k.secret FROM keys.subject_key k WHERE k.id = ANY(p_ids);
$$;

-- The id of a subject's key, or null: enough to prove that there is none any more.
CREATE FUNCTION keys.id_of(p_organisation text, p_subject text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.id FROM keys.subject_key k
    WHERE k.organisation = p_organisation AND k.subject = p_subject;
$$;

-- Destroys a subject's key, and notes its id; null where there was none.
CREATE FUNCTION keys.destroy(p_organisation text, p_subject text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone uuid;
BEGIN
    DELETE FROM keys.subject_key k
    WHERE k.organisation = p_organisation AND k.subject = p_subject
    RETURNING k.id INTO gone;
    IF gone IS NOT NULL THEN
        INSERT INTO keys.destroyed (id) VALUES (gone) ON CONFLICT DO NOTHING;
    END IF;
    RETURN gone;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keys.hold(text, text[], bytea[]), keys.secrets(uuid[]),
    keys.id_of(text, text), keys.destroy(text, text) TO polder_keys;
