"""Which desks' keys an organisation trusts, and what it takes unsigned.

It says so in its own stream, and the installation in that of the log, with the same
events as a dialogue does in its own (`domain.signed_facts`). There Temporal has no hand
in it: a key that a dialogue trusts and neither of them ever did, somebody brought in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, get_args

from domain.messages import kind_of
from domain.signed_facts import (
    DeskKeyDistrusted,
    DeskKeyTrusted,
    SignedEvent,
    UnsignedAllowed,
)

VOUCHING_EVENTS: Final[Mapping[str, type[SignedEvent]]] = MappingProxyType(
    {kind_of(fact): fact for fact in get_args(SignedEvent)}
)
"""Every event of an organisation about desks' keys, by its type."""


class Vouched(NamedTuple):
    """What an organisation says: ``keys`` are public keys by their ids, in order.

    ``gone`` are the ids of those that it trusts no more. ``unsigned`` are the kinds of
    command taken unsigned, None for every kind; ``said`` whether it said so.
    """

    keys: Mapping[str, str]
    gone: frozenset[str] = frozenset()
    unsigned: tuple[str, ...] | None = None
    said: bool = False


def fold_vouched(events: Iterable[SignedEvent]) -> Vouched:
    """Fold such events of an organisation's stream, in order. Never fails."""
    found = Vouched({})
    for event in events:
        match event:
            case DeskKeyTrusted(key=key, public=public):
                keys = {**found.keys, key: public}
                found = found._replace(keys=keys, gone=found.gone - {key})
            case DeskKeyDistrusted(key=key):
                keys = {k: p for k, p in found.keys.items() if k != key}
                found = found._replace(keys=keys, gone=found.gone | {key})
            case UnsignedAllowed(commands=kinds):
                found = found._replace(unsigned=kinds, said=True)
    return found
