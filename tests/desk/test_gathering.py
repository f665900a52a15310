"""Responses of the public are gathered: each counts once, and none is lost."""

# ruff: noqa: ANN401  (a step takes anything)

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from desk import gathering, taking_in
from desk.answering import answers
from desk.desk import Sender
from desk.erasing import Ruling, decide, request
from desk.errors import Refused
from desk.executing import execute
from desk.gathering import gathers, respond
from desk.history import private_words, whole_history
from desk.methods import publish_method
from desk.minding import bring_in
from storage import inbox
from storage.inbox import Left, look
from storage.queries import counts
from tests.desk.town_hall import DIRECTOR, OFFICER, ORGANISATION, TownHall

TRIAL = Path(__file__).parents[1] / "domain" / "method.yaml"
IDEAS = "brief.ideas"
STEERS = Sender("d-1", "director")
NOW = timedelta(0)

_numbers = count(1)


async def asked(hall: TownHall) -> str:
    """Start a dialogue that asks everybody for ideas."""
    await publish_method(hall.desk, TRIAL, DIRECTOR.id)
    stream = f"{ORGANISATION}:g{next(_numbers)}"
    start = {"method": "proefmethode", "title": "Parkzicht", "language": "en"}
    await hall.desk.start(stream, start | {"roles": {"director": ["d-1"]}}, STEERS)
    await hall.desk.send(stream, "start_step", {"step": "brief"}, STEERS)
    return stream


def body(who: str, text: str | None = "Meer bomen", **more: Any) -> dict[str, Any]:
    """Give what somebody sends in."""
    told = {"window": IDEAS, "respondent": who, "response": text, **more}
    return {name: value for name, value in told.items() if value is not None}


def passer_by(who: str) -> Sender:
    """Give somebody of the public."""
    return Sender(who, "public")


async def test_many_at_once_are_few_commands_and_each_is_answered(
    hall: TownHall,
) -> None:
    """Sixty people send in at the same moment; each hears of their own event."""
    stream = await asked(hall)
    before = await hall.desk.dialogue(stream)
    people = [f"r-{n}" for n in range(60)]
    answers = await asyncio.gather(
        *(respond(hall.desk, stream, body(who), passer_by(who)) for who in people)
    )
    assert all(answer.recorded for answer in answers)
    seqs = {event["seq"] for answer in answers for event in answer.events}
    assert len(seqs) == len(people)
    found = await counts(hall.desk.pool, stream)
    assert found["response_recorded"] == len(people)
    assert found["responses_gathered"] < len(people) / 2
    state = await hall.desk.dialogue(stream)
    assert state.received(IDEAS) == len(people)
    size = len(state.model_dump_json()) - len(before.model_dump_json())
    assert size < len(people), "the state does not grow with them"
    assert await hall.findings() == []


async def test_what_somebody_said_can_be_opened_and_is_theirs(hall: TownHall) -> None:
    """The text lies in the vault under the submission, and opens at its own event."""
    stream = await asked(hall)
    answer = await respond(
        hall.desk, stream, body("r-1", "Een fontein"), passer_by("r-1")
    )
    (event,) = answer.events
    state = await hall.desk.dialogue(stream)
    words = await private_words(hall.desk, stream, state, STEERS)
    assert words[event["seq"], "/response"] == "Een fontein"


async def test_how_a_response_came_is_on_record(hall: TownHall) -> None:
    """It goes the way of all others, and the list of responses says it."""
    stream = await asked(hall)
    await respond(hall.desk, stream, body("r-1", channel="telephone"), STEERS)
    await respond(hall.desk, stream, body("r-2"), passer_by("r-2"))
    found = await answers(hall.desk, stream, "nl")
    assert [view.channel for view in found.responses] == ["telephone", None]
    assert await hall.findings() == []


async def test_the_same_submission_counts_once(hall: TownHall) -> None:
    """However often it comes; with other words it is refused."""
    stream = await asked(hall)
    send = [
        respond(hall.desk, stream, body("r-1"), passer_by("r-1"), submission="s-1")
        for _ in range(3)
    ]
    first, *again = [await each for each in send]
    assert not first.repeated
    assert [(a.repeated, a.events) for a in again] == [(True, first.events)] * 2
    for other in (body("r-1", "Minder bomen"), body("r-1", reference="brief 7")):
        with pytest.raises(Refused, match=r"s-1|IdReused"):
            await respond(hall.desk, stream, other, passer_by("r-1"), submission="s-1")
    assert (await hall.desk.dialogue(stream)).received(IDEAS) == 1


async def test_nobody_speaks_for_another(hall: TownHall) -> None:
    """In person, or whoever runs the process; whose name then stands at the event."""
    stream = await asked(hall)
    with pytest.raises(Refused, match="in person"):
        await respond(hall.desk, stream, body("r-2"), passer_by("r-1"))
    answer = await respond(hall.desk, stream, body("r-2"), STEERS)
    (event,) = [
        each
        for each in await _events(hall, stream)
        if each["seq"] == answer.events[0]["seq"]
    ]
    assert event["actor"]["id"] == "d-1"
    assert event["data"]["respondent"] == "r-2"


async def test_what_is_refused_leaves_nothing_behind(hall: TownHall) -> None:
    """The window has closed, and this method takes nothing late."""
    stream = await asked(hall)
    closing = {"window": IDEAS, "reason": "alles is binnen"}
    await hall.desk.send(stream, "close_window", closing, STEERS)
    with pytest.raises(Refused, match="no late responses"):
        await respond(
            hall.desk, stream, body("r-1"), passer_by("r-1"), submission="late-1"
        )
    assert await look(hall.desk.pool, stream, ["late-1"]) == {}


async def test_a_refusal_that_only_the_dialogue_knows_is_told_by_name(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the record did not know yet: it is on record as refused."""
    stream = await asked(hall)

    def unasked(*_: Any) -> None:
        return None

    monkeypatch.setattr(taking_in, "_check", unasked)
    closing = {"window": IDEAS, "reason": "alles is binnen"}
    await hall.desk.send(stream, "close_window", closing, STEERS)
    with pytest.raises(Refused) as refused:
        await respond(
            hall.desk, stream, body("r-1"), passer_by("r-1"), submission="late-2"
        )
    assert refused.value.name == "LateResponse"
    (fate,) = (await look(hall.desk.pool, stream, ["late-2"])).values()
    assert fate.outcome is not None
    assert fate.outcome.outcome == "refused"
    with pytest.raises(Refused):
        await respond(
            hall.desk, stream, body("r-1"), passer_by("r-1"), submission="late-2"
        )


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["put", "receive", "next_gathering", "settle", "send"])
async def test_a_crash_at_any_step_loses_nothing_and_counts_nothing_twice(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    """Whoever comes next, or the worker, finishes what was begun."""
    stream = await asked(hall)
    places = {"send": gathering, "receive": taking_in}
    place: Any = places.get(step, inbox)
    whole = getattr(place, step)

    async def broken(*told: Any, **more: Any) -> Any:
        if when == "after":
            await whole(*told, **more)
        raise ConnectionAbortedError(step)

    with monkeypatch.context() as patched:
        patched.setattr(place, step, broken)
        with pytest.raises(ConnectionAbortedError):
            await respond(
                hall.desk, stream, body("r-1"), passer_by("r-1"), submission="c-1"
            )
    await bring_in(hall.desk, older_than=NOW)
    # What is put in the inbox is kept once its texts are: with the commit.
    kept = step != "put" and (step, when) != ("receive", "before")
    assert (await hall.desk.dialogue(stream)).received(IDEAS) == int(kept)
    again = await respond(
        hall.desk, stream, body("r-1"), passer_by("r-1"), submission="c-1"
    )
    assert again.recorded
    assert (await hall.desk.dialogue(stream)).received(IDEAS) == 1
    assert await inbox.left_waiting(hall.desk.pool, NOW) == ()


async def test_late_is_judged_by_when_the_desk_had_it(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk died with it in hand; the window closed before it was brought in."""
    stream = await asked(hall)

    async def dies(*_: Any) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patched:
        patched.setattr(gathering, "carry", dies)
        with pytest.raises(ConnectionAbortedError):
            await respond(hall.desk, stream, body("r-1"), passer_by("r-1"))
    closing = {"window": IDEAS, "reason": "alles is binnen"}
    await hall.desk.send(stream, "close_window", closing, STEERS)
    await bring_in(hall.desk, older_than=NOW)
    run = (await hall.desk.dialogue(stream)).windows[IDEAS][-1]
    assert (run.on_time, run.late) == (1, 0)


async def test_a_gathered_text_can_be_erased(hall: TownHall) -> None:
    """It goes with the person, and the record stays sound."""
    stream = await asked(hall)
    for who in ("anna", "bram"):
        await respond(hall.desk, stream, body(who, f"van {who}"), passer_by(who))
    await request(hall.desk, ORGANISATION, "anna", OFFICER, erasure="g-1")
    ruling = Ruling(granted=True, ground="objection", authority="besluit 9")
    await decide(hall.desk, ORGANISATION, "g-1", OFFICER, ruling)
    done = await execute(hall.desk, ORGANISATION, "g-1", OFFICER)
    assert done.case.status == "executed"
    state = await hall.desk.dialogue(stream)
    words = await private_words(hall.desk, stream, state, STEERS)
    assert "van bram" in words.values()
    assert "van anna" not in words.values()
    assert await hall.findings() == []


async def test_only_windows_for_the_public_are_gathered(hall: TownHall) -> None:
    """Others have few respondents, and a command each."""
    state = await hall.desk.dialogue(await asked(hall))
    assert gathers(state, {"window": IDEAS})
    assert not gathers(state, {"window": "invite.draft"})
    assert not gathers(state, {"window": "nowhere.at-all"})


async def test_commands_hold_as_many_as_fit_and_of_one_sender(hall: TownHall) -> None:
    """A command has fifty responses at most, and one actor."""
    stream = await asked(hall)
    left = Left(stream, IDEAS)
    actors = [{"id": "desk", "role": "system"}, {"id": "d-1", "role": "director"}]
    for n in range(120):
        told = {"respondent": f"r-{n}", "received_at": datetime.now(UTC).isoformat()}
        came = inbox.Submission(stream, f"m-{n}", IDEAS, "x", actors[n % 60 == 7], told)
        await inbox.put(hall.desk.pool, [came])
    sizes: list[tuple[str, int]] = []
    while (one := await inbox.next_gathering(hall.desk.pool, left)) is not None:
        sizes.append((str(one.actor["id"]), len(one.responses)))
        assert await inbox.next_gathering(hall.desk.pool, left) == one
        await hall.desk.send(
            stream,
            inbox.GATHER,
            one.envelope["command"],
            Sender(str(one.actor["id"]), str(one.actor["role"])),
            command_id=one.command_id,
        )
        assert await inbox.settle(hall.desk.pool, one)
    assert sizes == [("desk", 49), ("d-1", 2), ("desk", 50), ("desk", 19)]


async def _events(hall: TownHall, stream: str) -> list[dict[str, Any]]:
    return [event.members for event in await whole_history(hall.desk, stream, 0)]


async def test_a_late_response_that_is_used_is_its_senders_own(hall: TownHall) -> None:
    """What was said is about who said it; the reason is the director's."""
    stream = await asked(hall)
    closing = {"window": IDEAS, "reason": "alles is binnen"}
    await hall.desk.send(stream, "close_window", closing, STEERS)
    told = {"window": IDEAS, "respondent": "anna-2", "response": "te laat"}
    used = {**told, "reason": "nieuwe feiten"}
    await hall.desk.send(stream, "use_late_response", used, STEERS)
    assert await hall.findings() == []


async def test_no_plain_text_of_many_goes_further_than_the_desk(hall: TownHall) -> None:
    """Whoever sends many at once puts their texts in the vault first."""
    stream = await asked(hall)
    one = {"submission": "p-1", "respondent": "r-1", "response": "in het geheim"}
    many = {"window": IDEAS, "responses": [one]}
    with pytest.raises(Refused) as refused:
        await hall.desk.send(stream, inbox.GATHER, many, STEERS)
    assert refused.value.name == "PlainTextRefused"
    assert "geheim" not in str(refused.value)
