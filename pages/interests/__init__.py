"""What everybody wants, where that clashes, and where it helps."""
