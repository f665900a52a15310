"""The wall behind which an organisation's callers are served, for who puts it up."""

from __future__ import annotations

from storage.walls import Walled

__all__ = ["Walled"]
