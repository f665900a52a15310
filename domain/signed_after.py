"""Which desk keys a dialogue trusts, and what it takes unsigned; a part of `evolve`."""

from __future__ import annotations

from typing import assert_never

from domain.events import Event
from domain.signed_facts import (
    DeskKeyDistrusted,
    DeskKeyTrusted,
    SignedEvent,
    UnsignedAllowed,
)
from domain.state import Dialogue


def after(state: Dialogue, data: SignedEvent, _event: Event) -> Dialogue:
    """Keep the keys that are trusted, and the kinds that are taken unsigned."""
    match data:
        case DeskKeyTrusted():
            return state.but(desk_keys=state.desk_keys | {data.key: data.public})
        case DeskKeyDistrusted():
            kept = {k: p for k, p in state.desk_keys.items() if k != data.key}
            return state.but(desk_keys=kept)
        case UnsignedAllowed():
            return state.but(unsigned=data.commands)
        case _:
            assert_never(data)
