"""The record: events, projections and private values in PostgreSQL.

Temporal executes, PostgreSQL testifies. Everything here takes a connection or a pool
as an argument; statements are in ``sql/``, the schema in ``migrations/``.
"""
