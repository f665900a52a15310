"""What workflows ask of the world: each module carries out one kind of request."""
