-- In which dialogues of an organisation somebody holds which roles, or as many of them as
-- are asked for (null: all). Asked of the list of roles itself through the wall, all lists
-- would be read: a row's policy goes first, and no expression over `data` may be looked up
-- in an index before it.
CREATE FUNCTION read.roles_held(p_actor text, p_organisation text, p_most integer)
RETURNS TABLE (stream text, role text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog, pg_temp
-- So that no more is read than is asked for.
SET enable_bitmapscan = off SET enable_seqscan = off AS $$
    SELECT r.stream, r.data ->> 'role' FROM read.entry r
    WHERE r.kind = 'role' AND r.data -> 'until' = 'null' AND r.data ->> 'actor' = p_actor
        AND split_part(r.stream, ':', 1) = p_organisation
        AND (SELECT access.may_see(p_organisation || ':'))
    LIMIT p_most;
$$;
REVOKE EXECUTE ON FUNCTION read.roles_held(text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read.roles_held(text, text, integer)
    TO polder_writer, polder_reader, polder_api;
