"""At the ends of time, and with input of any shape, the core refuses or obeys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.alarms import due, next_alarm
from domain.commands import (
    COMMANDS,
    CompleteItems,
    OpenWindow,
    PauseDialogue,
    RecordResponse,
    ResumeDialogue,
    StartStep,
)
from domain.decide import decide
from domain.errors import DomainError
from domain.evolve import evolve
from domain.progress import progress
from tests.domain import wishes
from tests.domain.story import (
    DIRECTOR,
    SAID,
    START,
    Story,
    all_done,
    brief_done,
    given,
    nothing,
    start,
)

END_OF_TIME = datetime(9999, 12, 30, tzinfo=UTC)
AFTER_THE_CALENDAR = datetime(2036, 1, 1, tzinfo=UTC)
BEFORE_IT = datetime(1, 1, 1, tzinfo=UTC)


def _busy() -> Story:
    story = brief_done(given())
    return story.and_(StartStep(step="invite"), OpenWindow(window="invite.draft"))


STORIES = {
    "not started": nothing(),
    "just begun": given(),
    "busy": _busy(),
    "paused": _busy().and_(PauseDialogue(reason=SAID)),
    "all done": all_done(),
}


@pytest.mark.parametrize("name", STORIES)
@settings(max_examples=60)
@for_all(
    command=wishes.commands,
    by=wishes.actors,
    now=st.sampled_from([BEFORE_IT, AFTER_THE_CALENDAR, END_OF_TIME]),
)
def test_time_that_no_calendar_covers_is_a_refusal_at_most(
    name: str, command: object, by: object, now: datetime
) -> None:
    """A wrong clock, or a dialogue that outlives its calendar, breaks nothing."""
    story = STORIES[name]
    state = story.state if name != "not started" else None
    cause = story.cause(start(), DIRECTOR, "x").model_copy(
        update={"at": now, "actor": by}
    )
    try:
        events = decide(state, command, cause)  # type: ignore[arg-type]
    except DomainError:
        return
    for event in events:
        state = evolve(state, event)
    assert state is not None
    progress(state, now)
    next_alarm(state)
    due(state, now)


def test_a_pause_that_outlives_the_calendar_can_still_end() -> None:
    """Resuming needs no calendar, and the window still has what it had left."""
    story = _busy()
    left = story.run("invite.draft").closes - story.now
    story.and_(PauseDialogue(reason=SAID)).at(datetime(2090, 1, 1, tzinfo=UTC))
    story.and_(ResumeDialogue())
    assert story.run("invite.draft").closes - story.now == left
    story.windows_end()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@for_all(
    kind=st.sampled_from(sorted(COMMANDS)),
    junk=JSON,
    field=st.integers(0, 20),
)
def test_a_command_of_any_shape_is_read_or_refused(
    kind: str, junk: object, field: int
) -> None:
    """Reading raises a ``ValidationError`` and nothing else."""
    model = COMMANDS[kind]
    names = [*model.model_fields, "surplus"]
    for members in (junk, {names[field % len(names)]: junk}):
        try:
            model.model_validate(members)
        except ValidationError:
            continue


@pytest.mark.parametrize(
    "moment", [START - timedelta(days=365 * 2000), END_OF_TIME, BEFORE_IT]
)
def test_a_response_received_at_any_moment_is_recorded_or_refused(
    moment: datetime,
) -> None:
    """No moment is too far away to compare."""
    response = RecordResponse(
        window="invite.draft", respondent="k-1", received_at=moment
    )
    assert _busy().when(response).refusal is not None


def test_two_hundred_items_at_once_are_no_trouble() -> None:
    """As many as a command may name, none of which exist."""
    items = tuple(f"brief.{n}" for n in range(200))
    assert given().when(CompleteItems(items=items)).refusal is not None
