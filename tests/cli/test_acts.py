"""Every command of the domain has its short form, and takes what the domain takes."""

from __future__ import annotations

import pytest

from cli.act import Act
from cli.acts import ACTS, BY_KIND
from cli.advising import as_command
from desk.advice import Advice
from domain.commands import COMMANDS
from domain.messages import private_fields

LONGER = {
    "duration": {"working_days", "calendar_days", "until"},
    "threshold": {"percent", "share", "count", "of", "more_than"},
    "counts": {"in_favour", "against", "abstained", "entitled", "valid"},
}
"""What a person says in other words than the domain."""

FILLED_IN = {
    "generation",
    "received_at",
    "calendar",
    "calendar_hash",
    "event_type",
    "was",
    "compiled",
    "method_hash",
}
"""What the desk or the clock says, and no person."""

BY_THE_DESK = {"record_responses", "suspend_dialogue", "lift_suspension"}
"""What the desk sends for many people or many dialogues at once."""


def test_every_command_has_a_short_form() -> None:
    """All kinds but those that are Polder's own, and the one that starts."""
    wanted = {kind for kind, each in COMMANDS.items() if not each.internal}
    assert set(BY_KIND) == wanted - {"start_dialogue"} - BY_THE_DESK
    assert len(ACTS) == len(BY_KIND) == len({act.name for act in ACTS})


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_a_short_form_takes_exactly_what_its_command_takes(act: Act) -> None:
    """No field is missing and none is made up; what must be given must be given."""
    fields = COMMANDS[act.kind].model_fields
    told = {word.field for word in act.takes}
    extra = {"step"} if act.kind == "complete_items" else set[str]()
    wanted = {
        name
        for field in fields.keys() - FILLED_IN
        for name in LONGER.get(field, {field})
    }
    assert told == wanted | extra
    needed = {name for name, field in fields.items() if field.is_required()}
    must = {word.field for word in act.takes if word.required}
    assert must <= needed
    assert needed - must <= {"items", "duration", "counts", *FILLED_IN}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_help_says_what_stays_private(act: Act) -> None:
    """Whoever types a private text is told that it stays private."""
    private = private_fields(COMMANDS[act.kind])
    told = [word.help for word in act.takes if word.field in private]
    assert len(told) == len(private)
    assert all("private" in text for text in told)


def test_advice_is_a_line_to_copy() -> None:
    """What is known is quoted, what is for the reader to fill in stands in capitals."""
    advice = Advice("waive_items", {"items": ("a.b", "a.c")})
    assert as_command("org:x", advice) == (
        'polder dialogue waive org:x a.b a.c --reason "WAAROM"'
    )
    advice = Advice("assign_role", {"role": "panel", "actor": "", "address": ""})
    assert as_command("org:x", advice, "p-1") == (
        "polder dialogue assign-role org:x panel ID --address E-MAIL --as p-1"
    )
