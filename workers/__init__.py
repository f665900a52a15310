"""What each kind of worker is made of, and what keeps it at work while a block lasts.

One module for each task queue. `worker.py` says which of them run in one process.
"""
