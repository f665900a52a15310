"""A case rehearsed in the core alone: no servers, and the clock jumps.

Where the play has servers, mail and a record, the rehearsal has the rules only. So it
says in a second whether each act of a case is obeyed, or refused, as the case expects.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, Final

import calendars
from domain.alarms import CLOCK_ACTOR, due, next_alarm
from domain.calendar import Calendar
from domain.clock import Clock
from domain.commands import COMMANDS, AnyCommand, Compiled, StartDialogue
from domain.decide import decide
from domain.errors import DomainError
from domain.events import Event
from domain.evolve import evolve
from domain.facts import Actor, Cause
from domain.messages import private_fields
from domain.method import PUBLIC
from domain.state import Dialogue
from domain.suspension_facts import LiftSuspension, SuspendDialogue
from evidence.canonical import content_hash
from examples.acts import NOTED, Act, Do, Organisation
from examples.conditions import holds
from examples.scenario import Scenario
from methods.load import shipped

_SAID: Final = {"commitment": "5a" * 32}


@cache
def _calendar(id_: str, zone: str, year: int) -> Calendar:
    return calendars.compile_calendar("BE" if id_ == "BE" else "NL", zone, year)


class Rehearsal:
    """One case in the core, with what went another way than it expects."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.now = scenario.instant(scenario.begins)
        self.events: list[Event] = []
        self.wrong: list[str] = []
        self.state: Dialogue | None = None
        self._number = 0

    def run(self) -> list[str]:
        """Rehearse all acts and the end; give what went another way."""
        self._begin()
        for number, act in enumerate(self.scenario.acts, 1):
            self._pass_time(act)
            match act:
                case Do():
                    self._do(number, act)
                case Organisation():
                    self._suspend(act)
                case _:
                    pass
        self._end()
        return self.wrong

    def _begin(self) -> None:
        one = self.scenario
        method = shipped()[one.method]
        days = _calendar(one.calendar, one.zone, one.begins.year)
        start = StartDialogue(
            method=one.method,
            title=one.title.nl,
            zone=one.zone,
            calendar=one.calendar,
            roles={one.director_role: (one.director,)},
            deadlines=one.deadlines,
            clock=Clock(
                real_start=self.now, start=self.now, day_ms=one.day_ms or 1_000
            ),
            compiled=Compiled(
                method=method.method,
                method_hash=method.hash,
                calendar=days,
                calendar_hash=content_hash(days.model_dump(mode="json")),
            ),
        )
        self._send(start, Actor(id=one.director, role=one.director_role))
        for person in one.people:
            for role in person.roles:
                body = {"role": role, "actor": person.id, "name": "x", "address": "y"}
                act = {"do": "assign_role", "by": one.director, "with": body}
                self._do(0, Do.model_validate(act))

    def _pass_time(self, act: Act) -> None:
        if act.at is not None:
            self._until(self.scenario.instant(act.at))
        while act.once and not act.once.sent and not self._holds(act):
            alarm = next_alarm(self._dialogue)
            if alarm is None:
                self.wrong.append(f"{act.once} never holds")
                return
            self._until(max(alarm, self.now))

    def _holds(self, act: Act) -> bool:
        return act.once is None or holds(self._dialogue, act.once)

    @property
    def _dialogue(self) -> Dialogue:
        assert self.state is not None, "the dialogue was not started"
        return self.state

    def _until(self, moment: datetime) -> None:
        while (alarm := next_alarm(self._dialogue)) is not None and alarm <= moment:
            self.now = max(self.now, alarm)
            ready = due(self._dialogue, self.now)
            for _, command in ready:
                self._send(command, CLOCK_ACTOR)
            if not ready:
                break
        self.now = max(self.now + timedelta(minutes=1), moment)

    def _do(self, number: int, act: Do) -> None:
        kind = COMMANDS[act.do]
        texts = {n for n in private_fields(kind) if isinstance(act.body.get(n), str)}
        body: dict[str, Any] = {**act.body, **dict.fromkeys(texts, _SAID)}
        if isinstance(body.get("seq"), str):
            body |= self._noted(body["seq"].removeprefix(NOTED))
        person = self.scenario.person(act.by)
        actor = Actor(id=act.by, role=person.roles[0] if person else PUBLIC)
        came = self._send(kind.model_validate(body), actor)
        expected = act.refused or sorted(act.records)
        seen = came if isinstance(came, str) else sorted({*came} & {*act.records})
        refused = isinstance(seen, str) and seen.partition(":")[0] == act.refused
        if expected != seen and not refused:
            told = f"act {number} {act.do} at {self.now:%Y-%m-%d}"
            self.wrong.append(f"{told}: expected {expected}, seen {seen}")

    def _noted(self, wanted: str) -> dict[str, Any]:
        found = [e for e in self.events if getattr(e.data, "type", None) == wanted]
        was = getattr(found[-1].data, "value", None)
        return {"seq": found[-1].seq, "event_type": "fact_noted", "was": was}

    def _suspend(self, act: Organisation) -> None:
        kind = LiftSuspension if act.lifts else SuspendDialogue
        self._send(kind(suspension=act.suspension), Actor(id="polder", role="system"))

    def _send(self, command: AnyCommand, by: Actor) -> tuple[str, ...] | str:
        self._number += 1
        digest = sha256(str(self._number).encode()).hexdigest()[:16]
        cause = Cause(
            stream=self.scenario.stream,
            id=f"c-{self._number}",
            actor=by,
            at=self.now,
            if_version=None,
            digest=digest,
        )
        try:
            new = decide(self.state, command, cause)
        except DomainError as refusal:
            return f"{type(refusal).__name__}: {refusal}"
        for event in new:
            self.state = evolve(self.state, event)
        self.events += new
        return tuple(event.type for event in new)

    def _end(self) -> None:
        ends, state = self.scenario.ends, self._dialogue
        rounds = {name: len(each) for name, each in state.steps.items()}
        seen: list[Any] = [state.status, {k: v for k, v in rounds.items() if v > 1}]
        expected: list[Any] = [ends.status, dict(ends.rounds)]
        for window in ends.windows:
            runs = state.windows.get(window.window, ())
            run = runs[window.run - 1] if len(runs) >= window.run else None
            seen.append(run and (window.window, run.status, run.on_time, run.late))
            want = (window.window, window.status, window.on_time, window.late)
            expected.append(want)
        seen.append(len(state.compensations))
        expected.append(ends.compensations)
        if seen != expected:
            self.wrong.append(f"the end: expected {expected}, seen {seen}")
