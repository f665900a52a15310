-- The vault: names, addresses and texts that events only commit to. A value is
-- pending until an event with its commitment is on record, in the same transaction.
-- Auditors' connections (polder_reader) do not enter.

CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO polder_writer;

CREATE TABLE vault.value (
    stream text NOT NULL,
    command_id text NOT NULL,
    path text NOT NULL,
    subject text NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) = 32),
    value bytea NOT NULL,
    commitment bytea NOT NULL CHECK (length(commitment) = 32),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'recorded')),
    seq bigint CHECK ((seq IS NULL) = (status = 'pending')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, command_id, path)
);
CREATE INDEX ON vault.value (stream, commitment);
CREATE INDEX ON vault.value (stream, subject);
CREATE INDEX ON vault.value (created_at) WHERE status = 'pending';

GRANT SELECT, INSERT, DELETE ON vault.value TO polder_writer;
GRANT UPDATE (status, seq) ON vault.value TO polder_writer;

-- The values behind these commitments belong to events that are now on record.
CREATE FUNCTION vault.note_recorded(
    p_stream text, p_commitments bytea[], p_seqs bigint[]
) RETURNS boolean LANGUAGE sql AS $$
    UPDATE vault.value v SET status = 'recorded', seq = c.seq
    FROM unnest(p_commitments, p_seqs) AS c (commitment, seq)
    WHERE v.stream = p_stream AND v.commitment = c.commitment AND v.status = 'pending';
    SELECT true;
$$;
