"""What people look up in a dialogue follows the events, row by row.

An event patches rows (`domain.entries`); patches of events that are recorded together
become one for each row, so that a row is written once.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from domain.entries import Entry, entries
from domain.events import Event
from domain.state import Dialogue


class _Patch(NamedTuple):
    """What becomes of a row: ``data`` None takes it away; a new one replaces it."""

    seq: int
    data: dict[str, Any] | None
    new: bool


class Lists:
    """What events change in the lists of a dialogue, in the order of these events."""

    def __init__(self) -> None:
        """Begin with no change to whatever there is."""
        self._patches: dict[tuple[str, str], _Patch] = {}
        self._whole = False

    def take(self, event: Event, after: Dialogue) -> None:
        """Add what an event changes; ``after`` is the state it led to."""
        if event.seq == 1:
            self._whole = True
        for entry in entries(event, after):
            self.patch(event.seq, entry)

    def patch(self, seq: int, entry: Entry) -> None:
        """Add one change, of the event with this seq."""
        key = entry.kind, entry.id
        self._patches[key] = _patched(self._patches.get(key), seq, entry.data)

    def written(self) -> str | None:
        """Give the changes as ``read.project`` takes them; None where there are none.

        ``whole``: these are the lists from the first event on, and all there was goes.
        """
        if not self._patches and not self._whole:
            return None
        patches = self._patches.items()
        gone = [] if self._whole else [key for key, patch in patches if _goes(patch)]
        rows = [
            {"kind": kind, "id": name, "seq": patch.seq, "data": patch.data}
            for (kind, name), patch in patches
            if patch.data is not None
        ]
        return json.dumps({"whole": self._whole, "gone": gone, "rows": rows})


def _patched(before: _Patch | None, seq: int, data: dict[str, Any] | None) -> _Patch:
    if data is None:
        return _Patch(seq, None, new=False)
    if before is None:
        return _Patch(seq, data, new=False)
    if before.data is None:
        return _Patch(seq, data, new=True)
    return before._replace(data={**before.data, **data})


def _goes(patch: _Patch) -> bool:
    """Whether what is there is not to be patched, but goes first."""
    return patch.new or patch.data is None
