"""How something is meant: what it looks like is for each interface."""

from typing import Literal

Mood = Literal["plain", "good", "open", "alarm", "quiet", "title"]
