"""A participant: what is asked of me, what I said, and what was done with it."""
