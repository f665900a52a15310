"""What was noted, moved, made together or turned down, as sentences of the history."""

from __future__ import annotations

from io import StringIO

from cli.page import Page
from cli.recounting import show_history
from desk.overview import seen
from domain.agreement_facts import MakeAgreement, RemindAgreement, SettleAgreement
from domain.deadline_facts import Deadline, MoveDeadline
from domain.declining_facts import DeclineParticipation
from domain.happenings import Happened
from domain.meeting_held_facts import NoteMeetingHeld
from domain.terms import Duration
from tests.cli.test_telling import past
from tests.domain.story import SAID, STREAM, Story, nothing, start


def history(story: Story) -> str:
    """Give the history as a file gets it."""
    out = StringIO()
    view = seen(STREAM, story.state, story.now, "nl")
    show_history(Page(out), view, past(story))
    return out.getvalue()


def test_a_date_that_moved_is_told_with_both_days() -> None:
    """By its title, in the reader's words."""
    council = Deadline(title="Raadsbesluit", date="2026-12-01")
    move = MoveDeadline(
        title=council.title, duration=Duration(calendar_days=60), reason=SAID
    )
    told = history(nothing().and_(start(deadlines=(council,)), move))
    wanted = (
        "De datum voor ‘Raadsbesluit’ is verschoven van di 1 dec 2026 naar ma 1 feb"
    )
    assert wanted in told


def test_a_meeting_and_who_was_not_let_in_are_told_by_its_title() -> None:
    """Its id does not show."""
    held = Happened.model_validate("2017-10")
    story = nothing().and_(
        start(),
        NoteMeetingHeld(meeting="m-1", title="Eerste avond", held=held),
        DeclineParticipation(who="b-7", meeting="m-1", reason=SAID),
        DeclineParticipation(who="b-8", reason=SAID),
    )
    told = history(story)
    assert "Bijeenkomst ‘Eerste avond’ is gehouden (2017-10)" in told
    assert "b-7 vroeg om mee te doen en is afgewezen (Eerste avond)." in told
    assert "b-8 vroeg om mee te doen en is afgewezen." in told


def test_those_who_made_an_agreement_together_are_told_in_the_plural() -> None:
    """All of them, whose part was settled, and who was reminded."""
    story = nothing().and_(
        start(),
        MakeAgreement(
            agreement="plan",
            what=SAID,
            who="f-1",
            others=("f-2", "f-3"),
            duration=Duration(working_days=10),
        ),
        SettleAgreement(agreement="plan", outcome="kept", party="f-2", reason=SAID),
        RemindAgreement(agreement="plan"),
    )
    told = history(story)
    assert "f-1, f-2, f-3 maakten samen afspraak plan" in told
    assert "Afspraak plan is afgerond voor f-2: nagekomen." in told
    assert "f-1, f-3 zijn herinnerd aan afspraak plan." in told
