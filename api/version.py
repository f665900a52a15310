"""The version of the API's contract, semantic; its major number is in every path."""

from __future__ import annotations

from typing import Final

VERSION: Final = "1.0.0"
