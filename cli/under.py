"""A command that is given under a mandate names it; what it does not cover is said."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cli.speech import _, lang

if TYPE_CHECKING:
    from desk.desk import Desk, Sender
    from desk.pinning import Mandate


async def mandated(desk: Desk, named: str | None) -> Mandate | None:
    """Give the pin of the mandate that was named, ``ORG/SEQ``; None where none was.

    Raises `desk.errors.NotFound`.
    """
    if named is None:
        return None
    from desk.pinning import named as find

    return await find(desk, named)


async def pinned(
    desk: Desk,
    named: str | None,
    act: tuple[str, str, Mapping[str, Any]],
    who: Sender,
) -> Mandate | None:
    """Give the pin of a mandate for an act, as `mandated` does.

    ``act`` is the stream, the kind of command and its body. Where the mandate does not
    cover it, standard error says so and the act goes on: what is done has to be on
    record, and `polder audit exceptions` shows it. Raises `desk.errors.NotFound`.
    """
    pin = await mandated(desk, named)
    if pin is None:
        return None
    from desk.pinning import foreseen
    from desk.remarks import in_words

    reason = await foreseen(desk, pin, *act, actor=who.id)
    if reason is not None:
        text = _("Note: this is outside mandate {name}: {why}.")
        sys.stderr.write(text.format(name=named, why=in_words(reason, lang())) + "\n")
    return pin
