"""What was said in a confidential step is for its readers, whoever else runs things."""

from __future__ import annotations

from collections.abc import Iterable

from domain.commands import (
    CompleteItems,
    OpenWindow,
    RecordResponse,
    ReleaseRole,
    RevisitStep,
    WaiveCompensation,
    WaiveItems,
)
from domain.confidential import (
    NobodyCouldRead,
    NotConfidential,
    Readable,
    readers_of,
    reads_any,
    roles_of,
)
from domain.confidential_facts import (
    ConfidentialityLifted,
    LiftConfidential,
    MarkConfidential,
    StepMarkedConfidential,
)
from domain.correction_facts import CorrectFact
from domain.errors import NotEntitled, NothingToDo, UnknownRole, UnknownStep
from domain.events import Event, to_data
from domain.facts import Place
from domain.plan_errors import PartUnmapped, PlanUnfit
from domain.plan_facts import AmendPlan, CloseTrack, MethodMigrated, OpenTrack
from domain.reporting_facts import PublishReport, RetractReport
from tests.domain.changes import add_item, amend
from tests.domain.story import (
    ANNE,
    SAID,
    Story,
    brief_done,
    given,
    has,
    invite_done,
)
from tests.domain.versions import altered, to, without

TALKS = MarkConfidential(step="invite", readers=("facilitator",), reason=SAID)


def readable(events: Iterable[Event]) -> Readable:
    """Give who may read what after these events."""
    found = Readable()
    for event in events:
        data, private = to_data(event)
        found.sees(event.seq, event.type, data, private)
    return found


def closed(story: Story, *roles: str, steers: bool = True) -> dict[Place, str]:
    """Give what is closed to somebody with these roles."""
    return readable(story.events).closed(roles, steers=steers)


def at_talks() -> Story:
    """Begin a story in which something private was said in two steps."""
    story = brief_done(given())
    story.and_(WaiveItems(items=("invite.hall",), reason=SAID))
    return story.and_(OpenWindow(window="invite.draft"))


def test_that_a_step_is_confidential_is_public() -> None:
    """Who reads it too; why is not."""
    story = given().when(TALKS)
    story.then(has(StepMarkedConfidential, step="invite", readers=("facilitator",)))
    assert story.state.confidential == {"invite": ("facilitator",)}
    data, private = to_data(story.new[0])
    assert (data["readers"], list(private)) == (["facilitator"], ["/reason"])


def test_a_mark_needs_a_step_and_readers_who_exist() -> None:
    """Roles of the method, held by somebody, or nobody could ever read it."""
    given().when(TALKS.model_copy(update={"step": "x"})).then_refused(UnknownStep)
    other = TALKS.model_copy(update={"readers": ("mediator",)})
    given().when(other).then_refused(UnknownRole)
    nobody = TALKS.model_copy(update={"readers": ("deputy",)})
    given().when(nobody).then_refused(NobodyCouldRead, "deputy")
    given(TALKS).when(TALKS).then_refused(NothingToDo)


def test_only_who_steers_marks_and_lifts() -> None:
    """A participant does not."""
    given().when(TALKS, by=ANNE).then_refused(NotEntitled)


def test_what_was_said_before_the_mark_is_closed_as_well() -> None:
    """And what is public of the step stays public."""
    story = at_talks()
    assert closed(story) == {}
    waived = next(e.seq for e in story.events if e.type == "items_waived")
    story.and_(TALKS)
    marked = story.state.version
    places = {(waived, "/reason"): "invite", (marked, "/reason"): "invite"}
    assert closed(story, "director") == places
    assert closed(story, "facilitator", "director") == {}


def test_a_response_in_a_window_of_the_step_is_closed() -> None:
    """Who responded is on record; what they said is for the readers."""
    story = at_talks().and_(TALKS)
    story.and_(RecordResponse(window="invite.draft", respondent="k-1", response=SAID))
    assert (story.state.version, "/response") in closed(story, "director")


def test_a_reader_who_does_not_steer_reads_that_step_alone() -> None:
    """Nothing of the other steps comes along."""
    story = given().and_(WaiveItems(items=("brief.wish",), reason=SAID))
    elsewhere = story.state.version
    story.and_(TALKS)
    assert closed(story, "facilitator", steers=False) == {(elsewhere, "/reason"): ""}


def test_what_is_about_something_of_the_step_belongs_to_it() -> None:
    """A compensation left undone is told by its id alone, and is of its step."""
    story = invite_done(brief_done(given())).and_(TALKS)
    story.and_(RevisitStep(step="invite", reason=SAID))
    failing = next(iter(story.state.effects.values()))
    while failing.compensation is None:
        story.world(failing.id)
        failing = next(iter(story.state.effects.values()))
    story.world(failing.id, succeeds=False)
    story.and_(WaiveCompensation(compensation=failing.id, reason=SAID))
    waived = story.new[0].seq
    assert closed(story)[waived, "/reason"] == "invite"


def test_a_correction_of_the_step_belongs_to_it() -> None:
    """Why a figure of a confidential step was wrong may say what it was about."""
    story = invite_done(brief_done(given())).and_(TALKS)
    seq = next(
        e.seq
        for e in story.events
        if e.type == "window_closed" and to_data(e)[0]["window"] == "invite.draft"
    )
    wrong = CorrectFact(
        seq=seq,
        pointer="/on_time",
        value=1,
        was=0,
        event_type="window_closed",
        reason=SAID,
    )
    story.and_(wrong)
    assert closed(story)[story.state.version, "/reason"] == "invite"


def test_lifting_opens_what_was_closed() -> None:
    """Its reason is as readable as the rest; that it was closed stays on record."""
    story = at_talks().and_(TALKS)
    story.when(LiftConfidential(step="invite", reason=SAID))
    story.then(ConfidentialityLifted)
    assert closed(story, "director") == {}
    again = LiftConfidential(step="invite", reason=SAID)
    story.when(again).then_refused(NotConfidential)


def test_other_readers_take_the_place_of_the_first() -> None:
    """The last mark says who reads."""
    story = at_talks().and_(TALKS)
    story.and_(TALKS.model_copy(update={"readers": ("client",)}))
    assert closed(story, "client") == {}
    assert closed(story, "facilitator") != {}


def test_claiming_a_role_opens_nothing() -> None:
    """A reader holds the role, or reads nothing."""
    story = given(TALKS)
    assert roles_of(story.state, "f-1") == {"facilitator"}
    assert roles_of(story.state, "x-1") == frozenset()
    assert reads_any(story.state, roles_of(story.state, "f-1"))
    assert not reads_any(story.state, roles_of(story.state, "d-1"))


def test_who_loses_the_role_reads_no_more() -> None:
    """Roles count as they are now."""
    story = given(TALKS).and_(ReleaseRole(role="facilitator", actor="f-1"))
    assert roles_of(story.state, "f-1") == frozenset()


def test_nothing_is_closed_where_nothing_is_confidential() -> None:
    """Who steers reads all, as before."""
    story = given(CompleteItems(items=("brief.wish",), note=SAID))
    assert closed(story, "director") == {}


def test_a_copy_of_a_confidential_step_is_confidential() -> None:
    """What is said in a track of the talks is for the same readers."""
    story = given(TALKS).and_(OpenTrack(track="west", title="West", steps=("invite",)))
    brief_done(story)
    story.and_(WaiveItems(items=("invite--west.hall",), reason=SAID))
    assert closed(story)[story.state.version, "/reason"] == "invite"
    assert readers_of(story.state, "invite--west") == ("facilitator",)
    assert readers_of(story.state, "brief") == ()


def test_a_step_that_is_confidential_stays_so_under_another_method() -> None:
    """Also where nothing was done in it yet: it keeps its name, and its readers."""
    story = given(TALKS)
    story.when(to(without("invite"))).then_refused(PartUnmapped, "invite")
    story.when(to(without(invite="bid"), {"invite": "bid"})).then(MethodMigrated)
    assert "bid" not in story.state.plan.steps
    brief_done(story)
    story.and_(WaiveItems(items=("invite.hall",), reason=SAID))
    assert closed(story)[story.state.version, "/reason"] == "invite"


def test_a_step_that_is_confidential_can_not_be_dropped() -> None:
    """What it promised would be forgotten with it."""
    drop = AmendPlan.model_validate(
        {"changes": [{"change": "drop_step", "step": "invite"}], "reason": SAID}
    )
    given(TALKS).when(drop).then_refused(PlanUnfit, "invite")


def test_why_its_plan_changes_belongs_to_the_step() -> None:
    """Why a step got another item, or runs once more, is as confidential as it is."""
    story = given(TALKS).and_(amend(add_item("invite", "more")))
    assert closed(story)[story.state.version, "/reason"] == "invite"
    west = OpenTrack(track="west", title="West", steps=("invite",), reason=SAID)
    story.and_(west)
    assert closed(story)[story.state.version, "/reason"] == "invite"
    story.and_(CloseTrack(track="west", reason=SAID))
    assert closed(story)[story.state.version, "/reason"] == "invite"
    story.and_(amend(add_item("brief", "more")))
    assert (story.state.version, "/reason") not in closed(story)
    story.and_(to(altered()))
    assert (story.state.version, "/reason") not in closed(story), "it is of all steps"


def test_a_report_of_the_step_stays_of_it_when_another_takes_its_place() -> None:
    """Why the first was retracted is about what was said in the step."""
    story = at_talks().and_(TALKS)
    for name, step in (("first", "invite"), ("second", "brief")):
        story.and_(
            PublishReport(
                report=name,
                status="draft",
                title="Talks",
                step=step,
                reference="r",
                sha256="5a" * 32,
                supersedes="first" if name == "second" else None,
            )
        )
    story.and_(RetractReport(report="first", reason=SAID))
    assert closed(story)[story.state.version, "/reason"] == "invite"


def test_what_was_tampered_with_is_no_step() -> None:
    """Whoever verifies finds that; here it keeps nobody from reading on."""
    for changes in (7, "x", [7, "x", {"steps": 7}, {"step": ["x"]}], {"step": "x"}):
        found = Readable()
        data = {"changes": changes, "steps": changes, "track": "west"}
        found.sees(1, "plan_amended", data, ["/reason"])
        assert found.closed((), steers=True) == {}
