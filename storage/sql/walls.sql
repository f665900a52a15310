-- name: show
-- From here on this connection sees the organisation on the badge.
SELECT set_config('polder.badge', %(badge)s, false);

-- name: forget
-- A connection goes back to the pool: nothing of a visit stays for the next one. Run
-- before its role and limits are set anew.
RESET ALL;
UNLISTEN *;

-- name: badge
-- A badge of an organisation, for a day.
SELECT access.badge(%(organisation)s);
