"""Temporal as it runs at scale, small enough for two cores: PostgreSQL behind it.

The embedded dev server keeps its data in SQLite. This package builds the real
server from its Go modules and runs it as a process of our own, so that Polder is
tried on what `docker-compose.yml` runs, on a machine without containers.
"""
