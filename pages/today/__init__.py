"""Today: what needs somebody over all their dialogues, each with its one next act."""
