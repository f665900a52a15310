"""Whoever gave a response hears what was done with it, and why.

A message names the responses by number and where the reason lies in the vault; who
gave them is looked up when it is sent, and the reason is opened then. Many are told in
parts, so that no event and no sending grows too large.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from domain.events import Event
from domain.ledger_facts import AnswersToldAgain, ResponseAnswered, Untold
from domain.notices import About, Enclosed, Told
from domain.response_numbers import bits_of, shared_out, together, written
from domain.rounds import step_of
from domain.state import Dialogue, Effect

AT_ONCE: Final = 200
"""How many responses one message is about: their letters go out within minutes."""


def answer_given(event: Event, data: ResponseAnswered) -> tuple[Effect, ...]:
    """Give the messages to those whose responses were answered, in parts."""
    numbers = bits_of(data.numbers)
    said = Untold(numbers=numbers, outcome=data.outcome, reference=data.reference)
    return tuple(_letters(event, data.window, {str(event.seq): said}))


def given_again(
    state: Dialogue, event: Event, data: AnswersToldAgain
) -> tuple[Effect, ...]:
    """Give the messages to those whom their answer did not reach: each as it was."""
    again = bits_of(data.numbers)
    missed = state.ledgers[data.window].untold.items()
    due = {
        seq: each.model_copy(update={"numbers": each.numbers & again})
        for seq, each in missed
        if each.numbers & again
    }
    return tuple(_letters(event, data.window, due))


def on_their_way(state: Dialogue, window: str) -> int:
    """Give the responses of a window whose answers are being sent, or could not be."""
    owed = state.effects.values()
    mine = (each.responses for each in owed if each.target == window)
    return together(bits_of(numbers) for numbers in mine if numbers)


def _letters(event: Event, window: str, said: dict[str, Untold]) -> Iterator[Effect]:
    """Give messages with answers, each by the seq of the event that gave it."""
    parts = (
        (int(seq), each, part)
        for seq, each in said.items()
        for part in shared_out(each.numbers, AT_ONCE)
    )
    for number, (seq, each, part) in enumerate(parts, 1):
        yield Effect(
            id=f"e{event.seq}-{number}",
            notice="answer_given",
            target=window,
            recipients=(),
            responses=written(part),
            about=_about(seq, window, each),
            seq=event.seq,
        )


def _about(seq: int, window: str, said: Untold) -> About:
    facts = [Told(name="answer", value=said.outcome)]
    if said.reference is not None:
        facts.append(Told(name="reference", value=said.reference))
    return About(
        subject=f"answers {window}",
        heading=window,  # its title takes the place of this where it is known
        step=step_of(window),
        facts=tuple(facts),
        enclosed=(Enclosed(name="reason", place=(seq, "/reason")),),
    )
