"""Who decides is led to the request there is, and to nobody who is not there."""

from __future__ import annotations

import pytest

from desk.desk import Sender
from desk.erasing import Ruling, asked, decide
from desk.errors import NotFound, Refused
from desk.executing import execute
from storage.ownlog import events
from tests.desk.town_hall import (
    GRANTED,
    HOUSE,
    OFFICER,
    ORGANISATION,
    TownHall,
)

ANNA_HERSELF = Sender("anna", "participant")
REQUESTED = ["erasure_requested"]


async def test_a_decision_without_an_id_is_on_the_request_that_is_open(
    hall: TownHall,
) -> None:
    """Asked again it is the same request; once it is done, a new one."""
    await hall.dialogue()
    first = await asked(hall.desk, ORGANISATION, "anna", ANNA_HERSELF)
    again = await asked(hall.desk, ORGANISATION, "anna", ANNA_HERSELF)
    known = await asked(hall.desk, ORGANISATION, "anna", OFFICER, ruling=GRANTED)
    assert first.id == again.id == known.id
    await decide(hall.desk, ORGANISATION, known.id, OFFICER, GRANTED)
    still = await asked(hall.desk, ORGANISATION, "anna", OFFICER, ruling=GRANTED)
    assert still.id == first.id
    await execute(hall.desk, ORGANISATION, known.id, OFFICER)
    await hall.dialogue()
    other = await asked(hall.desk, ORGANISATION, "anna", ANNA_HERSELF)
    assert other.id != first.id


async def test_what_can_not_be_decided_so_is_not_asked_for_either(
    hall: TownHall,
) -> None:
    """A wrong ground, or who may not decide, leaves no request behind."""
    await hall.dialogue()
    before = await events(hall.desk.pool, HOUSE, REQUESTED)
    unfit = Ruling(granted=True, ground="legal_claims", authority="besluit 8")
    for who, ruling in ((OFFICER, unfit), (ANNA_HERSELF, GRANTED)):
        with pytest.raises(Refused):
            await asked(hall.desk, ORGANISATION, "bram", who, ruling=ruling)
    assert await events(hall.desk.pool, HOUSE, REQUESTED) == before


async def test_of_whom_nothing_is_kept_only_a_refusal_is_noted(
    hall: TownHall,
) -> None:
    """A slip in an id would else get a certificate, and the person stay."""
    await hall.dialogue()
    slip = "annna"
    for ruling in (None, GRANTED):
        with pytest.raises(NotFound, match="keeps nothing about annna"):
            await asked(hall.desk, ORGANISATION, slip, OFFICER, ruling=ruling)
    with pytest.raises(NotFound):
        await asked(hall.desk, "nowhere", "anna", OFFICER)
    assert not await events(hall.desk.pool, "org:nowhere", REQUESTED)
    refusal = Ruling(granted=False, ground="not_identified", authority="besluit 9")
    known = await asked(hall.desk, ORGANISATION, slip, OFFICER, ruling=refusal)
    done = await decide(hall.desk, ORGANISATION, known.id, OFFICER, refusal)
    assert done.status == "refused"
