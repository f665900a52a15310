"""Once is once: an id does one thing, for life, whatever else has happened since."""

from __future__ import annotations

from domain.commands import CompleteItems, NoteSignal, OpenWindow, StartStep
from domain.decide import decide, refuse, was_handled
from domain.errors import IdReused, VersionConflict
from domain.evolve import evolve
from domain.state import Handled
from tests.domain.story import DIRECTOR, given, nothing, start

ITEM = CompleteItems(items=("brief.question",))


def test_a_command_sent_twice_has_one_effect() -> None:
    """The same id with the same body gives no events the second time."""
    story = given().when(ITEM, id="x").when(ITEM, id="x").then_nothing()
    assert was_handled(story.state, story.cause(ITEM, id="x"))


def test_a_repeat_is_known_before_the_version_is_looked_at() -> None:
    """Who repeats a command need not know that it moved the dialogue on."""
    story = given().when(ITEM, id="x", if_version=1)
    story.when(ITEM, id="x", if_version=1).then_nothing()
    story.when(ITEM, id="y", if_version=1).then_refused(VersionConflict, "version 4")


def test_a_repeat_is_known_after_the_rules_would_refuse_it() -> None:
    """A window is open already, but this is the command that opened it."""
    story = given(StartStep(step="brief"))
    opened = OpenWindow(window="brief.ideas")
    story.until_the_next_alarm().when(opened, id="x")
    story.when(opened, id="x").then_nothing()
    assert len(story.state.windows["brief.ideas"]) == 2


def test_an_id_with_another_body_is_refused_and_nothing_changes() -> None:
    """The first use of an id is what it stands for."""
    story = given().when(ITEM, id="x")
    version = story.state.version
    story.when(StartStep(step="brief"), id="x").then_refused(IdReused, "x")
    assert story.state.version == version
    story.when(ITEM, id="x").then_nothing()


def test_a_repeated_start_has_no_effect() -> None:
    """The start is a command like others."""
    nothing().when(start(), id="s").when(start(), id="s").then_nothing()


def test_an_id_is_remembered_after_a_thousand_others() -> None:
    """There is no window of recent ids."""
    story = given().when(ITEM, id="x")
    for number in range(1000):
        story.when(NoteSignal(type="tick", source="s"), id=f"n-{number}")
    story.when(ITEM, id="x").then_nothing()


def test_a_refused_signal_is_an_event_and_spends_its_id_once() -> None:
    """What was refused is on record once, however often it is sent."""
    story = given()
    cause = story.cause(ITEM, id="x")
    (event,) = refuse(story.state, "complete_items", "x", "StepNotReady", cause)
    after = evolve(story.state, event)
    assert after.refused == 1
    assert refuse(after, "complete_items", "x", "StepNotReady", cause) == ()
    assert decide(after, ITEM, cause) == ()
    assert after.model_copy(
        update={"refused": 0, "version": 1, "handled": story.state.handled}
    ) == (story.state)


def test_every_event_names_its_cause_and_only_the_first_its_digest() -> None:
    """One command's events belong together, in one gapless run of numbers."""
    story = given().when(ITEM, by=DIRECTOR, id="x")
    assert [event.seq for event in story.new] == [2, 3, 4]
    assert {event.cause for event in story.new} == {"x"}
    assert [event.digest is not None for event in story.new] == [True, False, False]


def test_what_was_handled_is_kept_in_order_however_much_it_is() -> None:
    """Each is there from its own state on, and what is written is read back."""
    states = [Handled()]
    for number in range(1_000):
        states.append(states[-1].adding(number.to_bytes(8), f"{number:016x}"))
    for number in (0, 255, 256, 257, 999):
        key = number.to_bytes(8)
        assert key not in states[number]
        assert states[number + 1][key] == key
        assert len(states[number]) == number
    assert list(states[-1]) == [number.to_bytes(8) for number in range(1_000)]
    again = Handled.unpacked(states[-1].packed())
    assert again == states[-1]
    assert again != states[-2]
    assert states[-1].adding(bytes(8), "ff" * 8)[bytes(8)] == b"\xff" * 8
