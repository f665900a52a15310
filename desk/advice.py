"""What would help now, for interfaces: they know the desk, and not the core."""

from domain.advice import Advice, for_need, next_acts

__all__ = ["Advice", "for_need", "next_acts"]
