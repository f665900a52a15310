"""What a play does beside its acts: who joins, what the organisation does."""

from __future__ import annotations

from collections.abc import Iterator

from desk.desk import Desk, Sender
from desk.history import whole_history
from desk.organisations import resume, suspend
from examples.acts import NOTED, Do, Organisation
from examples.scenario import Scenario


async def stop_or_go_on(desk: Desk, scenario: Scenario, act: Organisation) -> None:
    """Let the organisation suspend its windows, or let those of this dialogue go on."""
    name, sender = scenario.organisation, Sender(act.by)
    if act.lifts:
        await resume(
            desk,
            name,
            sender,
            suspension=act.suspension,
            dialogues=(scenario.slug,),
            reason=act.because,
        )
        return
    await suspend(
        desk,
        name,
        sender,
        suspension=act.suspension,
        reason=act.because,
        authority=act.authority,
    )


async def noted(desk: Desk, stream: str, named: str) -> int:
    """Give the number of the last fact noted of a type; 0 where there is none."""
    wanted, last = named.removeprefix(NOTED), 0
    for event in await whole_history(desk, stream):
        members = event.members
        if members["type"] == "fact_noted" and members["data"]["type"] == wanted:
            last = event.seq
    return last


def joining(scenario: Scenario) -> Iterator[Do]:
    """Give a command for each role of each person, with name and address."""
    for person in scenario.people:
        for role in person.roles:
            known = {"name": person.name, "address": person.address}
            body = {"role": role, "actor": person.id, **known}
            yield Do.model_validate(
                {"do": "assign_role", "by": scenario.director, "with": body}
            )
