"""What is measured, and how: every figure is a ratio or a count of the same run.

    python -m benchmarks [--short] [--json FILE] [--only NAME …]

A machine that others use too makes milliseconds worthless, so times are compared with
those of a workflow that does nothing, on the same server in the same minute.
`docs/benchmarks.md` tells the figures and how they are taken.
"""
