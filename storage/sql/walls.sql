-- name: show
-- From here on this connection sees the organisation on the badge.
SELECT set_config('polder.badge', %(badge)s, false);

-- name: forget
-- A connection goes back to the pool: says whether it is as it was at first, so that
-- nothing of a visit stays for the next one. Statements that were prepared by SQL, and
-- not by the driver, could take the place of the driver's own.
SELECT set_config('polder.badge', '', false) = '' AND current_user = 'polder_api'
    AND current_setting('row_security') = 'on'
    AND current_setting('statement_timeout') = %(timeout)s
    AND current_setting('default_transaction_read_only') = 'off'
    AND pg_my_temp_schema() = 0
    AND NOT EXISTS (SELECT FROM pg_listening_channels())
    AND NOT EXISTS (SELECT FROM pg_prepared_statements WHERE from_sql);

-- name: badge
-- A badge of an organisation, for a day.
SELECT access.badge(%(organisation)s);
