"""What a correction leaves in the state; a part of `evolve`.

Only counts of gates are in the state: they decide something. Every other correction is
for reading, and stands in the record.
"""

from __future__ import annotations

from typing import Final

from domain import gates_after
from domain.correction_facts import CorrectionEvent, FactCorrected
from domain.events import Event
from domain.state import Dialogue
from domain.thresholds import COUNTED

_GATES: Final = frozenset({"gate_passed", "gate_failed"})


def after(state: Dialogue, data: CorrectionEvent, _event: Event) -> Dialogue:
    """Correct the counts of a gate; see `gates_after.recounted`."""
    match data:
        case FactCorrected(type=kind, value=int(value)) if kind in _GATES:
            head, _slash, member = data.pointer.removeprefix("/").partition("/")
            if head == "counts" and member in COUNTED:
                return gates_after.recounted(state, data.seq, member, value)
        case _:
            pass
    return state
