"""From what a command left on record its kind can be read, whatever the command."""

from __future__ import annotations

from hypothesis import settings

from domain.attribution import (
    OWN,
    REOPENED,
    command_of,
    leading,
    steps_in,
    told_type,
)
from domain.commands import COMMANDS, AnyCommand
from domain.decide import decide
from domain.errors import DomainError
from domain.events import EVENTS, to_data
from domain.facts import Actor
from domain.messages import kind_of
from domain.rounds import step_of
from tests.domain.machine import DialogueMachine


class Told(DialogueMachine):
    """The machine of the domain; what each command leaves is read back."""

    def send(self, command: AnyCommand, by: Actor, name: str | None = None) -> bool:
        """Send a command after reading from its events what it was."""
        try:
            events = decide(self.held, command, self.cause(command, by, name))
        except DomainError:
            events = ()
        if events:
            types = [told_type(e.type, to_data(e)[0]) for e in events]
            assert command_of(types) == kind_of(type(command))
            named = [getattr(command, "step", None), *getattr(command, "items", ())]
            wished = {step_of(each) for each in named if each}
            first = leading(types)
            pairs = zip(events, types, strict=True)
            own = [to_data(event)[0] for event, told in pairs if told == first]
            told = frozenset[str]().union(*map(steps_in, own))
            # What was done already is left out; a step of its own is never added.
            assert not wished or (told and told <= wished)
        return super().send(command, by, name)


TestTold = Told.TestCase
TestTold.settings = settings(max_examples=25, stateful_step_count=25)


def test_every_kind_of_command_can_be_told() -> None:
    """No command of the domain leaves only events that tell of another."""
    assert {*OWN.values()} == {*COMMANDS}


def test_what_is_told_of_exists() -> None:
    """The table speaks of events of the domain; what else there is has no command."""
    assert {*OWN} - {REOPENED} <= {*EVENTS}
    assert {*EVENTS} - {*OWN} == {
        "command_refused",
        "compensation_planned",
        "harvest_questioned",
        "meeting_voided",
        "step_voided",
        "window_voided",
    }


def test_what_belongs_to_no_dialogue_tells_itself() -> None:
    """In the streams of organisations an event is its own kind."""
    assert command_of(["mandate_delegated"]) == "mandate_delegated"
    assert command_of(["window_closed", "window_opened"]) == "open_window"
