"""What a dialogue's agreements ask is worked out when they change, not each time."""

from __future__ import annotations

from collections.abc import Mapping

from domain.asks import Ask, lasting
from domain.commands import CompleteItems
from domain.people_register_facts import RegisterStakeholder
from domain.state import Dialogue
from tests.domain.story import given
from tests.domain.test_agreements import promise


def promised(state: Dialogue) -> Mapping[tuple[str, str], Ask]:
    """Give what its agreements ask."""
    return {(ask.kind, ask.target): ask for ask in lasting(state)}


def test_what_agreements_ask_is_kept_while_all_else_moves() -> None:
    """An item that is completed costs a dialogue with many agreements nothing more."""
    story = given().and_(promise("culvert"), promise("bench"))
    before = promised(story.state)
    assert len(before) == 4
    after = promised(story.and_(CompleteItems(items=("brief.question.scope",))).state)
    assert after == before
    assert all(after[key] is before[key] for key in before)


def test_what_agreements_ask_is_that_of_their_state() -> None:
    """Kept or worked out of a state that was read anew: both say the same."""
    story = given()
    wishes = (
        promise("culvert"),
        RegisterStakeholder(stakeholder="c-1", impact=1, influence=1),
        promise("bench"),
        CompleteItems(items=("brief.question.scope",)),
    )
    for wish in wishes:
        story = story.and_(wish).later(hours=1)
        anew = Dialogue.model_validate(story.state.model_dump(mode="json"))
        assert promised(anew) == promised(story.state)
