"""How a Polder that runs is watched: logs, traces and figures, with nobody's data."""
