"""What was erased is named by event and field; the state does not change by it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.commands import ArchiveDialogue, CancelDialogue, ErasePersonalData
from domain.errors import IdReused, MalformedCommand, NotEntitled
from domain.events import Event, PersonalDataErased, erasing_digest, from_body, to_data
from domain.evolve import evolve, fold
from domain.facts import Actor
from tests.domain.story import SAID, Story, all_done, given, has
from workflows.intake import body_digest

CLOCK = Actor(id="polder", role="clock", via="timer")
Places = tuple[tuple[int, str], ...]

NAMED: Places = ((1, "/reason"), (2, "/name"))
CAUSE = "polder:missing:2"


def erasing(paths: Places = NAMED) -> ErasePersonalData:
    """The command that names these places."""
    return ErasePersonalData(paths=paths)


def test_the_event_holds_its_paths_and_nothing_else() -> None:
    """Its data is exactly `{"paths": …}`, without the digest that others have."""
    [event] = all_done().when(erasing(), by=CLOCK, id=CAUSE).new
    assert event.digest is not None
    assert to_data(event) == ({"paths": [[1, "/reason"], [2, "/name"]]}, {})


def test_a_dialogue_folded_from_its_record_still_knows_the_command() -> None:
    """The same id with other paths is refused, though no digest was recorded."""
    story = all_done().when(erasing(), by=CLOCK, id=CAUSE)
    folded = fold([*story.events[:-1], again(story)])
    assert folded == story.state
    assert story.when(erasing(), by=CLOCK, id=CAUSE).new == ()
    assert story.refusal is None
    other = erasing(((1, "/reason"),))
    assert isinstance(story.when(other, by=CLOCK, id=CAUSE).refusal, IdReused)


def again(story: Story) -> Event:
    """The last event, read from its body as the record has it."""
    last = story.events[-1]
    data, private = to_data(last)
    told = last.model_dump(mode="json", include={"seq", "at", "actor", "mandate"})
    body = {"type": last.type, "cause": last.cause, "data": data, "private": private}
    return from_body({**told, **body})


def test_the_digest_is_that_of_the_command() -> None:
    """What is made of the paths is what a sender's envelope would give."""
    body = erasing().model_dump(mode="json")
    assert erasing_digest(NAMED) == body_digest("erase_personal_data", body)


def test_nothing_in_the_state_changes() -> None:
    """Apart from the version, and that this command was handled."""
    story = all_done()
    before = story.state
    after = story.when(erasing(), by=CLOCK, id=CAUSE).state
    held = {"version": before.version, "handled": before.handled}
    assert after.but(**held) == before
    assert after.version == before.version + 1


def test_an_archived_dialogue_can_still_say_what_is_gone() -> None:
    """Erasure outlives the dialogue."""
    story = given(CancelDialogue(reason=SAID), ArchiveDialogue())
    story.when(erasing(), by=CLOCK, id=CAUSE)
    story.then(has(PersonalDataErased, paths=NAMED))


def test_people_do_not_erase_by_saying_so() -> None:
    """The panel may not send it; that nobody from outside may is for the intake."""
    refusal = all_done().when(erasing(), by=Actor(id="k-1", role="panel")).refusal
    assert isinstance(refusal, NotEntitled)


def test_a_place_lies_in_the_past() -> None:
    """An event can't name a field of one that is still to come."""
    story = all_done()
    beyond = erasing(((story.state.version + 1, "/reason"),))
    assert isinstance(story.when(beyond, by=CLOCK).refusal, MalformedCommand)


@pytest.mark.parametrize(
    "paths",
    [
        (),
        ((2, "/name"), (1, "/reason")),
        ((1, "/reason"), (1, "/reason")),
        ((0, "/reason"),),
        ((1, "reason"),),
        ((1, "/Reason"),),
        ((1, ""),),
        tuple((n, "/reason") for n in range(1, 502)),
    ],
)
def test_places_have_one_form(paths: Places) -> None:
    """Rising, each once, at least one and at most 500: so one body has one digest."""
    with pytest.raises(ValidationError):
        erasing(paths)


def test_evolve_does_not_ask_what_an_old_event_names() -> None:
    """Events are facts: whatever their paths, folding goes on."""
    story = all_done().when(erasing(), by=CLOCK, id=CAUSE)
    odd = PersonalDataErased(paths=((900, "/reason"), (1, "/name")))
    event = story.events[-1].model_copy(update={"data": odd})
    assert evolve(story.state, event).status == story.state.status
