"""A wrong figure is corrected beside itself, and a late fact keeps its own dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.commands import CompleteDialogue
from domain.correction_facts import CorrectFact, FactCorrected, FactNoted, NoteFact
from domain.corrections import (
    KnownInFuture,
    KnownTooEarly,
    NoSuchEvent,
    NotCorrectable,
    NotWhatStands,
    NotYetHappened,
    OtherKindOfValue,
)
from domain.errors import NotEntitled, NothingToDo, UnknownStep
from domain.events import to_data
from domain.happenings import Happened
from tests.domain.gated import at_consent, held
from tests.domain.story import ANNE, SAID, Story, all_done, brief_done, given, has


def correct(**changes: Any) -> CorrectFact:  # noqa: ANN401  (any member)
    """Give a correction of how many responded in a window that closed."""
    told: dict[str, Any] = {
        "seq": 2,
        "pointer": "/on_time",
        "value": 18_833,
        "was": 19_000,
        "event_type": "window_closed",
        "reason": SAID,
    }
    return CorrectFact(**(told | changes))


def note(**changes: Any) -> NoteFact:  # noqa: ANN401  (any member)
    """Give a fact as a source has it."""
    told: dict[str, Any] = {
        "type": "homes",
        "value": "about 8,000",
        "happened": {"date": "2020-06"},
        "source": "S3",
    }
    return NoteFact(**(told | changes))


def closed() -> Story:
    """Begin a story in which a window has closed."""
    return brief_done(given())


def test_both_values_stand_in_the_correction() -> None:
    """What was held, and what is held from now on; nothing else changes."""
    story = closed()
    before = story.state
    story.when(correct(source="S4")).then(
        has(FactCorrected, seq=2, was=19_000, value=18_833, source="S4")
    )
    same = {"version", "handled"}
    assert story.state.model_dump(exclude=same) == before.model_dump(exclude=same)


def test_why_it_is_corrected_is_private() -> None:
    """The figures are not."""
    story = closed().and_(correct())
    data, private = to_data(story.events[-1])
    assert private == {"/reason": SAID.commitment}
    assert (data["was"], data["value"]) == (19_000, 18_833)


def test_a_correction_is_of_what_somebody_saw() -> None:
    """Whoever does not say what stands there has not looked."""
    closed().when(correct(was=None)).then_refused(NotWhatStands)
    closed().when(correct(event_type=None)).then_refused(NotWhatStands)


def test_a_correction_changes_something() -> None:
    """The same value once more is no correction."""
    closed().when(correct(value=19_000)).then_refused(NothingToDo)


def test_a_number_is_corrected_by_a_number() -> None:
    """And a text by a text."""
    closed().when(correct(value="many")).then_refused(OtherKindOfValue, "number")
    text = correct(event_type="signal_noted", pointer="/reference", was="Z-1", value=1)
    closed().when(text).then_refused(OtherKindOfValue, "text")


@pytest.mark.parametrize(
    "place",
    [
        {"event_type": "nothing_like_it"},
        {"pointer": "/colour"},
        {"pointer": "/reason"},
        {"pointer": "/window"},
        {"event_type": "window_opened", "pointer": "/closes", "was": "a", "value": "b"},
    ],
)
def test_only_what_is_public_and_nobody_goes_by_can_be_corrected(
    place: dict[str, Any],
) -> None:
    """Private texts are erased, and closings moved, by commands of their own."""
    closed().when(correct(**place)).then_refused(NotCorrectable)


def test_an_event_that_is_not_there_is_not_corrected() -> None:
    """The last one is named."""
    story = closed()
    story.when(correct(seq=400)).then_refused(NoSuchEvent, str(story.state.version))


def test_a_gate_says_itself_what_was_counted() -> None:
    """The state holds the counts of the last gate, so nobody can misremember them."""
    story = at_consent().and_(held("consent.tenants", 70, entitled=100))
    seq = story.state.gates["consent.tenants"].seq
    place = {"seq": seq, "pointer": "/counts/in_favour", "value": 60}
    seen = {"event_type": "gate_passed", "was": 65}
    story.when(correct(**place, **seen)).then_refused(NotWhatStands)
    seen = {"event_type": "gate_failed", "was": 70}
    story.when(correct(**place, **seen)).then_refused(NotWhatStands)
    story.and_(correct(**place, event_type="gate_passed", was=70))
    seen = {"event_type": "gate_passed", "was": 60}
    story.and_(correct(**(place | {"value": 61}), **seen))


def test_figures_are_corrected_after_the_end_too() -> None:
    """Counting goes on after the close."""
    story = all_done()
    story.and_(CompleteDialogue()).when(correct()).then(FactCorrected)
    story.when(note()).then(FactNoted)


def test_who_steers_corrects() -> None:
    """A participant tells the director."""
    closed().when(correct(), by=ANNE).then_refused(NotEntitled)


def test_a_fact_keeps_three_dates_apart() -> None:
    """When it happened, when it became known, and when it was recorded."""
    story = given().when(note(known_on="2020-07-01", certainty="conflicting"))
    story.then(
        has(
            FactNoted,
            happened=Happened(date="2020-06", precision="month"),
            known_on="2020-07-01",
            certainty="conflicting",
        )
    )
    assert story.new[0].at == story.now


def test_facts_that_contradict_each_other_are_both_taken() -> None:
    """What is so, the record does not decide."""
    story = given().and_(note()).when(note(value="4,400", source="S5"))
    story.then(has(FactNoted, value="4,400"))


def test_what_has_not_happened_is_noted_as_planned() -> None:
    """A date to come is an announcement."""
    later = note(happened={"date": "2027-01"})
    given().when(later).then_refused(NotYetHappened, "planned")
    planned = later.model_copy(update={"status": "planned", "known_on": "2022-09-02"})
    given().when(planned).then(FactNoted)


def test_nothing_is_known_before_it_happened() -> None:
    """Nor after today."""
    given().when(note(known_on="2020-05-31")).then_refused(KnownTooEarly)
    given().when(note(known_on="2020-06-01")).then(FactNoted)
    given().when(note(known_on="2026-11-22")).then_refused(KnownInFuture)


@pytest.mark.parametrize("known", ["2020", "2020-06", "2020-06-28", "2020-06/2020-08"])
def test_when_it_became_known_is_as_precise_as_the_source(known: str) -> None:
    """A month stays a month, and a plain day is written as it always was."""
    story = given().when(note(known_on=known))
    story.then(has(FactNoted, known_on=known))
    data, _ = to_data(story.new[0])
    assert data["known_on"] == known
    told = {"date": "2020-06", "precision": "month"}
    given().when(note(known_on=told)).then(has(FactNoted, known_on="2020-06"))


def test_a_month_in_which_it_became_known_counts_by_its_days() -> None:
    """By the last it can have been known in time; by the first, not in the future."""
    given().when(note(known_on="2020-05")).then_refused(KnownTooEarly)
    given().when(note(known_on="2019")).then_refused(KnownTooEarly)
    given().when(note(known_on="2026-11")).then(FactNoted)
    given().when(note(known_on="2026-12")).then_refused(KnownInFuture)
    with pytest.raises(ValidationError):
        note(known_on="last summer")


def test_a_fact_can_belong_to_a_step() -> None:
    """To one that there is."""
    given().when(note(step="brief")).then(has(FactNoted, step="brief"))
    given().when(note(step="nowhere")).then_refused(UnknownStep)


@pytest.mark.parametrize(
    ("written", "precision", "first", "last"),
    [
        ("2016", "year", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", "month", date(2016, 2, 1), date(2016, 2, 29)),
        ("2016-02-28", "day", date(2016, 2, 28), date(2016, 2, 28)),
        ("2016-02-28T23:30:00-01:00", "instant", date(2016, 2, 29), date(2016, 2, 29)),
        ("2016-06-28/2017-08-18", "day", date(2016, 6, 28), date(2017, 8, 18)),
        ("2016/2017-03", "year", date(2016, 1, 1), date(2017, 3, 31)),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(
    written: str, precision: str, first: date, last: date
) -> None:
    """And no more: a year leaves all its days open."""
    found = Happened.model_validate(written)
    assert (found.precision, found.first, found.last) == (precision, first, last)
    assert Happened.model_validate(found.model_dump()) == found


@pytest.mark.parametrize(
    "told",
    [
        "2016-13",
        "2016-02-30",
        "20160228",
        "2016-W03-1",
        "2016-02-28T10:00:00",
        "2017/2016",
        {"date": "2016", "precision": "day"},
        {"date": "last year"},
        {},
    ],
)
def test_what_is_no_date_is_refused(told: object) -> None:
    """Nor is one that claims another precision than it has."""
    with pytest.raises(ValidationError):
        Happened.model_validate(told)


def test_a_fact_that_was_noted_wrongly_is_corrected_too() -> None:
    """As figures are, beside the first."""
    story = given().and_(note())
    wrong = correct(
        seq=story.state.version,
        event_type="fact_noted",
        pointer="/value",
        was="about 8,000",
        value="about 4,400",
    )
    story.when(wrong).then(has(FactCorrected, was="about 8,000"))
