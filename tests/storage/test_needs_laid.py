"""What a dialogue asks is laid out at instants that every reader of it knows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import THE_END, Clock, to_dialogue_time
from domain.state import Dialogue
from storage.needs import needs_of, written
from tests.storage.dialogues import START, Play
from tests.storage.test_needs import state_of


def test_instants_are_those_of_the_real_world() -> None:
    """Where a day takes a second, what is due in a week shows seven seconds on."""
    clock = Clock(real_start=START, start=START, day_ms=1_000)
    play = Play()
    play.starts()
    needs = needs_of(state_of(play))
    text = written(clock, needs, None)
    assert text is not None
    for row in json.loads(text)["rows"]:
        since = needs.rows[row["party"], row["kind"], row["id"]].since
        if since is not None:
            real = datetime.fromisoformat(row["shows_at"])
            assert to_dialogue_time(clock, real) >= since
            early = real - timedelta(microseconds=1)
            assert to_dialogue_time(clock, early) < since < THE_END


@pytest.mark.parametrize("real_start", [1900, 2999])
@pytest.mark.parametrize("start", [1900, 2999])
def test_what_never_comes_has_a_place_too(start: int, real_start: int) -> None:
    """A clock that starts wherever it may leaves nothing that can't be written."""
    began, real = (datetime(y, 1, 2, tzinfo=UTC) for y in (start, real_start))
    clock = Clock(real_start=real, start=began)
    play = Play()
    play.starts()
    needs = needs_of(state_of(play))
    late = datetime(9999, 12, 31, tzinfo=UTC)
    early = datetime(1, 1, 1, tzinfo=UTC)
    rows = {
        ("", "go_on", str(n)): next(iter(needs.rows.values()))._replace(
            since=since, until=until, falls_due=late
        )
        for n, (since, until) in enumerate([(early, late), (late, early), (None, None)])
    }
    text = written(clock, needs._replace(rows=rows), None)
    assert text is not None
    for row in json.loads(text)["rows"]:
        for name in ("shows_at", "hides_at", "falls_due"):
            year = datetime.fromisoformat(row[name]).year
            assert 1000 <= year <= 9000


def test_nothing_is_written_where_nothing_changed() -> None:
    """Nor where all is as it was, member by member."""
    play = Play()
    play.starts()
    state = state_of(play)
    again = Dialogue.model_validate_json(state.model_dump_json())
    assert written(state.clock, needs_of(again), needs_of(state)) is None
