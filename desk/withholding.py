"""What is kept back from whoever gets a pack: as asked, and what is not for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from desk.desk import Desk, Sender
from desk.errors import DeskError
from desk.readers import allowed
from language import mark
from storage.packing import Withheld
from storage.projection import is_dialogue

EVERYTHING: Final = Withheld(everything=True)
_NO_PATH: Final = mark(
    "{told} is no private field: give all, /name, or 12:/name for event 12 alone."
)


class NoSuchPath(DeskError):
    """What was to be withheld is named in no form that there is."""


async def withheld_from(
    desk: Desk, stream: str, reader: Sender | None, told: Sequence[str]
) -> Withheld:
    """Say what is kept back: what was asked, and what is not for this reader.

    Texts in the streams of an organisation or the log are for nobody in particular.
    """
    withheld = _withheld(told)
    if not is_dialogue(stream):
        return withheld if reader is None else EVERYTHING
    may = await allowed(desk, stream, reader)
    if may is None:
        return EVERYTHING
    return withheld._replace(roles=may.roles, steers=may.steers)


def _withheld(told: Sequence[str]) -> Withheld:
    try:
        return Withheld.read(told)
    except ValueError as error:
        raise NoSuchPath(_NO_PATH, told=str(error)) from error
