"""An agreement that several made: each keeps a part, and each part is settled apart."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.agreement_facts import (
    AgreementExtended,
    AgreementMade,
    AgreementOutcome,
    AgreementReminded,
    AgreementSettled,
    ExtendAgreement,
    MakeAgreement,
    RemindAgreement,
    SettleAgreement,
)
from domain.alarms import next_alarm
from domain.entries import entries
from domain.events import to_data
from domain.evolve import fold
from domain.harvest_errors import (
    AgreementSettledAlready,
    NotAParty,
    PartSettledAlready,
)
from domain.people_register_facts import RegisterStakeholder, ReleaseStakeholder
from domain.progress import needs_attention
from domain.terms import Duration
from tests.domain.story import SAID, Story, given, has

FIRMS = ("firm-1", "firm-2", "firm-3")


def made(**more: Any) -> MakeAgreement:  # noqa: ANN401  (any member)
    """Give the command by which three firms promise a plan within ten working days."""
    told: dict[str, Any] = {"duration": Duration(working_days=10), **more}
    return MakeAgreement(
        agreement="plan", what=SAID, who=FIRMS[0], others=FIRMS[1:], **told
    )


def settle(
    outcome: AgreementOutcome,
    party: str | None = None,
    **more: Any,  # noqa: ANN401
) -> SettleAgreement:
    """Give the command that settles a part, or all that are open."""
    told: dict[str, Any] = {"agreement": "plan", "outcome": outcome, "reason": SAID}
    return SettleAgreement(party=party, **told, **more)


def row(story: Story) -> dict[str, Any]:
    """Give the agreement's row, as lists have it."""
    found: dict[str, Any] = {}
    state = None
    for event in story.events:
        state = fold(story.events[: event.seq])
        assert state is not None
        for entry in entries(event, state):
            if (entry.kind, entry.id) == ("agreement", "plan"):
                found |= entry.data or {}
    return found


def told(story: Story, notice: str) -> list[tuple[str, ...]]:
    """Give who gets letters of a kind."""
    effects = story.state.effects.values()
    return [effect.recipients for effect in effects if effect.notice == notice]


def test_everybody_who_made_it_hears_of_it() -> None:
    """One agreement, one letter, to each."""
    story = given().when(made()).then(has(AgreementMade, others=FIRMS[1:]))
    assert told(story, "agreement_made") == [FIRMS]


def test_an_agreement_of_one_is_written_as_it_always_was() -> None:
    """What has no parts says nothing of parts."""
    alone = made().model_copy(update={"others": ()})
    story = given(alone).and_(settle("kept"))
    for event in story.events[1:]:
        data, _ = to_data(event)
        assert not {"others", "parties", "party"} & data.keys()
    assert "parts" not in row(story)


def test_each_part_is_settled_apart_and_the_whole_with_the_last() -> None:
    """Two kept theirs and one did not: it is open until that is said."""
    story = given(made()).when(settle("kept", "firm-2"))
    story.then(has(AgreementSettled, outcome="kept", parties=("firm-2",)))
    assert story.state.harvest.agreements["plan"].waiting == ("firm-1", "firm-3")
    assert row(story)["parts"] == {"firm-2": "kept"}
    assert row(story)["settled"] is None
    story.and_(settle("broken", "firm-3"), settle("kept", "firm-1"))
    assert not story.state.harvest.agreements["plan"].open
    assert row(story)["settled"]["outcome"] == "broken"
    wanted = {"firm-2": "kept", "firm-3": "broken", "firm-1": "kept"}
    assert row(story)["parts"] == wanted
    story.when(settle("kept", "firm-1")).then_refused(AgreementSettledAlready)
    assert fold(story.events) == story.state


@pytest.mark.parametrize(
    ("ends", "whole"),
    [
        (("kept", "kept", "kept"), "kept"),
        (("kept", "lapsed", "kept"), "kept"),
        (("lapsed", "lapsed", "lapsed"), "lapsed"),
        (("kept", "renegotiated", "lapsed"), "renegotiated"),
        (("renegotiated", "kept", "broken"), "broken"),
    ],
)
def test_the_whole_is_called_by_what_counts_most(
    ends: tuple[AgreementOutcome, ...], whole: str
) -> None:
    """Broken before agreed anew, that before kept; only what lapsed for all lapsed."""
    story = given(made())
    for party, outcome in zip(FIRMS, ends, strict=True):
        story.and_(settle(outcome, party))
    assert story.state.harvest.agreements["plan"].settled == whole


def test_without_a_party_all_that_are_open_are_settled_at_once() -> None:
    """What was said of one before that stays as it was."""
    story = given(made()).and_(settle("broken", "firm-1")).when(settle("kept"))
    story.then(has(AgreementSettled, outcome="kept", parties=("firm-2", "firm-3")))
    assert story.state.harvest.agreements["plan"].settled == "broken"


def test_only_whose_part_is_open_is_reminded() -> None:
    """By the clock and by hand; whoever kept theirs hears nothing any more."""
    story = given(made()).and_(settle("kept", "firm-1"))
    story.until_the_next_alarm()
    story.then(has(AgreementReminded, who="firm-2", told=("firm-2", "firm-3")))
    story.and_(settle("kept", "firm-2"))
    story.when(RemindAgreement(agreement="plan"))
    story.then(has(AgreementReminded, who="firm-3", told=("firm-3",)))
    story.and_(settle("kept", "firm-3"))
    assert next_alarm(story.state) is None


def test_more_time_is_for_whose_part_is_open() -> None:
    """They hear of the new date."""
    story = given(made()).and_(settle("kept", "firm-1"))
    longer = ExtendAgreement(
        agreement="plan", duration=Duration(working_days=5), reason=SAID
    )
    story.when(longer).then(AgreementExtended)
    assert told(story, "agreement_extended") == [("firm-2", "firm-3")]


def test_whose_part_falls_away_hears_so_and_nobody_else() -> None:
    """That it lapsed for one says nothing to the others."""
    story = given(made()).and_(settle("lapsed", "firm-3"))
    assert told(story, "agreement_ended") == [("firm-3",)]


def test_one_that_repeats_comes_back_for_all_once_the_last_part_is_settled() -> None:
    """As a yearly check is: what each did the time before stays to be seen."""
    story = given(made(repeats=365)).and_(settle("kept", "firm-1"))
    story.when(settle("broken", "firm-2"))
    story.then(has(AgreementSettled, next_due=None))
    story.when(settle("kept", "firm-3"))
    (event,) = story.new
    assert isinstance(event.data, AgreementSettled)
    assert event.data.next_due is not None
    assert story.state.harvest.agreements["plan"].waiting == FIRMS
    assert row(story)["parts"] == {}
    before = {"firm-1": "kept", "firm-2": "broken", "firm-3": "kept"}
    assert row(story)["last"]["parts"] == before
    for party in FIRMS:
        story.and_(settle("kept", party, ends=True))
    assert story.state.harvest.agreements["plan"].settled == "kept"


def test_who_has_no_part_or_whose_part_is_settled_is_told_so() -> None:
    """With those who have one, and those whose part is open."""
    story = given(made()).and_(settle("kept", "firm-1"))
    story.when(settle("kept", "firm-9")).then_refused(NotAParty, "firm-3")
    again = settle("broken", "firm-1")
    story.when(again).then_refused(PartSettledAlready, "firm-2, firm-3")
    alone = MakeAgreement(agreement="own", what=SAID, who="firm-1")
    story.and_(alone)
    other = settle("kept", "firm-2").model_copy(update={"agreement": "own"})
    story.when(other).then_refused(NotAParty, "firm-1")
    own = settle("kept", "firm-1").model_copy(update={"agreement": "own"})
    story.when(own).then(has(AgreementSettled, parties=()))


def test_who_leaves_puts_before_a_person_what_they_still_owe() -> None:
    """Whoever kept their part before leaves nothing open."""
    people = [RegisterStakeholder(stakeholder=firm) for firm in FIRMS]
    story = given(*people, made()).and_(settle("kept", "firm-1"))
    story.and_(ReleaseStakeholder(stakeholder="firm-1", reason=SAID))
    assert not story.state.harvest.agreements["plan"].to_review
    story.and_(ReleaseStakeholder(stakeholder="firm-2", reason=SAID))
    assert story.state.harvest.agreements["plan"].to_review
    assert row(story)["to_review"]


def test_a_part_whose_holder_is_not_reached_shows() -> None:
    """Until that part is settled."""
    story = given(made())
    effect = next(iter(story.state.effects))
    story.world(effect, missing=("firm-3",))
    assert "agreement_unreached" in [n.kind for n in needs_attention(story.state)]
    story.and_(settle("kept", "firm-3"))
    assert "agreement_unreached" not in [n.kind for n in needs_attention(story.state)]


def test_everybody_is_named_once_and_not_too_many_at_once() -> None:
    """An event that names all of them stays small."""
    with pytest.raises(ValidationError, match="once"):
        MakeAgreement(agreement="x", what=SAID, who="a-1", others=("a-1",))
    crowd = tuple(f"firm-{number:0>190}" for number in range(60))
    with pytest.raises(ValidationError, match="several"):
        MakeAgreement(agreement="x", what=SAID, who="a-1", others=crowd)
