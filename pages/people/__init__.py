"""Who is involved in a dialogue: those affected who have little say come first."""
