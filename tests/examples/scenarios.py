"""A scenario of the tests' own: small, and with a little of everything."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

SHORT_FILE: Final = Path(__file__).with_name("short.yaml")
SHORT: Final = SHORT_FILE.read_text("utf-8")


def changed(**members: object) -> str:
    """Give the short scenario with other members."""
    return yaml.safe_dump({**yaml.safe_load(SHORT), **members}, allow_unicode=True)
