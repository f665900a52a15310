"""What came of a dialogue: reports, conclusions, decisions, and who was told."""
