"""Who took part, how, and what was done with it: a document that can be checked."""
