"""Facts are read strictly, written exactly, and refusals repeat no free text."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.commands import (
    COMMANDS,
    AnyCommand,
    CompleteItems,
    NoteSignal,
    RecordResponse,
    StartDialogue,
)
from domain.errors import DomainError, UnknownItem
from domain.events import EVENTS, from_body, to_data
from domain.evolve import fold
from domain.facts import Actor, Fact, Instant, Mandate, Private, written
from domain.messages import kind_of, private_fields
from domain.state import Dialogue, thick, thin
from tests.domain.story import all_done, start

SENTENCE = "Jan Jansen, Kerkstraat 3, is boos"


def test_every_command_and_event_has_a_kind_of_its_own() -> None:
    """Kinds are snake case and lead back to their class."""
    assert len(COMMANDS) == len(get_args(AnyCommand)) == 94
    for kind, command in COMMANDS.items():
        assert kind == kind_of(command)
    assert kind_of(CompleteItems) == "complete_items"
    assert len(EVENTS) == len(set(EVENTS.values()))


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_a_command_refuses_members_it_does_not_know(kind: str) -> None:
    """A typing error is no silent loss."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        COMMANDS[kind].model_validate({"nonsense": 1})


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_a_private_field_takes_a_commitment_and_no_text(kind: str) -> None:
    """Plain text in its place is refused."""
    for field in private_fields(COMMANDS[kind]):
        annotation: Any = COMMANDS[kind].model_fields[field].annotation
        adapter = TypeAdapter[Any](annotation)
        adapter.validate_python({"commitment": "0" * 64})
        with pytest.raises(ValidationError):
            adapter.validate_python(SENTENCE)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-21T16:20:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "soon",
    ],
)
def test_a_moment_that_is_none_is_refused_like_any_other_value(moment: str) -> None:
    """Also one that lies outside the years once it is UTC."""
    with pytest.raises(ValidationError):
        RecordResponse.model_validate(
            {"window": "a.b", "respondent": "r", "received_at": moment}
        )


def test_an_instant_is_written_with_its_microseconds() -> None:
    """And read back the same."""
    adapter = TypeAdapter[Any](Instant)
    moment = adapter.validate_python("2026-11-21T16:20:00+01:00")
    assert written(moment) == "2026-11-21T15:20:00.000000Z"
    assert adapter.dump_json(moment) == b'"2026-11-21T15:20:00.000000Z"'
    early = adapter.validate_python("0999-11-21T16:20:00.5Z")
    assert written(early) == "0999-11-21T16:20:00.500000Z"
    assert adapter.validate_python(written(early)) == early


@pytest.mark.parametrize(
    "text",
    ["", "a\nb", "a\x00b", "\x7f", "\u2028", "x" * 501, "\ud800"]
    + [f"park{mark}zicht" for mark in "\x80\x85\x9b\x9f\u2029\u202a\u202e\u2066\u2069"],
)
def test_a_line_is_one_line_that_every_store_can_hold(text: str) -> None:
    """No control characters, no NUL, no lone surrogates, no turned reading order."""
    with pytest.raises(ValidationError):
        NoteSignal(type="t", source="s", reference=text)
    NoteSignal(type="t", source="s", reference="één park – \u00a0ʼt zicht, حديقة")


@pytest.mark.parametrize(
    ("model", "members"),
    [
        (CompleteItems, {"items": [SENTENCE]}),
        (NoteSignal, {"type": SENTENCE, "source": "s"}),
        (NoteSignal, {"type": "t", "source": SENTENCE}),
        (Actor, {"id": SENTENCE, "role": "panel"}),
        (Actor, {"id": "x", "role": SENTENCE}),
        (Private, {"commitment": SENTENCE}),
        (StartDialogue, {"method": "m", "title": "t", "roles": {SENTENCE: ["x"]}}),
        (StartDialogue, {"method": "m", "title": "t", "roles": {"x": [SENTENCE]}}),
    ],
)
def test_a_sentence_is_no_id_and_the_refusal_does_not_repeat_it(
    model: type[Fact], members: dict[str, object]
) -> None:
    """What a sender put in the place of an id reaches neither core nor message."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate(members)
    messages = [found["msg"] for found in refused.value.errors()]
    assert SENTENCE not in " ".join(messages)
    if not any(SENTENCE in str(found["loc"]) for found in refused.value.errors()):
        assert SENTENCE not in str(refused.value)


def test_every_refusal_has_a_message_with_all_its_facts_filled_in() -> None:
    """Its docstring is the message; its name finds it."""
    for name, error in DomainError.kinds.items():
        assert error.__name__ == name
        assert error.template().endswith((".", "}")), name
    assert str(UnknownItem(item="a.b", hint="Look.")) == (
        "There is no item a.b in this plan. Look."
    )


def test_a_state_survives_json_whole_and_thin() -> None:
    """What a workflow carries on, and what a projection keeps."""
    state = all_done().state
    text = json.dumps(state.model_dump(mode="json"))
    assert Dialogue.model_validate(json.loads(text)) == state
    small = json.loads(json.dumps(thin(state)))
    assert thick(small, state.plan, state.calendar, state.handled) == state


def test_events_survive_their_recorded_form() -> None:
    """Folding what was read from the record gives the state that was held."""
    story = all_done()
    command = start()
    assert command.compiled is not None
    kept = command.compiled
    contents = {kept.method_hash: kept.method, kept.calendar_hash: kept.calendar}
    read = [
        from_body(
            {
                "seq": event.seq,
                "type": event.type,
                "at": written(event.at),
                "actor": event.actor.model_dump(),
                "mandate": None,
                "cause": event.cause,
                "data": data,
                "private": private,
            },
            contents,
        )
        for event in story.events
        for data, private in [to_data(event)]
    ]
    assert read == story.events
    assert fold(read) == story.state
    assert fold(()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"stream": "a text"},
        {"stream": "gemeente-waterdam"},
        {"stream": "Gemeente:parkzicht"},
        {"seq": 0},
        {"seq": 2**53},
    ],
    ids=str,
)
def test_a_mandate_names_an_event_that_there_can_be(changes: dict[str, object]) -> None:
    """A stream by its name, an event by a number that every reader holds exactly."""
    known = {"stream": "org:gemeente-waterdam", "seq": 2**53 - 1, "hash": "0" * 64}
    Mandate.model_validate(known)
    with pytest.raises(ValueError, match=next(iter(changes))):
        Mandate.model_validate(known | changes)
