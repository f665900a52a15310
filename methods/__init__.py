"""Methods are data: YAML files, and the loader that reads one without surprises.

The files beside this module are the methods that Polder ships. An organisation's
own file loads the same way; `docs/methods.md` shows how to write one.
"""
