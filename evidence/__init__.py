"""The pure part of the proof: canonical form, event hash, chain and commitment.

Nothing here reads a clock, draws a random number or touches a file. The format
is described in ``docs/audit-format.md``.
"""
