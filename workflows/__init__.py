"""Thin Temporal shells around the pure core."""
