"""Going back to a step: what it would undo, doing it, and seeing it through."""
