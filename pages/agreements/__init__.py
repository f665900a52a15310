"""What was promised: who, what, until when, and what came of it."""
