"""The player does what a scenario says, on a desk, and notes what came of each act.

It adds no rules. An act whose outcome is not the expected one ends that dialogue's
play: what was expected and what was seen is kept, for the report to say.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Protocol, assert_never

from desk.desk import Desk, Sender
from desk.errors import DeskError, Refused, Unreachable
from desk.sending import Answer
from domain.clock import Clock, to_dialogue_time, to_real
from domain.method import PUBLIC
from examples.acts import (
    FAILED,
    Act,
    AnyAct,
    Condition,
    Do,
    Mail,
    Organisation,
    Preview,
    Restart,
    Wait,
)
from examples.beside import joining, noted, stop_or_go_on
from examples.conditions import holds
from examples.played import Missed, Played, Sent, name_of
from examples.scenario import Scenario, ScenarioInvalid
from examples.versions import publish_own
from methods.load import MethodInvalid
from storage.queries import counts

_LOOK: Final = 0.1
"""Real seconds between two looks at whether a condition holds."""

_LONGEST: Final = 75
"""Days of the dialogue that a condition is waited for."""

_SHORTEST: Final = 10.0
"""Real seconds that it is waited for at least, however fast the clock."""

_EARLY: Final = 0.012
"""Real seconds that a command gets before the worker is killed: it is under way."""

_ATTEMPTS: Final = 3


class Tell(Protocol):
    """Hears what is going on, as a key of the report's words with its facts."""

    def __call__(self, key: str, **facts: object) -> None:
        """Hear it."""
        ...


class Stagehands(Protocol):
    """Who can break things on the player's word; see `examples.stage.Stage`."""

    async def kill_worker(self) -> Any:  # noqa: ANN401 - what comes of it is theirs
        """Kill the worker and start another."""
        ...

    async def restart_temporal(self) -> None:
        """Kill Temporal and start it again."""
        ...

    async def put_off(self, addresses: list[str]) -> None:
        """Let the mail server put off these addresses only."""
        ...


class Player:
    """Plays scenarios on one desk; several may play at once."""

    def __init__(
        self, desk: Desk, hands: Stagehands | None, *, day_ms: int, tell: Tell
    ) -> None:
        """Use ``hands`` for what breaks; without them such acts only send or wait."""
        self._desk = desk
        self._hands = hands
        self._day_ms = day_ms
        self._tell = tell
        self._under_way = 0

    async def play(self, scenario: Scenario) -> Played:
        """Play a scenario to its end, or to the first act that went another way."""
        clock = Clock(
            real_start=datetime.now(UTC),
            start=scenario.instant(scenario.begins),
            day_ms=scenario.day_ms or self._day_ms,
        )
        played = Played(scenario, clock)
        place = "the start"
        try:
            await self._begin(played)
            for number, act in enumerate(scenario.acts, 1):
                place = f"act {number} ({name_of(act)})"
                await self._time(played, act)
                await self._perform(played, act, number)
        except (Missed, DeskError, MethodInvalid, ScenarioInvalid) as error:
            played.missed = f"{scenario.id}, {place}: {error}"
        return played

    async def _begin(self, played: Played) -> None:
        scenario = played.scenario
        body: dict[str, Any] = {
            "method": scenario.method,
            "title": scenario.title.nl,
            "question": scenario.question,
            "language": "nl",
            "zone": scenario.zone,
            "calendar": scenario.calendar,
            "roles": {scenario.director_role: [scenario.director]},
            "deadlines": [one.model_dump(mode="json") for one in scenario.deadlines],
            "clock": played.clock.model_dump(mode="json"),
        }
        if scenario.own_version is not None:
            own = scenario.own_version
            body["method_hash"] = await publish_own(self._desk, scenario, own)
        sent = Sent(f"{scenario.id}:start", "start_dialogue", _now(played.clock))
        played.sent.append(sent)
        director = Sender(scenario.director)
        sent.answer = await self._desk.start(
            scenario.stream, body, director, command_id=sent.id
        )
        roles = (
            self._do(played, joins, f"{scenario.id}:role-{number}")
            for number, joins in enumerate(joining(scenario), 1)
        )
        await asyncio.gather(*roles)

    async def _time(self, played: Played, act: Act) -> None:
        """Wait until the act's time has come, and what it waits for holds."""
        if act.at is not None:
            due = to_real(played.clock, played.scenario.instant(act.at))
            await asyncio.sleep(max(0, (due - datetime.now(UTC)).total_seconds()))
        if act.once is not None:
            await self._until(played, act.once)

    async def _until(self, played: Played, condition: Condition) -> None:
        patience = max(_LONGEST * played.clock.day_ms / 1_000, _SHORTEST)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not await self._holds(played, condition):  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK)
                return
        wanted = condition.model_dump(exclude_none=True, exclude_defaults=True)
        raise Missed(f"{wanted} within {_LONGEST} days", "that it does not hold")

    async def _holds(self, played: Played, condition: Condition) -> bool:
        stream = played.stream
        if condition.sent:
            await self._send_again(played)
        if condition.happened is not None:
            found = await counts(self._desk.pool, stream)
            return found.get(condition.happened, 0) >= condition.times
        return holds(await self._desk.dialogue(stream), condition)

    async def _send_again(self, played: Played) -> None:
        """Let messages that failed be sent again, as a director would.

        A message that was under way when the worker died fails on a fast demo clock:
        it is given seconds, and Temporal takes longer to miss the worker.
        """
        effects = (await self._desk.dialogue(played.stream)).effects.values()
        for effect in [one for one in effects if one.status == "failed"]:
            again = Do.model_validate(
                {
                    "do": "retry_effect",
                    "by": played.scenario.director,
                    "with": {"effect": effect.id},
                }
            )
            name = f"{played.scenario.id}:again-{effect.id}-{effect.attempt}"
            await self._do(played, again, name)

    async def _perform(self, played: Played, act: AnyAct, number: int) -> None:
        if not isinstance(act, Do):
            played.asides.append((act, _now(played.clock)))
        match act:
            case Do():
                await self._do(played, act, f"{played.scenario.id}:{number}-{act.do}")
            case Preview():
                await self._preview(played, act)
            case Mail():
                people = [played.scenario.person(who) for who in act.mail_puts_off]
                if self._hands is not None:
                    await self._hands.put_off([p.address for p in people if p])
            case Restart():
                if self._hands is not None:
                    self._tell("restarting")
                    await self._hands.restart_temporal()
            case Organisation():
                await stop_or_go_on(self._desk, played.scenario, act)
            case Wait():
                pass
            case _:
                assert_never(act)

    async def _do(self, played: Played, act: Do, command: str) -> None:
        sent = Sent(command, act.do, _now(played.clock), act)
        played.sent.append(sent)
        self._under_way += 1
        began = time.monotonic()
        try:
            await self._send(played, sent, act)
        except Refused as refusal:
            sent.refusal = refusal
        finally:
            self._under_way -= 1
            sent.seconds = time.monotonic() - began
        _check(act, sent)
        if act.again:
            sent.again = await self._ask(played, sent, act)
            if sent.answer is None or sent.again.events != sent.answer.events:
                raise Missed(f"the same id again: {sent.answer}", f"{sent.again}")

    async def _send(self, played: Played, sent: Sent, act: Do) -> None:
        if not act.worker_killed or self._hands is None:
            sent.answer = await self._ask(played, sent, act)
            return
        asking = asyncio.create_task(self._ask(played, sent, act))
        await asyncio.sleep(_EARLY)
        sent.in_flight = 0 if asking.done() else self._under_way
        self._tell("killing", command=act.do)
        await self._hands.kill_worker()
        self._tell("replaced")
        sent.answer = await asking

    async def _ask(self, played: Played, sent: Sent, act: Do) -> Answer:
        """Send a command until it is answered, always under the same id."""
        for _ in range(_ATTEMPTS - 1):
            with suppress(Unreachable):
                return await self._ask_once(played, sent, act)
        return await self._ask_once(played, sent, act)

    async def _ask_once(self, played: Played, sent: Sent, act: Do) -> Answer:
        known = played.scenario.person(act.by)
        sender = Sender(act.by, role=None if known else PUBLIC)
        body = await self._body(played.stream, act)
        answer = await self._desk.send(
            played.stream, act.do, body, sender, command_id=sent.id
        )
        if answer is None:
            raise Missed("an answer", "none")
        return answer

    async def _body(self, stream: str, act: Do) -> dict[str, Any]:
        """Put in what a scenario can't know: the name of what has failed."""
        seq = act.body.get("seq")
        if isinstance(seq, str):
            return {**act.body, "seq": await noted(self._desk, stream, seq)}
        if act.body.get("compensation") != FAILED:
            return act.body
        compensations = (await self._desk.dialogue(stream)).compensations.values()
        failed = [one.id for one in compensations if one.status == "failed"]
        return {**act.body, "compensation": failed[0] if failed else "none"}

    async def _preview(self, played: Played, act: Preview) -> None:
        found = await self._desk.preview_revisit(played.stream, act.preview)
        played.previews[act.preview] = found
        undone = [one["undoes"] for one in found.get("compensations", [])]
        for expected, seen in (
            (list(act.voids), found.get("voids")),
            (list(act.undoes), undone),
            (sorted(act.tells), sorted(found.get("tells", []))),
        ):
            if expected != seen:
                raise Missed(f"a preview with {expected}", f"{seen} in {found}")


def _check(act: Do, sent: Sent) -> None:
    refused = sent.refusal.name if sent.refusal else None
    if refused != act.refused:
        expected = f"the refusal {act.refused}" if act.refused else "that it is obeyed"
        raise Missed(expected, str(sent.refusal or "that it was obeyed"))
    if sent.answer is not None:
        types = [event["type"] for event in sent.answer.events]
        lacking = [one for one in act.records if one not in types]
        if lacking or not sent.answer.recorded:
            raise Missed(f"{lacking or 'its events'} on record", f"{types}")


def _now(clock: Clock) -> datetime:
    return to_dialogue_time(clock, datetime.now(UTC))
