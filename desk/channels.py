"""By which channels responses come, and what those are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from language import mark

CHANNELS: Final[Mapping[str, str]] = {
    "web": mark("website"),
    "mail": mark("e-mail"),
    "post": mark("post"),
    "telephone": mark("telephone"),
    "in_person": mark("in person"),
    "meeting": mark("in a meeting"),
    "other": mark("another way"),
}
"""Channels of `domain.window_facts.Channel`, in the order in which they are told."""
