-- Who holds which role is told by the index alone. Of somebody in ten thousand dialogues
-- each row lies on another page of the table, and reading those is most of the time.
CREATE INDEX entry_of_holder ON read.entry ((data ->> 'actor'), stream) INCLUDE (data, kind)
    WHERE kind = 'role' AND data -> 'until' = 'null';
DROP INDEX read.entry_expr_stream_idx;
