"""Private texts that are not in the vault: how that is noted in the dialogue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from domain.facts import Fact, Place
from domain.messages import Command

MAX_PLACES = 500
"""Places in one `ErasePersonalData`: its event stays well below the bound."""


def _rising(places: tuple[Place, ...]) -> tuple[Place, ...]:
    if list(places) != sorted(set(places)):
        message = "places come in order, each of them once"
        raise ValueError(message)
    return places


class ErasePersonalData(Command):
    """Note that these private texts are not in the vault, or no longer.

    Polder's own workflow sends it, for what the record says is not there; nobody else
    can, or they could declare to be erased what is not.
    """

    internal: ClassVar[bool] = True
    paths: Annotated[
        tuple[Place, ...],
        Field(min_length=1, max_length=MAX_PLACES),
        AfterValidator(_rising),
    ]


class PersonalDataErased(Fact):
    """Private texts of earlier events are not in the vault, or no longer.

    Nothing private. ``paths`` is all of its data; the digest of the command, which
    other events have as a member of theirs, follows from it.
    """

    paths: tuple[Place, ...]


def erasing_digest(paths: Sequence[Place]) -> str:
    """Give the digest of the command that these paths were erased by.

    ``personal_data_erased`` carries no digest; its paths are the whole command, so
    the same digest is made of them (as `Cause.digest` is; JSON that is plain ASCII
    and without floats is canonical when it is sorted and without spaces).
    """
    body = {"command": {"paths": paths}, "kind": "erase_personal_data"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]


ErasingCommand = ErasePersonalData
ErasingEvent = PersonalDataErased
