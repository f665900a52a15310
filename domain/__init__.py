"""The pure core of Polder: what a dialogue is and what may happen to it.

No clock, no randomness, no input or output: time, ids and actors come in as
arguments, and everything that must happen in the world goes out as data.
"""
