"""What the world owes people ends on record, and people hear nothing that is not so."""

from __future__ import annotations

import pytest

from domain.alarms import CLOCK_ACTOR
from domain.commands import (
    AssignRole,
    CloseWindow,
    ExtendWindow,
    OpenWindow,
    ReleaseRole,
    RemindWindow,
    ReportEffect,
    RetryEffect,
    RevisitStep,
    StartStep,
    WaiveEffect,
)
from domain.errors import MessageOutdated, NothingToDo, UnknownEffect
from domain.events import (
    EffectCompleted,
    EffectFailed,
    EffectRetried,
    EffectWaived,
    RoleAssigned,
)
from domain.need import Need
from domain.progress import needs_attention, not_reached
from domain.terms import Duration
from tests.domain.story import SAID, Story, all_done, brief_done, given, has


def invited() -> Story:
    """Begin a story in which invitations to the draft are to go out, as ``e8``."""
    story = brief_done(given())
    return story.and_(StartStep(step="invite"), OpenWindow(window="invite.draft"))


def failed() -> Story:
    """Begin a story in which they could not be sent."""
    return invited().world("e8", succeeds=False)


def test_a_window_owes_its_audience_a_message_from_its_own_event_on() -> None:
    """The effect names the event that asks for it and the closing."""
    effect = invited().state.effects["e8"]
    assert (effect.notice, effect.recipients, effect.seq) == (
        "window_opened",
        ("k-1", "k-2"),
        8,
    )


def test_what_went_out_is_on_record_and_no_longer_owed() -> None:
    """To whom, and to whom it could not."""
    report = ReportEffect(
        effect="e8", attempt=1, succeeded=True, sent=("k-1",), undeliverable=("k-2",)
    )
    story = invited().when(report, by=CLOCK_ACTOR)
    story.then(has(EffectCompleted, sent=("k-1",), undeliverable=("k-2",)))
    assert story.state.effects == {}
    story.when(report, by=CLOCK_ACTOR).then_refused(NothingToDo)


def test_what_failed_waits_for_a_person() -> None:
    """It stays in the state, and a second report of the same attempt is no news."""
    story = failed()
    assert isinstance(story.events[-1].data, EffectFailed)
    assert story.state.effects["e8"].status == "failed"
    for succeeded in (True, False):
        again = ReportEffect(effect="e8", attempt=1, succeeded=succeeded)
        story.when(again, by=CLOCK_ACTOR).then_refused(NothingToDo)


def test_a_message_is_retried_with_the_closing_as_it_is_by_now() -> None:
    """Who hears late of a window that was extended hears the right date."""
    story = failed()
    longer = ExtendWindow(
        window="invite.draft", duration=Duration(working_days=5), reason=SAID
    )
    story.and_(longer).when(RetryEffect(effect="e8")).then(
        has(EffectRetried, attempt=2)
    )
    effect = story.state.effects["e8"]
    assert (effect.status, effect.attempt, effect.seq) == ("pending", 2, 11)
    assert effect.closes == story.run("invite.draft").closes
    story.world("e8")
    assert "e8" not in story.state.effects


def test_a_message_that_events_have_overtaken_is_waived_not_sent() -> None:
    """Nobody is invited to a window that has closed."""
    story = failed()
    story.windows_end()
    story.when(RetryEffect(effect="e8")).then_refused(MessageOutdated, "closed now")
    story.when(WaiveEffect(effect="e8", reason=SAID)).then(EffectWaived)
    assert "e8" not in story.state.effects


def test_news_of_a_closing_is_retried_until_the_window_is_voided() -> None:
    """A closing is true for good, unless the dialogue goes back."""
    story = all_done()
    closing = next(
        e
        for e in story.state.effects.values()
        if e.target == "invite.draft" and e.notice == "window_closed"
    )
    story.world(closing.id, succeeds=False).and_(RetryEffect(effect=closing.id))
    story.world(closing.id, succeeds=False)
    story.and_(RevisitStep(step="invite", reason=SAID))
    story.when(RetryEffect(effect=closing.id)).then_refused(MessageOutdated, "voided")


@pytest.mark.parametrize("command", [RetryEffect, WaiveEffect])
def test_only_what_failed_is_retried_or_waived(
    command: type[RetryEffect | WaiveEffect],
) -> None:
    """A message that is on its way is nobody's to repeat."""
    more = {"reason": SAID} if command is WaiveEffect else {}
    wish = command.model_validate({"effect": "e8", **more})
    invited().when(wish).then_refused(UnknownEffect, "none")


def test_who_was_not_reached_needs_an_address() -> None:
    """It shows until there is one; who has it is sent word of the window again."""
    story = invited().world("e8", missing=("k-1", "k-2"))
    assert needs_attention(story.state) == (Need("unreachable", "panel"),)
    assert not_reached(story.state, "panel") == ("k-1", "k-2")
    story.when(AssignRole(role="panel", actor="k-1", address=SAID))
    story.then(has(RoleAssigned, invited_to=("invite.draft",)))
    assert not_reached(story.state, "panel") == ("k-2",)
    story.world("e10-1")
    story.and_(AssignRole(role="panel", actor="k-2", name=SAID))
    assert not_reached(story.state, "panel") == ("k-2",)
    story.and_(AssignRole(role="panel", actor="k-2", address=SAID))
    assert needs_attention(story.state) == ()


def test_an_address_that_fails_again_shows_again() -> None:
    """A new address is believed until a message does not reach it either."""
    story = invited().world("e8", missing=("k-1",))
    story.and_(AssignRole(role="panel", actor="k-1", address=SAID))
    story.world("e10-1", missing=("k-1",))
    assert story.state.unreachable == ("k-1",)


def test_who_is_reached_after_all_needs_nothing() -> None:
    """A later message that gets there takes the worry away."""
    story = invited().world("e8", missing=("k-1",))
    story.and_(RemindWindow(window="invite.draft")).world("e10")
    assert story.state.unreachable == ()


def test_who_has_no_role_is_not_to_be_reached() -> None:
    """Released, or told of what was taken back: they can't be given an address."""
    story = invited().world("e8", missing=("k-1", "k-2"))
    story.and_(ReleaseRole(role="panel", actor="k-1", reason=SAID))
    assert story.state.unreachable == ("k-2",)
    story.and_(RemindWindow(window="invite.draft"))
    story.and_(ReleaseRole(role="panel", actor="k-2", reason=SAID))
    story.world("e11", missing=("k-2",))
    assert story.state.unreachable == ()


def test_a_compensation_that_reaches_nobody_shows_too() -> None:
    """It is done as far as it can be; the rest is for people to see to."""
    story = all_done().mail_goes_out().and_(RevisitStep(step="invite", reason=SAID))
    started = next(e for e in story.state.effects.values() if e.compensation)
    story.world(started.id, missing=started.recipients)
    assert set(story.state.unreachable) == {*started.recipients}
    assert Need("unreachable", "panel") in needs_attention(story.state)


def test_the_public_gets_no_messages() -> None:
    """It has no addresses."""
    story = given(StartStep(step="brief"))
    story.and_(CloseWindow(window="brief.ideas", reason=SAID))
    assert story.state.effects == {}
