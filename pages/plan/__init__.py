"""The plan of a dialogue: looking at it, changing it, and another method."""
