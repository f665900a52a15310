"""Who was turned down stands in the list of people; why is for who may read it."""

from __future__ import annotations

from io import StringIO

from cli.page import Page
from cli.people import document, show
from desk.people import people
from tests.desk.town_hall import DIRECTOR, TownHall

WHY = "De zaal is vol"


async def test_who_asked_to_take_part_and_was_turned_down_is_listed(
    hall: TownHall,
) -> None:
    """With what they asked for; the words are for the director, and can be erased."""
    stream = await hall.dialogue(words=False)
    evening = {"begins": "2031-01-06T18:00:00Z", "ends": "2031-01-06T20:00:00Z"}
    await hall.does(
        stream, "schedule_meeting", meeting="avond", title="Avond in de kas", **evening
    )
    body = {"who": "b-7", "meeting": "avond", "reason": WHY}
    await hall.does(stream, "decline_participation", **body)
    found = await people(hall.desk, stream, "nl")
    (one,) = found.declined
    assert (one.who, one.where, one.reason) == ("b-7", "Avond in de kas", None)
    opened = await people(hall.desk, stream, "nl", DIRECTOR)
    assert opened.declined[0].reason == WHY
    out = StringIO()
    show(Page(out), opened)
    assert "Vroegen om mee te doen, en zijn afgewezen" in out.getvalue()
    assert WHY in out.getvalue()
    assert document(found)["declined"][0]["who"] == "b-7"
    assert await hall.findings() == []
