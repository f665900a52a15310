"""What real dialogues do with windows, and with the responses in them."""

from __future__ import annotations

from datetime import date, timedelta

from domain.calendar import end_of_day
from domain.commands import (
    ExtendWindow,
    OpenWindow,
    StartStep,
)
from domain.errors import LateResponse
from domain.events import (
    ResponseRecorded,
    WindowClosed,
    WindowExtended,
    WindowOpened,
)
from domain.ledger_facts import (
    ResponseAnswered,
    ResponsesGrouped,
)
from domain.standing_still import WindowsSuspended
from domain.suspension_facts import (
    DialogueSuspended,
    LiftSuspension,
    SuspendDialogue,
    SuspensionLifted,
)
from domain.terms import Duration
from domain.window_facts import (
    InviteToWindow,
    LateResponseUsed,
    ReopenWindow,
    UseLateResponse,
)
from tests.domain.answering import DRAFT, IDEAS, answer, group, responded
from tests.domain.asking import draft_asked
from tests.domain.shapes import (
    SIX_WEEKS,
    draft_open,
    panel_reply,
    reply,
)
from tests.domain.story import (
    SAID,
    SYSTEM,
    given,
    has,
)

# 1. A window is extended, even on its last day, even more than doubled.


def test_01_a_window_is_extended_on_its_last_day_to_more_than_double() -> None:
    """An hour before it closes, ten working days become more than nine weeks."""
    story = draft_open()
    run = story.run(DRAFT)
    far = date(2027, 2, 3)
    story.at(run.closes - timedelta(hours=1))
    longer = ExtendWindow(window=DRAFT, duration=Duration(until=far), reason=SAID)
    story.when(longer).then(has(WindowExtended, was=run.closes, generation=2))
    closes = story.run(DRAFT).closes
    assert closes == end_of_day(story.state.calendar, far)
    assert closes - run.opened > 2 * (run.closes - run.opened)


# 2. A window is extended for one audience, on request: two closing dates side by side.


def test_02_who_asked_for_it_has_longer_and_the_others_do_not() -> None:
    """One day before the close, as in the United Kingdom on 7 March 2022."""
    story = draft_open()
    first = story.run(DRAFT).closes
    story.at(first - timedelta(days=1))
    story.and_(
        InviteToWindow(
            window=DRAFT,
            audience="easy-read",
            who=("k-2",),
            duration=SIX_WEEKS,
            reason=SAID,
        )
    )
    assert story.run(DRAFT).closes == first
    assert story.run(f"{DRAFT}.easy-read").closes > first + timedelta(days=40)
    story.at(first).clock_strikes().then(has(WindowClosed, window=DRAFT))
    story.when(reply("k-2")).then(has(ResponseRecorded, late=False))


# 3. All running windows of an authority are suspended at once.


def test_03_all_windows_stop_what_is_sent_counts_and_none_may_start() -> None:
    """And they resume with the days they had left, as in Flanders in 2020."""
    story = draft_open().later(days=2)
    before = story.run(DRAFT).closes
    story.when(SuspendDialogue(suspension="s-1"), by=SYSTEM)
    story.then(has(DialogueSuspended, suspension="s-1")).later(days=31)
    story.when(OpenWindow(window="invite.echo")).then_refused(WindowsSuspended)
    story.when(reply()).then(has(ResponseRecorded, late=False))
    story.when(LiftSuspension(suspension="s-1"), by=SYSTEM).then(SuspensionLifted)
    assert story.run(DRAFT).closes >= before + timedelta(days=31)


# 6. A window is opened again because its publication was faulty.


def test_06_a_window_opens_again_and_what_was_received_stays_valid() -> None:
    """Who responded need not do so again; the numbers run on."""
    story = draft_open().and_(reply()).window_ends(DRAFT)
    again = ReopenWindow(window=DRAFT, because="faulty_publication", reason=SAID)
    story.when(again).then(has(WindowOpened, run=2, because="faulty_publication"))
    assert story.run(DRAFT).silent == ("k-2",)
    story.when(reply("k-2")).then(has(ResponseRecorded, number=2, late=False))


# 11. Late responses.


def test_11_a_late_response_is_refused_and_used_of_its_own_motion() -> None:
    """The rule refuses it; the authority may use it all the same, with a reason."""
    story = draft_asked("refuse").and_(panel_reply()).window_ends(DRAFT).later(hours=1)
    story.when(panel_reply("k-2")).then_refused(LateResponse)
    used = UseLateResponse(window=DRAFT, respondent="k-2", response=SAID, reason=SAID)
    story.when(used).then(
        has(ResponseRecorded, late=True, number=2), has(LateResponseUsed, number=2)
    )


def test_11_the_postmark_decides_where_the_method_says_so() -> None:
    """Posted on the last day and received two days later is in time."""
    story = draft_asked("refuse", "late_by: posted").window_ends(DRAFT).later(days=2)
    posted = panel_reply(posted_on="2026-12-15")
    story.when(posted).then(has(ResponseRecorded, late=False))


def test_11_a_supplement_to_a_timely_response_has_its_own_rule() -> None:
    """It may come late although nothing else may."""
    story = draft_asked("refuse").and_(panel_reply()).window_ends(DRAFT).later(hours=1)
    story.when(panel_reply(supplements=1)).then(has(ResponseRecorded, supplements=1))


# 12. Hundreds of identical responses are answered as one.


def test_12_three_hundred_identical_responses_get_one_answer_each_counted() -> None:
    """Everybody who sent it is counted, and is told."""
    story = responded(given(StartStep(step="brief")), 300, IDEAS)
    alike = group("template", "1-300", "identical", IDEAS)
    story.when(alike).then(has(ResponsesGrouped, numbers="1-300"))
    story.when(answer(outcome="not", group="template"))
    story.then(has(ResponseAnswered, group="template", numbers="1-300"))
    assert story.run(IDEAS).on_time == 300


def test_12_what_people_sent_by_post_or_said_by_telephone_is_one_window() -> None:
    """However it came, it counts the same, and how it came is on record."""
    story = draft_open().and_(reply(channel="telephone"))
    story.when(reply("k-2", channel="in_person"))
    story.then(has(ResponseRecorded, number=2, channel="in_person", late=False))
