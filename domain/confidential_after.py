"""Which steps are confidential, and who reads them; a part of `evolve`."""

from __future__ import annotations

from domain.confidential_facts import ConfidentialEvent, StepMarkedConfidential
from domain.events import Event
from domain.state import Dialogue


def after(state: Dialogue, data: ConfidentialEvent, _event: Event) -> Dialogue:
    """Keep the readers of a step that was marked; forget those of one that is open."""
    others = {s: who for s, who in state.confidential.items() if s != data.step}
    if isinstance(data, StepMarkedConfidential):
        return state.but(confidential=others | {data.step: data.readers})
    return state.but(confidential=others)
