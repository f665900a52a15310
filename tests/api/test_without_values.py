"""A state that lost its members without a value over HTTP is that state again."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from api.models.audit import without_nulls
from desk.from_elsewhere import looked_at
from desk.overview import seen
from domain.clock import to_dialogue_time
from domain.handled import Handled
from examples.scenario import Scenario, cases
from tests.examples.rehearsing import Rehearsal


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_real_case_is_looked_at_elsewhere_as_here(case: Scenario) -> None:
    """Whatever is in it at its end: every page shows the same."""
    rehearsal = Rehearsal(case)
    rehearsal.run()
    assert rehearsal.state is not None
    state = rehearsal.state.model_copy(update={"handled": Handled()})
    document = state.model_dump(mode="json", exclude={"handled"})
    sent = json.loads(json.dumps(without_nulls(document)))
    other = looked_at(case.stream, sent, "nl")
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    here = seen(case.stream, state, now, "nl")
    assert other.state == state
    assert other._replace(now=here.now, titles=here.titles) == here
