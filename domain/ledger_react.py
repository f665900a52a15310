"""Whoever gave a response hears what was done with it, and why.

A message names the responses by number and where the reason lies in the vault; who
gave them is looked up when it is sent, and the reason is opened then. Many are told in
parts, so that no event and no sending grows too large.
"""

from __future__ import annotations

from typing import Final

from domain.events import Event
from domain.ledger_facts import ResponseAnswered
from domain.notices import About, Enclosed, Told
from domain.response_numbers import bits_of, shared_out, written
from domain.rounds import step_of
from domain.state import Effect

AT_ONCE: Final = 200
"""How many responses one message is about: their letters go out within minutes."""


def answer_given(event: Event, data: ResponseAnswered) -> tuple[Effect, ...]:
    """Give the messages to those whose responses were answered, in parts."""
    parts = shared_out(bits_of(data.numbers), AT_ONCE)
    about = _about(event, data)
    return tuple(
        Effect(
            id=f"e{event.seq}-{number}",
            notice="answer_given",
            target=data.window,
            recipients=(),
            responses=written(part),
            about=about,
            seq=event.seq,
        )
        for number, part in enumerate(parts, 1)
    )


def _about(event: Event, data: ResponseAnswered) -> About:
    facts = [Told(name="answer", value=data.outcome)]
    if data.reference is not None:
        facts.append(Told(name="reference", value=data.reference))
    return About(
        subject=f"answers {data.window}",
        heading=data.window,  # its title takes the place of this where it is known
        step=step_of(data.window),
        facts=tuple(facts),
        enclosed=(Enclosed(name="reason", place=(event.seq, "/reason")),),
    )
