-- What somebody began to write in a feedback window and has not sent. It is theirs, and no
-- contribution: nobody else reads it, no event speaks of it, and it goes with the event
-- that closes the window. Why here: docs/decisions/2026-11-22-drafts.md.

CREATE TABLE vault.draft (
    stream text NOT NULL,
    feedback_window text NOT NULL,
    subject text NOT NULL CHECK (subject ~ '^[A-Za-z0-9._:-]{1,200}$'),
    value bytea NOT NULL,
    nonce bytea NOT NULL CHECK (length(nonce) = 12),
    key_id uuid NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, feedback_window, subject)
);
CREATE INDEX ON vault.draft (vault.organisation_of(stream), subject);

GRANT SELECT, INSERT, UPDATE, DELETE ON vault.draft TO polder_writer, polder_api;
ALTER TABLE vault.draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY ours ON vault.draft TO polder_writer, polder_reader, polder_sealer
    USING (true) WITH CHECK (true);
CREATE POLICY wall ON vault.draft TO polder_api
    USING (split_part(stream, ':', 1) = (SELECT access.organisation()))
    WITH CHECK (split_part(stream, ':', 1) = (SELECT access.organisation()));

-- At this point an event says that a window closed, or that nothing can be said in this
-- dialogue any more: in the same transaction go the drafts that were for it.
CREATE FUNCTION vault.forget_drafts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM vault.draft d WHERE d.stream = NEW.stream
        AND (NEW.type NOT IN ('window_closed', 'window_voided')
            OR d.feedback_window
                = convert_from(NEW.body, 'UTF8')::json #>> '{data,window}');
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_drafts AFTER INSERT ON audit.event
    FOR EACH ROW WHEN (NEW.type IN ('window_closed', 'window_voided',
        'dialogue_completed', 'dialogue_cancelled', 'dialogue_archived'))
    EXECUTE FUNCTION vault.forget_drafts();

-- Whoever is erased leaves no draft: not when it begins, nor as it goes on, nor at its end.
CREATE FUNCTION vault.erase_drafts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    job vault.erasure := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    DELETE FROM vault.draft d WHERE vault.organisation_of(d.stream) = job.organisation
        AND d.subject = job.subject;
    RETURN NULL;
END
$$;
CREATE TRIGGER erase_drafts AFTER INSERT OR UPDATE OR DELETE ON vault.erasure
    FOR EACH ROW EXECUTE FUNCTION vault.erase_drafts();

-- A dossier that is destroyed takes its drafts with it.
CREATE FUNCTION vault.destroy_drafts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM vault.draft WHERE stream = NEW.stream;
    RETURN NULL;
END
$$;
CREATE TRIGGER destroy_drafts AFTER INSERT ON vault.destruction
    FOR EACH ROW EXECUTE FUNCTION vault.destroy_drafts();

REVOKE EXECUTE ON FUNCTION vault.forget_drafts(), vault.erase_drafts(),
    vault.destroy_drafts() FROM PUBLIC;

-- A participant looks up what they said themselves, among the 20,000 of a public window.
CREATE INDEX entry_of_respondent ON read.entry (stream, (data ->> 'respondent'))
    WHERE kind = 'response';
