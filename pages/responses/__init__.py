"""Responses: which wait, what is done with them and why, and what people were told."""
