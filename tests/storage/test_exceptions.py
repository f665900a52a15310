"""What is not as usual is found, in order of seriousness, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.clock import Clock
from domain.incidents import CLOSED, FOUND, IncidentClosed, IncidentFound, cause_of
from storage.batch import Batch
from storage.errors import Forked
from storage.exceptional import ORDER, Exceptional, Place
from storage.exceptions import exceptions
from storage.ownlog import append as append_own
from storage.pool import Pool, connection
from storage.record import append
from storage.sealing import seal
from tests.storage.logs import key_in
from tests.storage.mandated import BEGIN, ORGANISATION, Town
from tests.storage.streams import events

PARK = f"{ORGANISATION}:parkzicht"
LONG = timedelta(days=10_000)
AT_ONCE = timedelta(0)


class Now(Town):
    """A town whose events are of the present moment."""

    def __init__(self, pool: Pool) -> None:
        """Begin today."""
        super().__init__(pool)
        self.now = (datetime.now(UTC) - BEGIN) / timedelta(days=1)


@pytest.fixture
def town(pool: Pool) -> Now:
    """An organisation with nothing on record."""
    return Now(pool)


async def found(pool: Pool, place: Place = Place(), **delays: Any) -> list[Exceptional]:  # noqa: ANN401, B008
    """Everything out of the ordinary, but for what waits for the log."""
    async with connection(pool) as conn:
        usual = {"seal_delay": LONG, **delays}
        return [*(await exceptions(conn, place, **usual)).exceptions]


def short(exceptional: list[Exceptional]) -> list[tuple[str, str, int | None]]:
    """In short: what, and where."""
    return [(each.kind, each.stream, each.seq) for each in exceptional]


async def test_an_ordinary_record_has_no_exceptions(town: Now, pool: Pool) -> None:
    """Acts, acts within a mandate, and a first try of a compensation."""
    pin = await town.grant()
    await town.act(None)
    await town.act(pin)
    await town.act(None, "compensation_started", data={"attempt": 1})
    assert await found(pool) == []


async def test_what_is_most_serious_comes_first(town: Now, pool: Pool) -> None:
    """In the order of kinds, and of one kind the newest first."""
    pin = await town.grant("p-9")
    refused = {"name": "complete_items", "command": "c", "error": "UnknownItem"}
    await town.act(None, "command_refused", data=refused)
    await town.act(pin)
    await town.act(pin, slug="haven")
    await town.act(pin.model_copy(update={"hash": "0" * 64}))
    await town.act(None, "personal_data_erased", data={"paths": [[1, "/x"]]})
    told = await found(pool)
    assert [each.kind for each in told] == [
        "mandate_missing",
        "outside_mandate",
        "outside_mandate",
        "refused",
        "erasure",
    ]
    assert [ORDER[each.kind] for each in told] == sorted(
        ORDER[each.kind] for each in told
    )
    assert told[1].facts["reason"] == "not_grantee"
    assert told[3].facts["error"] == "UnknownItem"
    assert (told[3].stream, told[3].seq) == (PARK, 1)


async def test_a_failure_is_told_until_somebody_sees_to_it(
    town: Now, pool: Pool
) -> None:
    """Then the second try is told, or that it was left undone."""
    failed = {"effect": "e1-1", "notice": "tell", "attempt": 1, "problem": "smtp"}
    await town.act(None, "effect_failed", data=failed)
    assert short(await found(pool)) == [("failed", PARK, 1)]
    await town.act(None, "effect_retried", data={"effect": "e1-1", "attempt": 2})
    assert short(await found(pool)) == [("retried", PARK, 2)]
    await town.act(None, "effect_failed", data={**failed, "attempt": 2})
    assert short(await found(pool))[0] == ("failed", PARK, 3)
    await town.act(None, "effect_waived", data={"effect": "e1-1", "reason": None})
    assert short(await found(pool)) == [("retried", PARK, 2), ("waived", PARK, 4)]
    undone = {"compensation": "c9-1", "attempt": 1, "problem": "smtp"}
    await town.act(None, "compensation_failed", slug="haven", data=undone)
    again = {"compensation": "c9-1", "attempt": 2}
    await town.act(None, "compensation_started", slug="haven", data=again)
    haven = await found(pool, Place(stream=f"{ORGANISATION}:haven"))
    assert short(haven) == [("retried", f"{ORGANISATION}:haven", 2)]


async def test_what_is_recorded_long_after_it_happened_is_late(
    town: Now, pool: Pool
) -> None:
    """By the threshold that the reader sets; what a demo clock says is simulated."""
    town.now -= 2 / 24
    await town.act(None)
    clock = Clock(real_start=BEGIN, start=BEGIN, day_ms=1_000)
    data = {"clock": clock.model_dump(mode="json")}
    await town.act(None, "dialogue_started", slug="demo", data=data)
    told = await found(pool)
    assert short(told) == [("late", PARK, 1)]
    assert 7_190 <= told[0].facts["seconds"] <= 7_300
    assert await found(pool, late=timedelta(hours=3)) == []


async def test_an_incident_is_open_until_an_operator_closed_it(pool: Pool) -> None:
    """With the place that was contradicted, and what an operator must do."""
    first = events(2, stream=PARK)
    other = events(1, stream=PARK, after=first[:1], mark="x")
    bodies = tuple(event.body for event in first)
    await append(pool, Batch(PARK, 1, 0, "0" * 64, bodies))
    with pytest.raises(Forked) as fork:
        await append(pool, Batch(PARK, 1, 1, first[0].hash, (other[0].body,)))
    name = fork.value.incident
    told = await found(pool, late=LONG)
    assert short(told) == [("incident", PARK, 2)]
    assert (told[0].todo, told[0].facts["blocks"]) == ("supersede", True)
    noted = IncidentFound.of(PARK, "forked", name).model_dump(mode="json")
    await append_own(pool, "polder:log", FOUND, noted, cause=cause_of(name))
    assert short(await found(pool, late=LONG)) == [("incident", PARK, 2)]
    closed = IncidentClosed(incident=name, how="superseded").model_dump(mode="json")
    done = cause_of(name, closed=True)
    await append_own(pool, "polder:log", CLOSED, closed, cause=done)
    told = await found(pool, late=LONG)
    assert short(told) == [("incident_closed", PARK, None)]
    assert told[0].facts["how"] == "superseded"
    elsewhere = Place(organisation="gemeente-elders")
    assert await found(pool, elsewhere, late=LONG) == []


async def test_what_only_the_log_tells_of_is_an_incident_too(pool: Pool) -> None:
    """A reconciliation finds things that no append ever met."""
    noted = IncidentFound.of(PARK, "not_in_temporal", "r-1").model_dump(mode="json")
    await append_own(pool, "polder:log", FOUND, noted, cause=cause_of("r-1"))
    told = await found(pool)
    assert short(told) == [("incident", PARK, None)]
    assert told[0].todo == "restore"


async def test_what_waits_for_the_log_is_told_by_stream(
    town: Now, pool: Pool, tmp_path: Path
) -> None:
    """One line where there is no log at all; then what waits, and what came late."""
    await town.act(None)
    await town.act(None)
    await town.act(None, slug="haven")
    told = await found(pool, seal_delay=AT_ONCE)
    assert [each.kind for each in told] == ["not_sealed"]
    assert (told[0].facts["events"], told[0].facts["streams"]) == (3, 2)
    await seal(pool, key_in(tmp_path))
    told = await found(pool, seal_delay=AT_ONCE)
    assert {(each.kind, each.stream) for each in told} == {
        ("sealed_late", PARK),
        ("sealed_late", f"{ORGANISATION}:haven"),
    }
    assert {each.facts["events"] for each in told} == {1, 2}
    await town.act(None)
    here = await found(pool, Place(stream=PARK), seal_delay=AT_ONCE)
    assert short(here)[0] == ("not_sealed", PARK, 3)
    assert await found(pool) == []


async def test_one_place_can_be_looked_at_alone(town: Now, pool: Pool) -> None:
    """An organisation has its own stream, and no other's."""
    refused = {"name": None, "command": "c", "error": "MalformedEnvelope"}
    for slug in ("parkzicht", "haven", "gemeente-elders:haven"):
        await town.act(None, "command_refused", slug=slug, data=refused)
    await append_own(pool, f"org:{ORGANISATION}", "hold_placed", {}, cause="h")
    whole = await found(pool, Place(organisation=ORGANISATION))
    assert {each.stream for each in whole} == {
        PARK,
        f"{ORGANISATION}:haven",
        f"org:{ORGANISATION}",
    }
    one = await found(pool, Place(stream=PARK))
    assert short(one) == [("refused", PARK, 1)]
    assert len(await found(pool)) == 4


async def test_a_text_that_the_vault_never_had_is_no_ordinary_erasure(
    town: Now, pool: Pool
) -> None:
    """It is known by its cause, and comes before what was decided on."""
    paths = {"paths": [[1, "/note"]]}
    kind = "personal_data_erased"
    await town.act(None, kind, data=paths, cause="polder:erased:e-1:1")
    await town.act(None, kind, data=paths, cause="polder:missing:1")
    assert short(await found(pool)) == [
        ("text_missing", PARK, 2),
        ("erasure", PARK, 1),
    ]


async def test_a_term_that_was_made_shorter_is_told(pool: Pool) -> None:
    """Of its own or of all, held to what was said before; a longer one is not."""
    house = f"org:{ORGANISATION}"
    for number, (dialogue, years) in enumerate(
        [
            (None, 10),
            (None, 20),
            ("haven", 20),
            ("parkzicht", 15),  # by its organisation's term it was 20
            (None, 7),
            ("parkzicht", 15),
            ("parkzicht", 0),
        ]
    ):
        data = {"dialogue": dialogue, "years": years, "authority": "selectielijst 1"}
        await append_own(pool, house, "retention_set", data, cause=f"t-{number}")
    await append_own(pool, house, "retention_set", {"years": 0}, cause="forged")
    other = {"dialogue": None, "years": 1, "authority": "selectielijst 2"}
    await append_own(pool, "org:elders", "retention_set", other, cause="t")
    told = await found(pool)
    assert {(each.kind, each.stream) for each in told} == {("shortened", house)}
    assert [
        (each.seq, each.facts["dialogue"], each.facts["years"], each.facts["before"])
        for each in told
    ] == [(7, "parkzicht", 0, 15), (5, None, 7, 20), (4, "parkzicht", 15, 20)]
    assert await found(pool, Place(organisation="elders")) == []
    assert short(await found(pool, Place(stream=house)))[0] == ("shortened", house, 7)
