"""The pages of an auditor beside one another, for who may go there."""

from __future__ import annotations

from typing import Final, NamedTuple

from api.security import Visit
from desk.access.roles import Scope
from language import mark
from pages.ways import dialogue_path


class Tab(NamedTuple):
    """One page: its key, address and name."""

    key: str
    href: str
    name: str


_TABS: Final[tuple[tuple[str, str, str, Scope], ...]] = (
    ("history", "history", mark("What happened"), "read"),
    ("exceptions", "exceptions", mark("Exceptions first"), "audit"),
    ("past", "past", mark("As it was"), "audit"),
    ("compare", "compare", mark("Compare"), "audit"),
    ("sample", "sample", mark("Sample"), "audit"),
    ("pack", "pack", mark("Evidence pack"), "audit"),
    ("reads", "reads", mark("Who read this"), "audit"),
)


def tabs(visit: Visit, dialogue: str) -> list[Tab]:
    """Give the pages that this visitor may see."""
    return [
        Tab(key, dialogue_path(dialogue, path), name)
        for key, path, name, scope in _TABS
        if scope in visit.caller.scopes
    ]
