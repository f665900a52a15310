"""How responses came, when people met, what was promised: told as it was noted."""

from __future__ import annotations

from domain.agreement_facts import MakeAgreement, SettleAgreement
from domain.commands import CompleteItems, RecordResponse
from domain.deadline_facts import Deadline, MoveDeadline
from domain.declining_facts import DeclineParticipation
from domain.happenings import Happened
from domain.meeting_held_facts import NoteMeetingHeld
from domain.terms import Duration
from domain.window_facts import Channel
from tests.desk.test_motivation_composed import document, record, said, text_of
from tests.domain.story import SAID, Story, given, nothing, start


def sent(*channels: Channel | None) -> Story:
    """Begin a story in which as many respond, each by such a channel."""
    story = given(CompleteItems(items=("brief.wish",)))
    for number, channel in enumerate(channels):
        story.and_(
            RecordResponse(
                window="brief.ideas", respondent=f"r-{number}", channel=channel
            )
        )
    return story


def test_responses_are_counted_by_how_they_came() -> None:
    """Each count rests on its own events; what was not said is said to be unknown."""
    story = sent("web", "post", "web", None, "telephone")
    made = document(record(story))
    (how,) = said(made, "This is how they came")
    assert how.text == "This is how they came: website (2), post (1) and telephone (1)."
    assert len(how.events) == 4
    (rest,) = said(made, "How one of them came")
    assert not {*rest.events} & {*how.events}
    (dutch,) = said(document(record(story), "nl"), "This is how they came")
    assert dutch.text == "Zo kwamen ze binnen: website (2), post (1) en telefoon (1)."


def test_where_nobody_said_how_responses_came_nothing_is_told_of_it() -> None:
    """A document of before says what it said before."""
    made = document(record(sent(None, None)))
    assert said(made, "This is how they came") == []
    assert said(made, "How {n} of them came") == []


def test_a_meeting_of_which_only_the_month_is_known_is_told_so() -> None:
    """In both languages, with its source, and how many came; and it is counted."""
    held = Happened.model_validate("2017-10")
    story = given(
        NoteMeetingHeld(
            meeting="first",
            title="A first evening",
            held=held,
            times=2,
            came=80,
            format="information_evening",
            source="Wijkkrant",
        )
    )
    english = text_of(document(record(story)), "when")
    assert "It was held: October 2017." in english
    assert "It was 2 meetings. 80 came." in english
    assert "Format: information evening. Source: Wijkkrant." in english
    assert "No meeting is on record." not in english
    dutch = document(record(story), "nl")
    assert "Die is gehouden: oktober 2017." in text_of(dutch, "when")
    assert len(said(dutch, "{n} meetings that were held were noted")) == 1


def test_of_a_meeting_that_was_noted_it_is_said_what_is_not_known() -> None:
    """Who came is not made up."""
    held = Happened.model_validate("2016/2017")
    story = given(NoteMeetingHeld(meeting="first", title="One", held=held))
    made = document(record(story))
    assert "between 2016 and 2017" in text_of(made, "when")
    assert len(said(made, "Who came is not on record.")) == 1


def test_a_date_that_moved_is_told_with_both_dates_and_what_moved_it() -> None:
    """Where the question is told, beside the date that was promised first."""
    council = Deadline(title="The council votes", date="2026-12-01")
    move = MoveDeadline(
        title=council.title,
        duration=Duration(calendar_days=60),
        source="Nooddecreet",
        reason=SAID,
    )
    story = nothing().and_(start(deadlines=(council,)), move)
    told = text_of(document(record(story)), "about")
    assert "To be kept in view: The council votes, on Tuesday 1 December 2026." in told
    assert (
        "the date for The council votes moved from Tuesday 1 December 2026 to Monday 1"
        " February 2027. Source: Nooddecreet." in told
    )
    dutch = text_of(document(record(story), "nl"), "about")
    assert "verschoven van dinsdag 1 december 2026 naar maandag 1 februari" in dutch


def test_of_an_agreement_of_several_it_is_told_how_many_kept_their_part() -> None:
    """It is settled with the last part; until then it is said what is not known."""
    made = MakeAgreement(agreement="plan", what=SAID, who="f-1", others=("f-2", "f-3"))
    story = given(made)
    first = SettleAgreement(agreement="plan", outcome="kept", party="f-2", reason=SAID)
    story.and_(first)
    found = document(record(story))
    assert len(said(found, "{n} other parties do so too")) == 1
    assert len(said(found, "On {day} it was said of one party that it kept")) == 1
    (rest,) = said(found, "Of {n} parties it is not on record yet")
    assert rest.facts["n"] == 2
    (whole,) = said(found, "Kept: {kept}.")
    assert (whole.facts["kept"], whole.facts["open"]) == (0, 1)
    story.and_(SettleAgreement(agreement="plan", outcome="broken", reason=SAID))
    found = document(record(story), "nl")
    assert len(said(found, "On {day} it was said of {n} parties that they did")) == 1
    (whole,) = said(found, "Kept: {kept}.")
    assert (whole.facts["broken"], whole.facts["open"]) == (1, 0)


def test_who_was_turned_down_is_counted_with_what_they_asked_for() -> None:
    """Nothing is told where nobody was."""
    story = given()
    key = "One request to take part was turned down."
    assert said(document(record(story)), key) == []
    story.and_(DeclineParticipation(who="b-7", window="invite.draft", reason=SAID))
    assert len(said(document(record(story)), key)) == 1
    assert len(said(document(record(story)), "On {day}, for the feedback")) == 1
    dutch = text_of(document(record(story), "nl"), "who")
    assert "Eén verzoek om mee te doen is afgewezen." in dutch
