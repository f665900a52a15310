"""Methods: which there are, what each asks and left out, and publishing one's own."""
