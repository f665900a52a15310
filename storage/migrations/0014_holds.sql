-- A hold on a person stands also where nobody can tell any more on whom.

-- The holds of an organisation that were placed and not lifted. ``subject`` is null for
-- a hold on no person, and where the text that named the person is no longer in the
-- vault, or is another than the event commits to.
CREATE FUNCTION vault.standing_holds(p_organisation text)
RETURNS TABLE (seq bigint, hold text, dialogue text, on_person boolean, subject text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.seq, p.said #>> '{data,hold}', p.said #>> '{data,dialogue}',
        p.said -> 'private' ->> '/subject' IS NOT NULL, v.subject
    FROM (
        SELECT e.stream, e.seq, e.cause, convert_from(e.body, 'UTF8')::json AS said
        FROM audit.event e
        WHERE e.stream = 'org:' || p_organisation AND e.type = 'hold_placed'
    ) AS p
    LEFT JOIN vault.value v ON v.stream = p.stream AND v.command_id = p.cause
        AND v.path = '/subject'
        AND encode(v.commitment, 'hex') = p.said -> 'private' ->> '/subject'
    WHERE NOT EXISTS (
        SELECT FROM audit.event l
        WHERE l.stream = p.stream AND l.type = 'hold_lifted'
            AND convert_from(l.body, 'UTF8')::json #>> '{data,hold}'
                = p.said #>> '{data,hold}'
    );
$$;

-- The holds that stand on one dialogue, on one person, or on the whole organisation. One
-- whose person can't be told may be on anybody: it holds all.
CREATE OR REPLACE FUNCTION vault.holds(
    p_organisation text, p_dialogue text, p_subject text
) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(h.hold ORDER BY h.seq), '{}')
    FROM vault.standing_holds(p_organisation) h
    WHERE CASE
        WHEN h.on_person THEN h.subject IS NULL OR h.subject = p_subject
        WHEN h.dialogue IS NOT NULL THEN h.dialogue = p_dialogue
        ELSE true
    END;
$$;

REVOKE EXECUTE ON FUNCTION vault.standing_holds(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.standing_holds(text) TO polder_writer;
