-- Organisations that have suspended their windows are found without reading the record.
CREATE INDEX ON audit.event (stream) WHERE type = 'organisation_suspended';
