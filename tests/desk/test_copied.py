"""A commitment is public; whoever copies one learns nothing by it, hides nothing."""

# ruff: noqa: ANN401  (a step takes anything)

from __future__ import annotations

import io
from itertools import count
from typing import Any
from zipfile import ZipFile

from desk.answering import answers
from desk.desk import Sender
from desk.erasing import Ruling, decide, request
from desk.executing import execute
from desk.gathering import respond
from desk.history import opened, whole_history
from desk.methods import publish_method
from desk.packs import make_pack
from desk.private import ABOUT as WHOSE
from desk.private import deposit
from desk.reads import reads
from desk.receipts import receipt_file
from domain.attribution import OWN
from evidence.verify import examine
from storage import logkey
from storage.keeping import ABOUT
from tests.desk.test_gathering import IDEAS, STEERS, TRIAL
from tests.desk.town_hall import OFFICER, ORGANISATION, TownHall
from tests.services import until

SECRET = "Het bod van de bewoners is anderhalf miljoen"
FACILITATOR = Sender("f-1", "facilitator")

_numbers = count(1)


async def begun(hall: TownHall) -> str:
    """Start a dialogue whose first step, in which everybody responds, is begun."""
    await publish_method(hall.desk, TRIAL, "d-1")
    stream = f"{ORGANISATION}:copied{next(_numbers)}"
    start = {"method": "proefmethode", "title": "Parkzicht", "language": "en"}
    roles = {"director": ["d-1"], "facilitator": ["f-1"], "panel": ["k-1"]}
    await hall.desk.start(stream, start | {"roles": roles}, STEERS)
    await hall.desk.send(stream, "start_step", {"step": "brief"}, STEERS)
    return stream


async def does(hall: TownHall, stream: str, kind: str, **body: Any) -> None:
    """Have the director do something."""
    await hall.desk.send(stream, kind, body, STEERS)


async def last(hall: TownHall, stream: str, kind: str) -> dict[str, Any]:
    """Give the last event of a type."""
    found = [e.members for e in await whole_history(hall.desk, stream)]
    return [each for each in found if each["type"] == kind][-1]


async def read(hall: TownHall, stream: str, reader: Sender) -> set[str]:
    """Give the private texts that somebody gets."""
    state = await hall.desk.dialogue(stream)
    return set((await opened(hall.desk, stream, state, reader)).words.values())


async def packed(hall: TownHall, stream: str, reader: Sender | None) -> str:
    """Give a pack for a reader, which verifies."""
    key = hall.home / "log.key"
    if not key.exists():
        logkey.create(key, "test")
    made = await make_pack(
        hall.desk, hall.database, key, stream, created_by="d-1", reader=reader
    )
    assert examine(made.content, [made.document["key"]]).as_json()["sound"]
    return made.content.decode("latin-1")


async def test_a_copied_commitment_opens_nothing(hall: TownHall) -> None:
    """Whoever steers sends words of a confidential step as those of another."""
    stream = await begun(hall)
    confidential = {
        "step": "brief",
        "readers": ["facilitator"],
        "reason": "afgesproken",
    }
    await does(hall, stream, "mark_confidential", **confidential)
    await does(hall, stream, "waive_items", items=["brief.wish"], reason=SECRET)
    waived = await last(hall, stream, "items_waived")
    copy = {"commitment": waived["private"]["/reason"]}
    person = {"stakeholder": "s-1", "address": "s-1@example.org"}
    await does(hall, stream, "register_stakeholder", **person)
    await does(hall, stream, "release_stakeholder", stakeholder="s-1", reason=copy)

    assert SECRET in await read(hall, stream, FACILITATOR)
    assert SECRET not in await read(hall, stream, STEERS)
    assert SECRET not in await packed(hall, stream, STEERS)
    assert await hall.findings() == []


async def test_a_copied_commitment_is_mailed_to_nobody(hall: TownHall) -> None:
    """An answer whose reason is another's text goes out without it."""
    stream = await begun(hall)
    confidential = {
        "step": "brief",
        "readers": ["facilitator"],
        "reason": "afgesproken",
    }
    await does(hall, stream, "waive_items", items=["brief.wish"], reason=SECRET)
    await does(hall, stream, "mark_confidential", **confidential)
    told = {"window": IDEAS, "respondent": "r-9", "response": "Bomen"}
    told["address"] = "r-9@example.org"
    await respond(hall.desk, stream, told, Sender("r-9", "public"))
    waived = await last(hall, stream, "items_waived")
    copy = {"commitment": waived["private"]["/reason"]}
    answer = {"window": IDEAS, "numbers": "1", "outcome": "not", "reason": copy}
    await does(hall, stream, "answer_response", **answer)
    await hall.quiet(stream)

    assert "r-9@example.org" in hall.letters()
    assert SECRET not in hall.letters()
    assert await hall.findings() == []


async def test_a_submission_that_is_sent_again_is_erased_as_well(
    hall: TownHall,
) -> None:
    """Past the desk's inbox somebody records what is on record already once more."""
    stream = await begun(hall)
    told = {"window": IDEAS, "respondent": "r-1", "response": SECRET}
    await respond(hall.desk, stream, told, Sender("r-1", "public"))
    first = await last(hall, stream, "response_recorded")
    again = {
        "submission": first["data"]["submission"],
        "respondent": "r-2",
        "response": {"commitment": first["private"]["/response"]},
    }
    await does(hall, stream, "record_responses", window=IDEAS, responses=[again])
    await request(hall.desk, ORGANISATION, "r-1", OFFICER, erasure="again")
    ruling = Ruling(granted=True, ground="objection", authority="besluit 7")
    await decide(hall.desk, ORGANISATION, "again", OFFICER, ruling)
    done = await execute(hall.desk, ORGANISATION, "again", OFFICER)

    assert done.proof is not None
    assert done.proof.nothing_left, done.proof
    found = await answers(hall.desk, stream, "nl", reader=STEERS)
    assert [view.text for view in found.responses] == [None, None]
    assert await hall.findings() == []


async def test_a_copied_submission_opens_nothing_in_a_proof(hall: TownHall) -> None:
    """Who is on record with another's words gets a proof without them, as is noted."""
    stream = await begun(hall)
    told = {"window": IDEAS, "respondent": "r-1", "response": SECRET}
    await respond(hall.desk, stream, told, Sender("r-1", "public"))
    first = await last(hall, stream, "response_recorded")
    again = {
        "submission": first["data"]["submission"],
        "respondent": "r-2",
        "response": {"commitment": first["private"]["/response"]},
    }
    await does(hall, stream, "record_responses", window=IDEAS, responses=[again])
    copied = await last(hall, stream, "response_recorded")
    assert copied["data"]["respondent"] == "r-2"
    await packed(hall, stream, STEERS)

    assert SECRET in await proven(hall, stream, first["seq"], "r-1")
    assert SECRET not in await proven(hall, stream, copied["seq"], "r-2")
    assert SECRET not in await proven(hall, stream, first["seq"], "r-2")
    noted = [r for r in await reads(hall.desk, target=stream) if r.what == "prove"]
    assert [(r.who, r.opened) for r in noted] == [
        ("r-2", True),
        ("r-2", True),
        ("r-1", True),
    ]


async def proven(hall: TownHall, stream: str, seq: int, who: str) -> str:
    """Give the proof of an event that somebody gets."""
    content = await receipt_file(hall.desk, stream, seq, who)
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read("proof.json").decode()


async def test_a_text_kept_as_about_another_person_leaves_the_record_sound(
    hall: TownHall,
) -> None:
    """An integrator forgets whom it is about: nobody could erase it with them."""
    stream = await begun(hall)
    person = {"stakeholder": "s-1", "name": "Truus"}
    await does(hall, stream, "register_stakeholder", **person)
    kept = await deposit(
        hall.desk.pool,
        hall.desk.keys,
        stream,
        "record_interest",
        "text",
        text=SECRET,
        command_id="from-afar",
        subject="zaaksysteem",
        sender="zaaksysteem",
    )
    body = {"interest": "i-1", "stakeholder": "s-1", "text": {"commitment": kept}}
    await hall.desk.send(
        stream, "record_interest", body, STEERS, command_id="from-afar"
    )
    assert SECRET not in await read(hall, stream, STEERS)

    async def sound() -> bool:
        return await hall.findings() == []

    # The dialogue says so itself that the text never came, a moment after.
    await until(sound)


def test_desk_and_record_agree_on_whom_texts_are_about() -> None:
    """What the record holds to be about another counts as what never came."""
    by_record = {OWN[event]: member for event, member in ABOUT.items()}
    by_desk = {kind: who for kind, who in WHOSE.items() if kind != "record_evaluation"}
    assert by_record == by_desk, "whose evaluation it is may be ours"
