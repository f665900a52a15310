"""Which members of a command it does not have: told to who sent them, by their names.

A dialogue does not say them, for what it refuses may be on record; an answer may.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from pydantic.alias_generators import to_camel

from api.mistakes import UNKNOWN, Mistake, pointer
from api.problems import Problem
from desk.errors import Refused
from domain.commands import COMMANDS
from language import mark

_TAKES: Final = mark(
    "The command {kind} can't be read: errors names what does not belong to it. "
    "It takes: {members}."
)
_OF_THE_DESK: Final = frozenset(
    {"compiled", "desk_keys", "event_type", "unsigned", "was"}
)
"""Members that the desk puts in itself."""
_MOST: Final = 20
"""How many are named at most."""


@contextmanager
def strangers_named(kind: str, command: Mapping[str, Any]) -> Generator[None]:
    """Raise `Problem` with the members that are none, where they made it unreadable."""
    try:
        yield
    except Refused as refused:
        model = COMMANDS.get(kind)
        if refused.name != "MalformedCommand" or model is None:
            raise
        known = {*model.model_fields, *map(to_camel, model.model_fields)}
        strange = [each for each in command if each not in known]
        if not strange:
            raise
        takes = (name for name in model.model_fields if name not in _OF_THE_DESK)
        raise Problem(
            400,
            refused.name,
            _TAKES,
            errors=[_strange(name) for name in strange[:_MOST]],
            kind=kind,
            members=", ".join(map(to_camel, takes)) or "-",
        ) from refused


def _strange(name: str) -> Mistake:
    return Mistake("body", pointer(("command", name)), UNKNOWN, "extra_forbidden")
