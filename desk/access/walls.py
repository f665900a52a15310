"""The wall behind which an organisation's callers are served, for who puts it up."""

from __future__ import annotations

from storage.pool import Pool
from storage.walls import Walled, api_pool

__all__ = ["Pool", "Walled", "api_pool"]
