-- A browser keeps what somebody writes while they write. What was on its way when they
-- pressed Send arrives after it, and would be there again as if they had not. So a draft
-- says which of its writer's responses there were when its form was made; what they said
-- since has taken its place. Whether they said something since is asked where a draft is
-- read: of what arrives at the same moment no lock knows which is first.

ALTER TABLE vault.draft ADD COLUMN after bigint NOT NULL DEFAULT 0;

-- The last event by which somebody said something themselves in a window, and not by a
-- letter that another person put on record; 0 without one.
CREATE FUNCTION vault.last_said(p_stream text, p_window text, p_subject text)
RETURNS bigint LANGUAGE sql STABLE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(e.seq), 0) FROM read.entry e
    WHERE e.stream = p_stream AND e.kind = 'response'
        AND e.data ->> 'respondent' = p_subject AND e.data ->> 'window' = p_window
        AND coalesce(e.data ->> 'channel', 'web') = 'web';
$$;
REVOKE EXECUTE ON FUNCTION vault.last_said(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.last_said(text, text, text) TO polder_writer, polder_api;

-- What was being written before this came is taken for a supplement to what was said
-- before: of which of the two was first nothing is known, and nobody loses what they wrote.
UPDATE vault.draft SET after = vault.last_said(stream, feedback_window, subject);
