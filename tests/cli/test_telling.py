"""Every event can be told in a sentence, and every page can be shown."""

from __future__ import annotations

from io import StringIO
from string import Formatter
from typing import get_args

from cli.page import Page
from cli.recounting import Known, show_history
from cli.showing import NEEDS, STANDING, STATUS, WINDOW, show_overview
from desk.history import Past
from desk.in_words.events import PRIVATE, SENTENCES, WORDS
from desk.in_words.standings import KINDS
from desk.overview import seen
from domain.commands import (
    Deadline,
    OpenWindow,
    PauseDialogue,
    RevisitStep,
    StartStep,
)
from domain.events import EVENTS, to_data
from domain.facts import written
from domain.messages import private_fields
from domain.notices import NoticeKind
from tests.domain.story import (
    SAID,
    STREAM,
    Story,
    all_done,
    brief_done,
    given,
    nothing,
    start,
)

FROM_ELSEWHERE = {
    "asked",
    "again",
    "agreed",
    "audience",
    "because",
    "behind",
    "came",
    "changes",
    "count",
    "counted",
    "kinds",
    "late",
    "member",
    "owed",
    "passed",
    "gathered",
    "turned_down",
    "running",
    "people",
    "questioned",
    "reached",
    "span",
    "takes",
    "to_method",
    "track_title",
    "track_outcome",
    "unreached",
    "until",
    "until_day",
    "was_method",
    "who",
    "whose",
    "where",
}
"""What the teller adds to the data of an event."""


def past(story: Story) -> list[Past]:
    """The events of a story as the record has them."""
    found: list[Past] = []
    for event in story.events:
        data, private = to_data(event)
        members = {
            "seq": event.seq,
            "at": written(event.at),
            "type": event.type,
            "actor": event.actor.model_dump(mode="json"),
            "cause": event.cause,
            "data": data,
            "private": private,
        }
        found.append(Past(event.seq, "ab" * 32, members))
    return found


OTHERWISE = {
    "response_late": "response_recorded",
    "response_supplement": "response_recorded",
    "response_numbered": "response_recorded",
    "response_late_numbered": "response_recorded",
    "window_reopened": "window_opened",
    "report_voided": "report_retracted",
    "agreement_made_together": "agreement_made",
    "agreement_reminded_all": "agreement_reminded",
}
"""Sentences of their own for some events, by the type that they tell."""


def test_every_type_of_event_has_a_sentence() -> None:
    """And each sentence asks for nothing that the event does not have."""
    assert set(SENTENCES) == {*EVENTS, *OTHERWISE}
    for kind, sentence in SENTENCES.items():
        names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        of = OTHERWISE.get(kind, kind)
        assert names <= {*EVENTS[of].model_fields, *FROM_ELSEWHERE}, kind


def test_a_whole_story_is_told_with_rounds_and_who_did_what() -> None:
    """Ids of the method do not show; the second round does."""
    story = all_done().mail_goes_out()
    story.and_(RevisitStep(step="invite", reason=SAID)).mail_goes_out()
    out = StringIO()
    view = seen(STREAM, story.state, story.now, "en")
    words = {(event.seq, "/reason"): "The hall was too small" for event in past(story)}
    show_history(Page(out), view, past(story), Known(words))
    told = out.getvalue()
    assert "Stap ‘Invitations’ is hernomen: ronde 2." in told
    assert "reden: The hall was too small" in told
    assert "d-1, als Director" in told
    assert "Polder zelf" in told
    assert "invite.letters" not in told


def test_a_message_tells_whom_it_did_not_reach() -> None:
    """Both counts are told, and what would help: an address."""
    story = brief_done(given())
    story.and_(StartStep(step="invite"), OpenWindow(window="invite.draft"))
    story.world("e8", missing=("k-1", "k-2"))
    view = seen(STREAM, story.state, story.now, "en")
    out = StringIO()
    show_history(Page(out), view, past(story))
    show_overview(Page(out), view)
    told = out.getvalue()
    assert "mensen die bericht kregen: 0, niet bereikt: 2" in told
    assert "Berichten bereiken niet iedereen (Panel: k-1, k-2)" in told
    assert f"dialogue assign-role {STREAM} panel k-1 --address E-MAIL" in told


def test_private_words_stay_hidden_unless_they_are_opened() -> None:
    """The history says that there is a reason, and not which."""
    story = nothing().and_(start(), PauseDialogue(reason=SAID))
    out = StringIO()
    view = seen(STREAM, story.state, story.now, "en")
    show_history(Page(out), view, past(story))
    assert "reden: privé" in out.getvalue()
    assert SAID.commitment not in out.getvalue()


def test_a_page_shows_what_is_done_open_and_due() -> None:
    """Rounds, windows with their days, dates, and one next command."""
    vote = Deadline(title="Council votes", date="2026-12-01")
    story = nothing().and_(start(deadlines=(vote,)))
    view = seen(STREAM, story.state, story.now, "en")
    out = StringIO()
    show_overview(Page(out), view)
    told = out.getvalue()
    assert "kan beginnen  0/3" in told
    assert "Council votes  di 1 dec 2026 (over 10 dagen)" in told
    assert f"dialogue complete {STREAM} brief.money" in told


STILL = {"paused", "suspended"}
"""Why windows stand still."""


def test_every_word_of_a_status_is_known() -> None:
    """Whatever the desk says about something has a word on screen."""
    known = {"running", "paused", "completed", "cancelled", "archived", "suspended"}
    assert known == set(STATUS)
    assert {"not_opened", "open", "paused", "closed", "voided"} == set(WINDOW)
    assert "ended" in STANDING
    own = {"unreadable", "window_overdue", "window_closes_soon", "respond", "silent"}
    assert set(KINDS) - set(NEEDS) == {*own, *STILL, "go_on", "extra_attention"}
    about = {word for kinds in get_args(NoticeKind) for word in get_args(kinds)}
    assert about == set(WORDS)
    private = {name for each in EVENTS.values() for name in private_fields(each)}
    assert private == set(PRIVATE)
