-- Agreements that are still to be kept are asked for over all dialogues at once.
CREATE INDEX ON read.entry (stream)
    WHERE kind = 'agreement' AND data -> 'settled' = 'null';
