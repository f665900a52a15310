"""What the law holds is neither erased nor destroyed from the moment it is held."""

from __future__ import annotations

from typing import Final

from desk.desk import Desk, Sender
from desk.errors import NotFound, Refused
from desk.house import COMMITTED_LATER, Private, checked, note, read
from domain.erasure_facts import HoldLifted, HoldPlaced
from domain.erasures import Hold
from domain.errors import NothingToDo
from domain.facts import Mandate
from language import mark
from storage import erasing
from storage.house import house

_NO_HOLD: Final = mark(
    "There is no hold {hold} in {organisation}. See polder audit hold list "
    "{organisation}."
)
LIFTED: Final = mark("this hold was lifted already")


async def place(  # noqa: PLR0913  (who holds what, and on what ground)
    desk: Desk,
    organisation: str,
    sender: Sender,
    *,
    hold: str,
    ground: str,
    authority: str,
    dialogue: str | None = None,
    subject: str | None = None,
    mandate: Mandate | None = None,
) -> Hold:
    """Hold a dialogue, what is kept about a person, or a whole organisation.

    What is being carried out at this moment is waited for; nothing goes after it. The
    same id again is the same hold. Raises `Refused`.
    """
    actor = checked(organisation, sender, "hold", name=hold)
    told = {
        "hold": hold,
        "dialogue": dialogue,
        "subject": COMMITTED_LATER if subject else None,
        "ground": ground,
        "authority": authority,
    }
    async with erasing.alone(desk.pool, organisation):
        await note(
            desk,
            organisation,
            read(HoldPlaced, told),
            actor,
            cause=f"polder:hold:{hold}:placed",
            private={"subject": Private(subject, subject)} if subject else None,
            mandate=mandate,
        )
    return await _hold(desk, organisation, hold)


async def lift(
    desk: Desk,
    organisation: str,
    sender: Sender,
    *,
    hold: str,
    authority: str,
    mandate: Mandate | None = None,
) -> Hold:
    """Lift a hold; what waited for it goes on. Raises `NotFound` and `Refused`."""
    actor = checked(organisation, sender, "hold", name=hold)
    fact = read(HoldLifted, {"hold": hold, "authority": authority})
    async with erasing.alone(desk.pool, organisation):
        found = await _hold(desk, organisation, hold)
        if found.lifted is not None:
            raise Refused.of(NothingToDo(because=LIFTED))
        cause = f"polder:hold:{hold}:lifted"
        await note(desk, organisation, fact, actor, cause=cause, mandate=mandate)
    return await _hold(desk, organisation, hold)


async def listed(desk: Desk, organisation: str) -> list[Hold]:
    """Give every hold of an organisation, lifted ones too, in order."""
    return [*(await house(desk.pool, organisation)).holds.values()]


async def _hold(desk: Desk, organisation: str, hold: str) -> Hold:
    found = (await house(desk.pool, organisation)).holds.get(hold)
    if found is None:
        raise NotFound(_NO_HOLD, hold=hold, organisation=organisation)
    return found
