"""The HTTP API: what other systems ask of the desk, by the Dutch and Belgian book.

No rules of its own: it says who calls, in what form, and how the desk's answer is told.
"""
