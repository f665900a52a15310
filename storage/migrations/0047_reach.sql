-- What suspending an organisation would stop is told by the index alone: of ten thousand
-- dialogues each row lies wide apart from the next. No title is in it, which may be longer
-- than an index takes.
CREATE INDEX dialogue_going_on ON read.dialogue (organisation, open_windows DESC, stream)
    WHERE status IN ('running', 'paused');
