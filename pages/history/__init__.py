"""The auditor: what happened, how it was then, and why that is true."""
