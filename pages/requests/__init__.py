"""Requests of people to erase what is held about them."""
