"""The motivation of participation, as composed from a record, without a server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from desk.motivation.compose import Making, Seal, compose
from desk.motivation.document import Motivation, Sentence, notes
from desk.motivation.markdown import markdown
from desk.motivation.page import page
from desk.motivation.record import Known, Place, Record
from desk.motivation.teller import percent
from domain.agreement_facts import MakeAgreement, SettleAgreement
from domain.commands import (
    CompleteItems,
    CompleteStep,
    ErasePersonalData,
    ExtendWindow,
    OpenWindow,
    RecordResponse,
    RevisitStep,
    SkipStep,
)
from domain.confidential_facts import MarkConfidential
from domain.correction_facts import CorrectFact, FactCorrected, NoteFact
from domain.coverage import coverage
from domain.events import (
    ResponseRecorded,
    StepRevisited,
    WindowClosed,
    WindowExtended,
    WindowOpened,
)
from domain.facts import Actor
from domain.happenings import Happened
from domain.interest_facts import RecordInterest, RelateInterests
from domain.ledger_facts import (
    AnswerResponse,
    GroupResponses,
    LeaveUnanswered,
    ResponseAnswered,
)
from domain.meeting_facts import (
    RecordAttendance,
    RecordMinutes,
    ScheduleMeeting,
)
from domain.outcome_facts import RecordConclusion, RecordDecision
from domain.people_register_facts import RegisterStakeholder, StakeholderRegistered
from domain.plan_changes import DropItem
from domain.plan_facts import AmendPlan
from domain.reflection_facts import RecordEvaluation
from domain.reporting_facts import CommunicateResults, PublishReport
from domain.terms import Duration
from tests.domain.story import (
    ANNE,
    SAID,
    STREAM,
    Story,
    brief_done,
    given,
)

SUM = "ab" * 32
MADE = datetime(2026, 12, 24, 9, tzinfo=UTC)
SEAL = Seal("polder/test", 120, "cm9vdA==", MADE)
EVERY = [("nl", False), ("en", False), ("nl", True), ("en", True)]
HOSTILE = "<script>alert(1)</script> | `x` *y* [z](https://example.org) &amp;"


def record(
    story: Story, *, asked: bool = False, texts: Mapping[Place, str] | None = None
) -> Record:
    """Give the record of a story; with ``asked`` all private texts are the same."""
    events = tuple(
        Known(e.seq, f"{e.seq:064x}", e.at, e.actor.id, e.type, e.mandate, e.data)
        for e in story.events
    )
    made = Record(STREAM, story.state, events)
    if not asked:
        return made
    every = {
        (e.seq, f"/{name}"): f"words of {e.seq}"
        for e in events
        for name in type(e.fact).model_fields
    }
    return Record(
        STREAM, story.state, events, asked=True, texts={**every, **(texts or {})}
    )


def document(found: Record, lang: str = "en", seal: Seal | None = SEAL) -> Motivation:
    """Compose the document."""
    command = f"polder dialogue motivation {STREAM} --out it.html"
    return compose(found, lang, Making(command, MADE, None, seal))


def said(found: Motivation, key: str) -> list[Sentence]:
    """Give the sentences that were made of a text, or begin with it."""
    return [each for each in found.sentences() if each.key.startswith(key)]


def text_of(found: Motivation, section: str) -> str:
    """Give what a chapter says."""
    parts = next(each.parts for each in found.sections if each.id == section)
    every = [each for part in parts for each in (*part.sentences, *part.points)]
    return " ".join(each.text for each in every)


def registered() -> Story:
    """Begin a story with people on the register, and what they want."""
    people: list[dict[str, Any]] = [
        {"stakeholder": "s-1", "kind": "residents", "impact": 3, "influence": 0},
        {"stakeholder": "s-2", "kind": "residents", "impact": 3, "influence": 1},
        {"stakeholder": "s-3", "kind": "firms", "impact": 2, "influence": 3},
    ]
    people[1]["reached"] = True
    people[2]["reached"] = True
    every = [RegisterStakeholder(**each, name=SAID) for each in people]
    wishes = [
        RecordInterest(interest="i-1", stakeholder="s-1", text=SAID),
        RecordInterest(interest="i-2", stakeholder="s-3", text=SAID),
        RelateInterests(one="i-1", other="i-2", kind="tension"),
    ]
    return given(*every, *wishes)


def responded() -> Story:
    """Go on: three of the public respond in time."""
    story = registered().and_(CompleteItems(items=("brief.wish",)))
    for number in range(3):
        story.and_(
            RecordResponse(
                window="brief.ideas", respondent=f"r-{number}", response=SAID
            ),
            by=Actor(id=f"r-{number}", role="public"),
        )
    return story


def answered() -> Story:
    """Go on: two are about one theme and adopted, one gets no answer."""
    story = brief_done(responded())
    window = "brief.ideas"
    group = GroupResponses(
        group="g-1", window=window, numbers="1-2", because="theme", title="Light"
    )
    story.and_(group, AnswerResponse(group="g-1", outcome="adopted", reason=SAID))
    return story.and_(LeaveUnanswered(window=window, numbers="3", reason=SAID))


def met() -> Story:
    """Go on: a window that was extended, and a meeting."""
    story = answered()
    every = ("invite.list", "invite.letters", "invite.hall")
    story.and_(CompleteItems(items=every), OpenWindow(window="invite.draft"))
    story.and_(
        ExtendWindow(
            window="invite.draft", duration=Duration(working_days=2), reason=SAID
        )
    )
    begins = story.now + timedelta(days=3)
    story.and_(
        ScheduleMeeting(
            meeting="evening",
            title="Evening in the hall",
            begins=begins,
            ends=begins + timedelta(hours=2),
            roles=("panel",),
            format="world_cafe",
            step="invite",
        )
    )
    story.at(begins + timedelta(hours=3)).clock_strikes()
    story.and_(RecordAttendance(meeting="evening", present=("k-1",), others=11))
    story.and_(
        RecordMinutes(meeting="evening", reference="doc 7", sha256=SUM, minutes=SAID)
    )
    story.window_ends("invite.draft")
    story.and_(
        RecordResponse(window="invite.draft", respondent="k-1", response=SAID), by=ANNE
    )
    return story


def harvested() -> Story:
    """Go on: what came of it all."""
    return met().and_(
        CompleteStep(step="invite"),
        PublishReport(
            report="first",
            status="draft",
            title="Report of the evening",
            reference="doc 8",
            sha256=SUM,
        ),
        RecordConclusion(conclusion="c-1", text=SAID, unanimous=True),
        RecordDecision(
            decision="d-1",
            title="The council adopts the plan",
            outcome="adopted",
            decided_on=Happened(date="2026-11", precision="month"),
            mandate="Council, article 147",
            reason=SAID,
        ),
        MakeAgreement(agreement="a-1", what=SAID, who="s-3"),
        MakeAgreement(agreement="a-2", what=SAID, who="s-3"),
        SettleAgreement(agreement="a-1", outcome="kept", reason=SAID),
        CommunicateResults(communication="letter", to=("panel",)),
        RecordEvaluation(by="k-1", goal_reached="partly", gained_them=SAID),
        RecordEvaluation(by="us", goal_reached="yes"),
        NoteFact(
            type="homes",
            value="8,000",
            happened=Happened(date="2020-06", precision="month"),
            source="Report S3",
        ),
        SkipStep(step="extra", reason=SAID),
        AmendPlan(
            changes=(DropItem(change="drop_item", item="party.cake"),), reason=SAID
        ),
    )


def whole() -> Story:
    """Go on: a figure is corrected, a text erased, a step kept apart, and back."""
    story = harvested()
    closed = next(e for e in story.events if isinstance(e.data, WindowClosed))
    first = next(e for e in story.events if isinstance(e.data, ResponseRecorded))
    story.and_(
        CorrectFact(
            seq=closed.seq,
            pointer="/on_time",
            was=3,
            value=4,
            event_type="window_closed",
            source="count of the clerk",
            reason=SAID,
        ),
        ErasePersonalData(paths=((first.seq, "/response"),)),
        MarkConfidential(step="invite", readers=("facilitator",), reason=SAID),
        RevisitStep(step="invite", reason=SAID),
    )
    return story.mail_goes_out()


STORIES = [given, registered, responded, answered, harvested, whole]


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("lang", "asked"), EVERY)
def test_every_sentence_points_to_events_on_record(
    story: Any,  # noqa: ANN401  (a function that tells a story)
    lang: str,
    asked: bool,  # noqa: FBT001
) -> None:
    """At least one each, all of them are on record, and all stand in the list."""
    found = record(story(), asked=asked)
    made = document(found, lang)
    seqs = {event.seq for event in found.events}
    listed = {each.seq: each.hash for each in made.cited}
    every = list(made.sentences())
    assert every
    for each in every:
        assert each.events, each
        assert set(each.events) <= seqs & set(listed), each
        assert each.text.strip(), each
        assert "{" not in each.text, each
    hashes = {event.seq: event.hash for event in found.events}
    assert all(hashes[seq] == digest for seq, digest in listed.items())


@pytest.mark.parametrize("story", STORIES)
def test_both_languages_say_the_same_things(story: Any) -> None:  # noqa: ANN401
    """The same sentences, made of the same texts, on the same events."""
    found = record(story(), asked=True)
    dutch, english = document(found, "nl"), document(found, "en")
    told = [[(s.key, s.events) for s in each.sentences()] for each in (dutch, english)]
    assert told[0] == told[1]
    same = [
        a.text
        for a, b in zip(dutch.sentences(), english.sentences(), strict=True)
        if a.text == b.text
    ]
    words = r"[A-Za-z][\w '’-]*( \([\w ]+\))?: \d+\.|words of \d+.*|8,000.*"
    assert [text for text in same if not re.fullmatch(words, text)] == []


def test_a_dialogue_with_nothing_yet_says_what_is_not_on_record() -> None:
    """No chapter is empty, and silence points to the last event."""
    found = record(given())
    made = document(found)
    last = found.head.seq
    for key in (
        "There is no register",
        "No meeting is on record",
        "No report is on record",
        "No decision is on record",
        "No agreement is on record",
        "No evaluation is on record",
        "The plan was not changed",
        "No text was erased",
    ):
        assert said(made, key), key
        assert all(each.events == (last,) for each in said(made, key)), key
    assert all(section.parts for section in made.sections)
    assert all(p.sentences or p.points for s in made.sections for p in s.parts)


def test_responses_are_counted_as_recorded() -> None:
    """The sums, those of each window, and those in time and late all agree."""
    found = record(whole())
    made = document(found)
    every = found.all(ResponseRecorded)
    total = said(made, "Responses that came in")[0]
    assert total.facts["n"] == len(every) == len(total.events)
    of_runs = said(made, "Responses: {on_time}")
    assert sum(int(each.facts["on_time"]) for each in of_runs) == 3
    assert sum(int(each.facts["late"]) for each in of_runs) == 1
    assert total.facts["late"] == sum(event.fact.late for event in every)


def test_answers_agree_with_the_ledger() -> None:
    """Of each window, how many have which answer, and how many wait."""
    story = harvested()
    made = document(record(story))
    ideas = coverage(story.state, "brief.ideas")
    draft = coverage(story.state, "invite.draft")
    balances = [each.facts for each in said(made, "Responses with an answer")]
    assert balances == [
        {"answered": 2, "total": 4, "percent": 50},
        {"answered": ideas.answered, "total": ideas.total, "percent": 66},
        {"answered": 0, "total": draft.total, "percent": 0},
    ]
    assert draft.waiting == 1
    assert len(said(made, "One response still waits")) == 1
    assert [each.facts["n"] for each in said(made, "On {day} the responses on")] == [2]
    assert len(said(made, "On {day} it was said that one response gets no")) == 1


def test_a_share_is_rounded_down() -> None:
    """A hundred per cent means all of them."""
    assert [percent(1, 3), percent(999, 1000), percent(1000, 1000)] == [33, 99, 100]


def test_the_affected_and_weak_come_first_and_are_named_by_kind() -> None:
    """How many there are, and how many of them were not reached."""
    found = record(registered())
    made = document(found)
    weak = said(made, "Much affected")[0]
    assert (weak.facts["n"], weak.facts["kinds"]) == (2, "residents")
    missed = said(made, "Not reached, by the register")[0]
    assert (missed.facts["n"], missed.facts["all"]) == (1, 3)
    assert len(said(made, "One of those not reached is affected")) == 1
    kinds = {each.facts["kind"]: each.facts["n"] for each in said(made, "{kind}: {n}")}
    assert kinds == {"residents": 2, "firms": 1}
    assert said(made, "{n} people or groups were put")[0].facts["n"] == len(
        found.all(StakeholderRegistered)
    )


def test_a_window_is_told_in_words_and_exactly() -> None:
    """When it opened, until when it was open, and that it was extended."""
    found = record(harvested())
    made = document(found, "nl")
    opened = found.all(WindowOpened)
    assert len(said(made, "It opened on")) == len(opened)
    later = found.all(WindowExtended)[0]
    moved = said(made, "On {day} the window was extended")[0]
    assert "tot en met" in moved.text
    assert "24.00 uur" in moved.text
    exactly = datetime.fromisoformat(str(moved.facts["exactly"]))
    assert exactly == later.fact.closes
    assert moved.events == (later.seq,)


def test_what_came_of_it_is_told_with_what_proves_it() -> None:
    """Reports by SHA-256, decisions by mandate, agreements by what became of them."""
    made = document(record(harvested()))
    results = text_of(made, "results")
    assert SUM in results
    assert "Council, article 147" in results
    assert "Decision “The council adopts the plan” (November 2026)" in results
    counts = said(made, "Kept: {kept}")[0].facts
    assert (counts["kept"], counts["open"]) == (1, 1)
    assert "SHA-256: " + SUM in text_of(made, "when")
    assert said(made, "{n} came, of whom")[0].facts["n"] == 12


def test_both_values_of_a_correction_stand_there() -> None:
    """With the event that held the first one."""
    found = record(whole())
    correction = found.all(FactCorrected)[0]
    told = said(document(found), "On {day} was corrected")[0]
    assert "First 3, now 4" in told.text
    assert "count of the clerk" in told.text
    assert {correction.seq, correction.fact.seq} == set(told.events)


def test_a_fact_is_told_as_precisely_as_its_source_knows_it() -> None:
    """A month is no day; the source and how sure it is stand beside it."""
    made = document(record(harvested()))
    told = said(made, "{when}: {value}.")[0]
    assert told.text.startswith("June 2020: 8,000. Source: Report S3.")


def test_going_back_is_told_with_what_it_undid() -> None:
    """The step, the round, and what had to be put right outside."""
    found = record(whole())
    back = said(document(found), "On {day} the dialogue went back to")[0]
    assert back.facts["round"] == 2
    assert back.events == (found.all(StepRevisited)[0].seq,)
    assert said(document(found), "Going back,")


def test_private_texts_are_not_there_unless_asked_for() -> None:
    """No reason, no name, no response; only that there are some."""
    made = document(record(whole()))
    assert "words of" not in markdown(made)
    assert said(made, "The reason") == []
    assert said(made, "The record holds {n} private texts, such as")


def test_reasons_and_responses_are_there_for_who_may_read_them() -> None:
    """Each reason stands with the event that it belongs to."""
    found = record(whole(), asked=True)
    made = document(found)
    answer = found.all(ResponseAnswered)[0]
    told = said(made, "On {day} the responses on")[0]
    assert f"words of {answer.seq}" in told.text
    every = found.all(ResponseRecorded)
    assert len(said(made, "Response {number}: ")) == len(every) - len(found.erased)
    assert said(made, "{name} ({kind})")


def test_an_erased_text_is_said_to_be_gone() -> None:
    """By the event that erased it, whoever asks; the words are nowhere."""
    found = record(whole(), asked=True)
    first = found.all(ResponseRecorded)[0]
    made = document(found)
    gone = said(made, "The text of response {number} has been erased")
    assert len(gone) == 1
    assert first.seq in gone[0].events
    assert len(gone[0].events) == 2
    assert f"“words of {first.seq}”" not in markdown(made)
    assert said(made, "One private text is erased")


def test_what_was_erased_later_is_gone_in_a_document_of_before() -> None:
    """The past does not bring back what a person had erased."""
    story = answered()
    found = record(story, asked=True)
    first = found.all(ResponseRecorded)[0]
    later = Record(
        STREAM,
        story.state,
        found.events,
        asked=True,
        texts=found.texts,
        gone=frozenset({(first.seq, "/response")}),
    )
    made = document(later)
    assert f"“words of {first.seq}”" not in markdown(made)
    assert len(said(made, "The text of response {number} has been erased")) == 1


def test_what_is_kept_from_a_reader_is_said_to_be_confidential() -> None:
    """Its words are nowhere, and which step it is stands there with its readers."""
    found = record(whole(), asked=True)
    response = found.all(ResponseRecorded)[-1]
    kept = Record(
        STREAM,
        found.state,
        found.events,
        asked=True,
        texts=found.texts,
        kept={(response.seq, "/response"): "invite"},
    )
    made = document(kept)
    assert f"“words of {response.seq}”" not in markdown(made)
    assert said(made, "The text of response {number} is confidential")
    assert said(made, "One is confidential, and is not shown")
    step = said(made, "Since {day} texts of the step")[0]
    assert "Invitations" in step.text
    assert "Facilitator" in step.text


class Checker(HTMLParser):
    """Follows a page: what is open, which ids there are, where links lead."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})

    def __init__(self) -> None:
        """Begin with nothing open."""
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        told = dict(attrs)
        self.attributes |= set(told)
        if told.get("id"):
            self.ids.append(str(told["id"]))
        if told.get("href"):
            self.links.append(str(told["href"]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the last tag that is open: no other."""
        assert self.open.pop() == tag


def checked(made: Motivation) -> Checker:
    """Parse a document's page to its end."""
    checker = Checker()
    checker.feed(page(made))
    checker.close()
    assert checker.open == []
    return checker


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("lang", "asked"), EVERY)
def test_the_page_is_well_formed_and_runs_nothing(
    story: Any,  # noqa: ANN401
    lang: str,
    asked: bool,  # noqa: FBT001
) -> None:
    """Every tag is closed, every link leads somewhere in the page, and no script."""
    made = document(record(story(), asked=asked), lang)
    found = checked(made)
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)
    assert all(link.startswith("#") for link in found.links)
    assert not {"script", "iframe", "object", "img", "link"} & set(found.tags)
    assert not [name for name in found.attributes if name.startswith("on")]
    assert {f"e{each.seq}" for each in made.cited} <= set(found.ids)
    assert page(made).startswith(f'<!DOCTYPE html>\n<html lang="{lang}">')


def test_headings_of_the_page_follow_each_other() -> None:
    """One h1, and no level is left out: for who hears the page read."""
    tags = checked(document(record(whole()))).tags
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = pairwise(levels)
    assert all(after - before <= 1 for before, after in steps)


def test_words_of_others_stay_words() -> None:
    """Tags, links and tables in a response become neither in HTML nor in Markdown."""
    story = answered()
    first = next(e for e in story.events if isinstance(e.data, ResponseRecorded))
    found = record(story, asked=True, texts={(first.seq, "/response"): HOSTILE})
    made = document(found)
    assert "<script" not in page(made)
    assert "&lt;script&gt;" in page(made)
    checked(made)
    written = markdown(made)
    assert "<script>" not in written.replace("\\<script\\>", "")
    assert "](https" not in written.replace("\\]", "")


def test_words_of_others_turn_nothing_around() -> None:
    """No sign of a text reaches beyond it, and no address in it becomes a link."""
    story = answered()
    first = next(e for e in story.events if isinstance(e.data, ResponseRecorded))
    text = "goed \u202efout \x1b[2J zie https://x.example, www.x.example, a@x.example"
    found = record(story, asked=True, texts={(first.seq, "/response"): text})
    made = document(found)
    for written in (markdown(made), page(made)):
        assert not {"\u202e", "\x1b"} & {*written}
        assert "goed \ufffdfout" in written
    told = markdown(made)
    assert not [a for a in ("https://x", "www.x", "a@x") if a in told]
    assert "https\\://x.example, www\\.x.example, a\\@x.example" in told


def test_many_events_stand_in_a_note() -> None:
    """A sentence on many scattered events points to a note that lists all of them."""
    made = document(record(whole(), asked=True))
    found = notes(made)
    assert found
    for number, each in found.items():
        assert f'href="#note-{number}"' in page(made)
        line = next(
            x for x in markdown(made).splitlines() if x.startswith(f"{number}. ")
        )
        told: set[int] = set()
        for run in line.partition(". ")[2].split(", "):
            first, _to, last = run.partition("–")
            told |= set(range(int(first), int(last or first) + 1))
        assert told == set(each.events)


def test_the_document_says_where_it_comes_from() -> None:
    """Stream, last event, checkpoint, command and date; and when it is not sealed."""
    found = record(answered())
    made = document(found)
    told = dict(made.provenance)
    assert told["Stream"] == STREAM
    assert told["Hash of the last event"] == found.head.hash
    assert told["Checkpoint"].startswith("polder/test, 120 events")
    assert told["Made again by"].startswith("polder dialogue motivation")
    assert "24 December 2026" in told["Made on"]
    unsealed = dict(document(found, seal=None).provenance)
    assert unsealed["Checkpoint"] == "none yet: the last event is not sealed"


def test_the_same_record_gives_the_same_bytes() -> None:
    """Nothing in it depends on chance."""
    once, again = (document(record(whole(), asked=True), "nl") for _ in range(2))
    assert markdown(once) == markdown(again)
    assert page(once) == page(again)
