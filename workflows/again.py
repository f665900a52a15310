"""What an operator tells a dialogue that the record contradicted: try it again.

A dialogue whose events do not fit the record takes nothing more, and does not ask by
itself, or one fault would be a thousand incidents. Once the record was caught up this
signal sends what waits again. It does no harm where nothing was wrong: a batch that
still does not fit is refused as before.
"""

from __future__ import annotations

from typing import Final

RECORD_AGAIN: Final = "polder:record-again"
"""The name of the signal; it carries nothing."""
