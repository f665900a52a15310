-- By what a Polder that runs is watched. Nothing here is about a dialogue or a person.

-- The one row that a command of health writes and reads back: it tells that commands come
-- through to here, and counts them.
CREATE TABLE delivery.canary (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    beats bigint NOT NULL,
    at timestamptz NOT NULL
) WITH (fillfactor = 10);
GRANT SELECT ON delivery.canary TO polder_reader;
GRANT SELECT, INSERT, UPDATE ON delivery.canary TO polder_writer;
ALTER TABLE delivery.canary ENABLE ROW LEVEL SECURITY;
CREATE POLICY canary ON delivery.canary TO polder_writer, polder_reader USING (true)
    WITH CHECK (true);

-- For how long, in seconds, the oldest event waits for its place in the log; null where
-- none waits. It looks behind what was sealed last, by index. A stream that is left out
-- with a fault is an incident, and counts no more once others were sealed behind it.
CREATE FUNCTION audit.seal_delay() RETURNS double precision
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    epoch integer;
    sealed xid8;
BEGIN
    SELECT e.db_epoch, e.txid INTO epoch, sealed FROM audit.leaf l
    JOIN audit.event e ON e.stream = l.stream AND e.seq = l.seq
    ORDER BY l.leaf_index DESC LIMIT 1;
    RETURN (
        SELECT extract(epoch FROM clock_timestamp() - min(e.recorded_at))
        FROM audit.event e
        WHERE (e.db_epoch, e.txid) >= (coalesce(epoch, 0), coalesce(sealed, '0'::xid8))
            AND NOT EXISTS (
                SELECT FROM audit.leaf l WHERE l.stream = e.stream AND l.seq = e.seq
            )
    );
END
$$;
REVOKE EXECUTE ON FUNCTION audit.seal_delay() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.seal_delay()
    TO polder_writer, polder_reader, polder_sealer, polder_api;
