"""Administration: who comes in, who is told, how it does, and stopping all of it."""
