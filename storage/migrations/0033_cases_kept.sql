-- A link to a case that is taken away stays, with who did that and when: what was noted
-- because of it is on record too.

ALTER TABLE delivery.case_link
    DROP CONSTRAINT case_link_organisation_url_stream_key,
    ADD COLUMN unlinked_at timestamptz,
    ADD COLUMN unlinked_by text CHECK (unlinked_by ~ '^[A-Za-z0-9._:-]{1,200}$'),
    ADD CHECK ((unlinked_at IS NULL) = (unlinked_by IS NULL));
CREATE UNIQUE INDEX ON delivery.case_link (organisation, url, stream)
    WHERE unlinked_at IS NULL;

REVOKE DELETE ON delivery.case_link FROM polder_writer, polder_api;
GRANT UPDATE (unlinked_at, unlinked_by) ON delivery.case_link
    TO polder_writer, polder_api;
