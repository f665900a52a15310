-- Links and sessions can be taken back: through the wall by whoever administers an
-- organisation, and by whoever runs the house. What a link was swapped for ends with it.

DROP FUNCTION access.end_sessions(text);

-- Never the digests. The wall of 0028 stands before both.
GRANT SELECT (id, organisation, stream, actor, roles, created_at, created_by, expires_at,
    used_at, revoked_at), UPDATE (revoked_at) ON access.link TO polder_api;
GRANT SELECT (link), UPDATE (ended_at) ON access.session TO polder_api;
GRANT UPDATE (ended_at) ON access.session TO polder_writer;

-- What was taken back stays so.
CREATE TRIGGER once BEFORE UPDATE OF revoked_at ON access.link
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL)
    EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER once BEFORE UPDATE OF ended_at ON access.session
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION audit.refuse();

-- The newest first, in an organisation with many dialogues; and what a link became.
CREATE INDEX ON access.link (organisation, created_at DESC, id DESC);
CREATE INDEX ON access.session (link);
CREATE INDEX ON access.session (organisation, actor);
