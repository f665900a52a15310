"""The affected come first, who joins late is told, who leaves stays on record."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from domain.agreement_facts import MakeAgreement
from domain.commands import (
    AssignRole,
    CompleteDialogue,
    OpenWindow,
    PauseDialogue,
    StartStep,
)
from domain.entries import entries
from domain.errors import NotEntitled, NothingToDo, NotHolder, UnknownRole
from domain.events import RoleAssigned, from_body, to_data
from domain.facts import written
from domain.method import Choice, Text
from domain.need import Need
from domain.people_register import (
    LatecomersUnbriefed,
    StakeholderKnown,
    UnknownKindOfStakeholder,
    UnknownLevel,
    UnknownPhase,
    UnknownStakeholder,
    missed,
    unbriefed,
    unreached,
)
from domain.people_register_facts import (
    BriefingWaived,
    BriefLatecomer,
    ChangeStakeholder,
    EngagementPlanned,
    HandOverRole,
    LatecomerBriefed,
    PlanEngagement,
    RegisterStakeholder,
    ReleaseStakeholder,
    RoleHandedOver,
    Stakeholder,
    StakeholderChanged,
    StakeholderRegistered,
    StakeholderReleased,
    WaiveBriefing,
    standing,
)
from domain.progress import needs_attention
from domain.state import Dialogue, thick, thin
from methods.load import LoadedMethod
from tests.domain.story import (
    ANNE,
    FACILITATOR,
    PASSER_BY,
    SAID,
    Story,
    all_done,
    brief_done,
    given,
    has,
    nothing,
    start,
    trial,
)

Planned = dict[str, dict[str, str | None]]

TENANTS = RegisterStakeholder(stakeholder="tenants", impact=3, influence=0)
SHOPS = RegisterStakeholder(stakeholder="shops", impact=3, influence=1, reached=True)
COUNCIL = RegisterStakeholder(stakeholder="council", impact=2, influence=3)
PRESS = RegisterStakeholder(stakeholder="press", impact=0, influence=2)
SCHOOL = RegisterStakeholder(stakeholder="school")
PROMISE = MakeAgreement(agreement="benches", what=SAID, who="council")


def with_late(*late: RegisterStakeholder) -> Story:
    """Begin a story in which these joined after an agreement was made."""
    return given(PROMISE, *late)


def plan(levels: Planned, phases: dict[str, str] | None = None) -> PlanEngagement:
    """Give the command that plans levels of engagement."""
    return PlanEngagement(levels=levels, phases=phases or {})


def with_own_kinds() -> Story:
    """Begin a story of a method that has kinds and levels of its own."""
    loaded = trial()
    words: Text = {"en": "Any"}
    own = loaded.method.model_copy(
        update={
            "stakeholder_kinds": (Choice(id="users", title=words),),
            "engagement_levels": (
                Choice(id="satisfy", title=words),
                Choice(id="listen", title=words),
            ),
        }
    )
    return nothing().and_(start(LoadedMethod(own, loaded.hash, b"")))


def kept(state: Dialogue) -> Dialogue:
    """Give a state as a database gives it back, members in another order."""
    small = json.loads(json.dumps(thin(state), sort_keys=True))
    return thick(small, state.plan, state.calendar, state.handled)


# The register.


def test_a_stakeholder_is_registered_once() -> None:
    """The register holds two weights and whether they were reached; no names."""
    story = given().when(TENANTS)
    story.then(has(StakeholderRegistered, stakeholder="tenants", late=False))
    assert story.state.stakeholders["tenants"] == (3, 0, False, False)
    story.when(TENANTS).then_refused(StakeholderKnown, "change_stakeholder")


def test_names_and_mandates_are_private() -> None:
    """The event says that there are such texts, and only where they are."""
    wish = RegisterStakeholder(
        stakeholder="tenants",
        name=SAID,
        organisation=SAID,
        address=SAID,
        constituency=SAID,
        mandate=SAID,
    )
    story = given().when(wish).then(StakeholderRegistered)
    data, private = to_data(story.new[0])
    told = {"name", "organisation", "address", "constituency", "mandate"}
    assert {f"/{name}" for name in told} == private.keys()
    assert all(data[name] is None for name in told)


def test_what_is_not_named_stays_as_it_is() -> None:
    """A change brings what it names; naming nothing, or the same, is no change."""
    story = given(TENANTS)
    story.when(ChangeStakeholder(stakeholder="tenants", influence=1, reached=True))
    story.then(StakeholderChanged)
    assert story.state.stakeholders["tenants"] == (3, 1, True, False)
    story.when(ChangeStakeholder(stakeholder="tenants", impact=3, reached=True))
    story.then_refused(NothingToDo)
    story.when(ChangeStakeholder(stakeholder="tenants", impact=3, name=SAID))
    story.then(StakeholderChanged)
    with pytest.raises(ValidationError):
        ChangeStakeholder(stakeholder="tenants")


def test_whoever_is_not_on_the_register_can_not_be_changed_or_leave() -> None:
    """The refusal names who may be meant, and never repeats what was sent."""
    story = given(TENANTS)
    story.when(ChangeStakeholder(stakeholder="tenant", impact=1))
    story.then_refused(UnknownStakeholder, "Did you mean tenants?")
    story.when(ReleaseStakeholder(stakeholder="x-9", reason=SAID))
    story.then_refused(UnknownStakeholder, "register_stakeholder")
    assert "x-9" not in str(story.refusal)


def test_kinds_are_those_of_the_method_where_it_has_them() -> None:
    """Another method lets the organisation choose its own."""
    given().and_(RegisterStakeholder(stakeholder="tenants", kind="neighbours"))
    story = with_own_kinds()
    story.when(RegisterStakeholder(stakeholder="tenants", kind="neighbours"))
    story.then_refused(UnknownKindOfStakeholder, "users")
    story.and_(RegisterStakeholder(stakeholder="tenants", kind="users"))
    story.when(ChangeStakeholder(stakeholder="tenants", kind="neighbours"))
    story.then_refused(UnknownKindOfStakeholder, "users")


def test_a_party_can_leave_and_come_back() -> None:
    """Nothing is owed any more to who left; who comes back is registered anew."""
    story = given(TENANTS, SHOPS)
    story.when(ReleaseStakeholder(stakeholder="tenants", reason=SAID))
    story.then(StakeholderReleased)
    assert [*story.state.stakeholders] == ["shops"]
    assert unreached(story.state) == ()
    story.when(TENANTS).then(StakeholderRegistered)


def test_the_register_is_kept_by_those_who_run_the_process() -> None:
    """Neither a participant nor the public writes in it."""
    for somebody in (ANNE, FACILITATOR, PASSER_BY):
        given().when(TENANTS, by=somebody).then_refused(NotEntitled)


# Who comes first.


def test_those_affected_and_weak_come_first() -> None:
    """Then whom nobody weighed, then the affected who have a say, then the others."""
    story = given(PRESS, COUNCIL, SCHOOL, TENANTS)
    assert unreached(story.state) == ("tenants", "school", "council", "press")
    story.and_(ChangeStakeholder(stakeholder="press", impact=3, influence=1))
    assert unreached(story.state) == ("tenants", "press", "school", "council")
    assert unreached(kept(story.state)) == unreached(story.state)


def test_the_powerful_never_come_before_those_they_affect() -> None:
    """Whatever the weights: much touched and little to say is before all others."""
    order = ("affected_but_weak", "not_weighed", "affected", "other")
    weights = (None, 0, 1, 2, 3)
    every = [(i, n) for i in weights for n in weights]
    stands = {each: order.index(standing(*each)) for each in every}
    weak = {each for each, place in stands.items() if place == 0}
    assert weak == {(i, n) for i in (2, 3) for n in (None, 0, 1)}
    assert all(stands[None, n] == 1 for n in weights)


def test_who_was_not_reached_is_shown_until_they_are() -> None:
    """Those whom the matter hardly touches ask nobody's attention."""
    story = given(COUNCIL, TENANTS, PRESS, SHOPS)
    assert missed(story.state) == ("tenants", "council")
    assert Need("not_reached", "tenants") in needs_attention(story.state)
    story.and_(ChangeStakeholder(stakeholder="tenants", reached=True))
    assert Need("not_reached", "council") in needs_attention(story.state)
    story.and_(ChangeStakeholder(stakeholder="council", reached=True))
    assert unreached(story.state) == ("press",)
    assert "not_reached" not in {need.kind for need in needs_attention(story.state)}
    story.and_(ChangeStakeholder(stakeholder="tenants", reached=False))
    assert unreached(story.state) == ("tenants", "press")


# Late joiners.


def test_whoever_joins_after_agreements_is_owed_a_briefing() -> None:
    """It shows until it is given; nobody is briefed who is owed nothing."""
    story = with_late(TENANTS)
    story.then(has(StakeholderRegistered, late=True))
    assert Need("to_brief", "tenants") in needs_attention(story.state)
    story.when(BriefLatecomer(stakeholder="tenants", note=SAID)).then(LatecomerBriefed)
    assert "to_brief" not in {need.kind for need in needs_attention(story.state)}
    story.when(BriefLatecomer(stakeholder="tenants")).then_refused(NothingToDo)


def test_a_briefing_is_left_out_with_a_reason() -> None:
    """A reason is part of it, and then nothing is owed."""
    story = with_late(TENANTS)
    story.when(WaiveBriefing(stakeholder="tenants", reason=SAID)).then(BriefingWaived)
    assert unbriefed(story.state) == ()
    story.when(WaiveBriefing(stakeholder="tenants", reason=SAID))
    story.then_refused(NothingToDo)


def test_of_those_to_be_briefed_the_affected_and_weak_come_first() -> None:
    """As everywhere; and who leaves is owed nothing."""
    story = with_late(COUNCIL, PRESS, TENANTS)
    assert unbriefed(story.state) == ("tenants", "council", "press")
    story.and_(ReleaseStakeholder(stakeholder="tenants", reason=SAID))
    assert unbriefed(story.state) == ("council", "press")


def test_whoever_joins_a_dialogue_that_is_complete_is_owed_a_briefing() -> None:
    """Its agreements are still watched, and parties join and leave."""
    story = all_done().mail_goes_out().and_(CompleteDialogue(), TENANTS)
    assert Need("to_brief", "tenants") in needs_attention(story.state)
    story.and_(BriefLatecomer(stakeholder="tenants"))
    assert needs_attention(story.state) == ()


def test_whoever_was_there_before_is_owed_no_briefing() -> None:
    """They were at the table when it was agreed."""
    story = given(TENANTS)
    assert unbriefed(story.state) == ()
    story.when(BriefLatecomer(stakeholder="tenants")).then_refused(NothingToDo)


# The plan of engagement.


def test_engagement_is_planned_by_stakeholder_or_kind_and_phase() -> None:
    """What is on the register is a stakeholder; else it has to be a kind."""
    story = with_own_kinds().and_(TENANTS)
    levels: Planned = {"tenants": {"before": "listen"}, "users": {"during": "satisfy"}}
    story.when(plan(levels=levels))
    story.then(
        has(
            EngagementPlanned,
            stakeholders={"tenants": {"before": "listen"}},
            kinds={"users": {"during": "satisfy"}},
        )
    )
    stranger = plan(levels={"tenant": {"before": "listen"}})
    story.when(stranger).then_refused(UnknownStakeholder, "tenants")


def test_a_kind_that_stakeholders_have_can_be_planned_for() -> None:
    """Also where the method has no kinds of its own; another word is a mistake."""
    story = given(RegisterStakeholder(stakeholder="tenants", kind="neighbours"))
    story.when(plan({"neighbours": {"before": "consult"}}))
    story.then(has(EngagementPlanned, kinds={"neighbours": {"before": "consult"}}))
    story.when(plan({"neighbors": {"before": "consult"}}))
    story.then_refused(UnknownStakeholder, "neighbours")
    story.and_(ChangeStakeholder(stakeholder="tenants", kind="renters"))
    story.and_(plan({"renters": {"before": "inform"}}))


def test_levels_are_those_of_the_method_or_the_built_in_ones() -> None:
    """A refusal names them, the least first."""
    story = with_own_kinds().and_(TENANTS)
    story.when(plan(levels={"tenants": {"before": "inform"}}))
    story.then_refused(UnknownLevel, "satisfy, listen")
    story = given(TENANTS)
    story.and_(plan(levels={"tenants": {"before": "inform"}}))
    story.when(plan(levels={"tenants": {"before": "satisfy"}}))
    story.then_refused(UnknownLevel, "inform, consult, involve, collaborate")
    story.and_(plan(levels={"tenants": {"before": None}}))


def test_a_project_has_phases_of_its_own_once_they_are_named() -> None:
    """Beside those of the method; a phase nobody named is refused."""
    story = given(TENANTS)
    design: Planned = {"tenants": {"design": "involve"}}
    story.when(plan(levels=design))
    story.then_refused(UnknownPhase, "before, during, after")
    story.and_(plan(levels=design, phases={"design": "The design"}))
    story.and_(plan(levels={"tenants": {"design": "consult"}}))
    assert story.state.project_phases == {"design": "The design"}


def test_more_levels_than_an_event_holds_are_refused() -> None:
    """They can be planned in several commands."""
    many: Planned = {f"{n:0>180}": {"before": "inform"} for n in range(100)}
    with pytest.raises(ValidationError, match="several commands"):
        plan(levels=many)
    with pytest.raises(ValidationError):
        plan({})


# Roles that pass on.


def test_a_role_passes_on_in_one_act() -> None:
    """The process is never without somebody who runs it."""
    story = given()
    story.when(HandOverRole(role="director", actor="d-1", successor="d-2", note=SAID))
    story.then(has(RoleHandedOver, actor="d-1", successor="d-2", invited_to=()))
    assert story.state.holders("director") == ("d-2",)
    story.when(TENANTS).then_refused(NotHolder)


def test_the_next_holder_is_invited_to_what_is_open() -> None:
    """As whoever gets a role; the one before gets no more messages."""
    story = brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )
    story.mail_goes_out()
    story.when(HandOverRole(role="panel", actor="k-1", successor="k-9", note=SAID))
    story.then(has(RoleHandedOver, invited_to=("invite.draft",)))
    assert story.run("invite.draft").present == ("k-2", "k-9")
    assert [e.recipients for e in story.state.effects.values()] == [("k-9",)]
    paused = brief_done(given()).and_(
        StartStep(step="invite"),
        OpenWindow(window="invite.draft"),
        PauseDialogue(reason=SAID),
    )
    paused.when(HandOverRole(role="panel", actor="k-1", successor="k-9", note=SAID))
    paused.then(has(RoleHandedOver, invited_to=()))


def test_only_who_holds_a_role_hands_it_over() -> None:
    """To somebody else, and only a role of the method."""
    story = given()
    story.when(HandOverRole(role="panel", actor="k-9", successor="k-1", note=SAID))
    story.then_refused(NothingToDo)
    story.when(HandOverRole(role="panel", actor="k-1", successor="k-1", note=SAID))
    story.then_refused(NothingToDo)
    story.when(HandOverRole(role="speaker", actor="k-1", successor="k-2", note=SAID))
    story.then_refused(UnknownRole)


def test_a_colleague_who_had_the_role_already_goes_on_alone() -> None:
    """Nobody holds a role twice."""
    story = given()
    story.when(HandOverRole(role="panel", actor="k-1", successor="k-2", note=SAID))
    story.then(RoleHandedOver)
    assert story.state.holders("panel") == ("k-2",)
    story.when(AssignRole(role="panel", actor="k-1")).then(RoleAssigned)


# What completing takes.


def test_a_dialogue_is_not_complete_while_somebody_is_owed_a_briefing() -> None:
    """It says who; briefed, or left out with a reason, it can complete."""
    story = all_done().mail_goes_out().and_(PROMISE, COUNCIL, TENANTS)
    story.when(CompleteDialogue()).then_refused(LatecomersUnbriefed, "tenants, council")
    story.and_(BriefLatecomer(stakeholder="tenants"))
    story.when(CompleteDialogue()).then_refused(LatecomersUnbriefed, "council")
    story.and_(WaiveBriefing(stakeholder="council", reason=SAID), CompleteDialogue())


# What is looked up.


def rows(story: Story) -> dict[tuple[str, str], dict[str, object]]:
    """Give the entries of a story by kind and id, patches put together."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for event in story.events:
        for entry in entries(event, story.state):
            key = (entry.kind, entry.id)
            if entry.data is None:
                found.pop(key, None)
            else:
                found[key] = found.get(key, {}) | entry.data
    return found


def test_who_left_is_still_to_be_seen() -> None:
    """The row keeps what was known, says when they left, and where the reason is."""
    story = given(TENANTS).and_(
        ChangeStakeholder(stakeholder="tenants", reached=True, name=SAID),
        ReleaseStakeholder(stakeholder="tenants", reason=SAID),
    )
    row = rows(story)["stakeholder", "tenants"]
    assert (row["impact"], row["reached"]) == (3, True)
    assert row["left"] == written(story.now)
    assert row["name"] == {"private": "/name", "seq": 3}
    assert row["reason"] == {"private": "/reason", "seq": 4}
    assert rows(story.and_(TENANTS))["stakeholder", "tenants"]["left"] is None


def test_a_level_planned_later_takes_the_place_of_the_one_before() -> None:
    """Phase by phase: other phases keep theirs."""
    story = given(TENANTS)
    first: Planned = {"tenants": {"before": "inform", "during": "consult"}}
    story.and_(plan(levels=first))
    story.and_(plan(levels={"tenants": {"during": None, "after": "inform"}}))
    assert rows(story)["engagement", "stakeholder:tenants"] == {
        "before": "inform",
        "during": None,
        "after": "inform",
    }


def test_a_role_that_passed_on_shows_both_holders() -> None:
    """From whom to whom, and since when."""
    story = given()
    story.and_(HandOverRole(role="panel", actor="k-1", successor="k-9", note=SAID))
    found = rows(story)
    assert found["role", "panel:k-1"]["until"] == written(story.now)
    assert found["role", "panel:k-1"]["to"] == "k-9"
    assert found["role", "panel:k-9"]["from"] == "k-1"
    assert found["role", "panel:k-9"]["until"] is None


def test_the_register_is_small_and_the_record_gives_it_back() -> None:
    """Five hundred stakeholders take less than a tenth of what a dialogue may carry."""
    story = given(TENANTS, plan(levels={"tenants": {"before": "inform"}}))
    for event in story.events[1:]:
        data, private = to_data(event)
        body = {
            **event.model_dump(mode="json", exclude={"data", "digest"}),
            "type": event.type,
            "data": json.loads(json.dumps(data)),
            "private": private,
        }
        assert from_body(body) == event
    before = len(story.state.model_dump_json())
    known = Stakeholder(3, 0, reached=False, unbriefed=True)
    people = {f"belanghebbende-{n:03}": known for n in range(500)}
    many = story.state.but(stakeholders=people)
    assert len(many.model_dump_json()) - before < 36_000


def test_what_says_nothing_is_left_out_of_the_state() -> None:
    """An impact of none is not the same as one that nobody weighed."""
    story = given(PRESS, SCHOOL, SHOPS)
    small = thin(story.state)["stakeholders"]
    assert small == {
        "press": {"impact": 0, "influence": 2},
        "school": {},
        "shops": {"impact": 3, "influence": 1, "reached": True},
    }
    assert kept(story.state) == story.state
    assert Dialogue.model_validate_json(story.state.model_dump_json()) == story.state
