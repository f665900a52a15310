"""Opening the texts of a page gives what opening the whole dialogue gives, no more."""

from __future__ import annotations

from itertools import count

import pytest

from desk.desk import Sender
from desk.executing import execute
from desk.gathering import respond
from desk.history import opened, whole_history
from desk.readers import May, may
from desk.texts_at import texts_at
from domain.facts import Place
from tests.desk.town_hall import (
    ANNA,
    BRAM,
    DIRECTOR,
    OFFICER,
    ORGANISATION,
    WORDS,
    TownHall,
)

FACILITATOR = Sender("f-1", "facilitator")
PLAIN = "We beginnen met de buurt"
SECRET = "Het bestuur is verdeeld"

_numbers = count(1)


async def every_place(hall: TownHall, stream: str) -> list[Place]:
    """Give each place of a private text in a dialogue."""
    found = await whole_history(hall.desk, stream)
    return [(one.seq, pointer) for one in found for pointer in one.members["private"]]


async def same(hall: TownHall, stream: str, reader: Sender) -> dict[Place, str]:
    """Open all places at once and one by one; give what opens, the same both ways."""
    state = await hall.desk.dialogue(stream)
    whole = (await opened(hall.desk, stream, state, reader)).words
    places, allowed = await every_place(hall, stream), may(state, reader)
    together = await texts_at(hall.desk, stream, state, places, allowed)
    alone: dict[Place, str] = {}
    for place in places:
        alone |= await texts_at(hall.desk, stream, state, [place], allowed)
    assert together == alone == whole
    return whole


async def begun(hall: TownHall) -> str:
    """Start a dialogue in which things were said in two steps."""
    stream = f"{ORGANISATION}:teksten{next(_numbers)}"
    roles = {"process_director": ["p-1"], "facilitator": ["f-1"]}
    start = {"method": "imvo-dialoog", "title": "Keten", "roles": roles}
    await hall.desk.start(stream, start, DIRECTOR)
    await hall.does(
        stream, "complete_items", items=["motivatie.oprechtheid"], note=PLAIN
    )
    await hall.does(stream, "waive_items", items=["verkenning.kennis"], reason=SECRET)
    return stream


async def test_a_page_opens_what_the_whole_opens(hall: TownHall) -> None:
    """Whoever steers gets each text where it was said, and nobody else's rights."""
    stream = await begun(hall)
    assert set((await same(hall, stream, DIRECTOR)).values()) == {PLAIN, SECRET}


@pytest.mark.parametrize(
    ("reader", "reads"), [(DIRECTOR, {PLAIN}), (FACILITATOR, {SECRET, "Zo is het"})]
)
async def test_a_confidential_step_is_closed_to_others(
    hall: TownHall, reader: Sender, reads: set[str]
) -> None:
    """Of a confidential step its readers open what is theirs, and others nothing."""
    stream = await begun(hall)
    marked = {"step": "verkenning", "readers": ["facilitator"], "reason": "Zo is het"}
    await hall.does(stream, "mark_confidential", **marked)
    assert set((await same(hall, stream, reader)).values()) == reads
    lifted = {"step": "verkenning", "reason": "Alles is verteld"}
    await hall.does(stream, "lift_confidential", **lifted)
    assert SECRET in (await same(hall, stream, DIRECTOR)).values()


async def test_responses_that_came_together(hall: TownHall) -> None:
    """A text that lies under its submission opens for the event that names it."""
    stream = await hall.dialogue()
    window = {
        "id": "vraag",
        "title": {"nl": "Vraag", "en": "Question"},
        "audience": "public",
        "duration": {"working_days": 10},
    }
    change = {"change": "add_window", "step": "kennismaken", "window": window}
    await hall.does(stream, "amend_plan", changes=[change], reason="Meer horen")
    await hall.does(stream, "start_step", step="kennismaken")
    await hall.does(stream, "open_window", window="kennismaken.vraag")
    for who in ("r-1", "r-2"):
        told = {"window": "kennismaken.vraag", "respondent": who, "response": f"{who}!"}
        await respond(hall.desk, stream, told, Sender(who, "public"))
    words = await same(hall, stream, DIRECTOR)
    assert {"r-1!", "r-2!"} <= set(words.values())


async def test_what_was_erased_opens_nowhere(hall: TownHall) -> None:
    """After an erasure a page shows nothing of that person, like the whole."""
    stream = await hall.dialogue()
    before = await same(hall, stream, DIRECTOR)
    name = f"teksten-{next(_numbers)}"
    await hall.granted(name)
    await execute(hall.desk, ORGANISATION, name, OFFICER)
    after = await same(hall, stream, DIRECTOR)
    gone = {text for place, text in before.items() if place not in after}
    assert gone == {*ANNA.values(), WORDS}
    assert set(after.values()) == set(BRAM.values())


async def test_a_copied_commitment_opens_nothing(hall: TownHall) -> None:
    """A commitment that somebody sends once more opens where it was put, alone."""
    stream = await begun(hall)
    found = await whole_history(hall.desk, stream)
    said = next(one for one in found if one.members["type"] == "items_waived")
    copy = {"commitment": said.members["private"]["/reason"]}
    await hall.does(stream, "register_stakeholder", stakeholder="s-1")
    await hall.does(stream, "release_stakeholder", stakeholder="s-1", reason=copy)
    words = await same(hall, stream, DIRECTOR)
    assert [place for place, text in words.items() if text == SECRET] == [
        (said.seq, "/reason")
    ]


async def test_who_may_nothing_gets_nothing(hall: TownHall) -> None:
    """Without a role that reads no place opens, whatever is asked."""
    stream = await begun(hall)
    state = await hall.desk.dialogue(stream)
    places = await every_place(hall, stream)
    nobody = May(frozenset(), steers=False)
    assert await texts_at(hall.desk, stream, state, places, nobody) == {}
