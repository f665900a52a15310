"""Events as files that others can open: one selection, many formats, one provenance.

Everything here is a function of the rows and the checkpoint: the same ones give the
same bytes. No clock, no database.
"""
