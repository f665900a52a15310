"""What can be counted is held to its bound; what is timed only has to make sense."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.measurements import ASKED_FOR, MEASUREMENTS
from benchmarks.sizes import FULL, SHORT

FEW = replace(
    SHORT,
    rounds=4,
    blocks=1,
    batches=5,
    old=40,
    young=6,
    started=12,
    dialogues=10,
    checks=1,
    sealed_blocks=1,
    batches_a_block=40,
    commands_sealed=10,
)


async def taken(name: str, servers: Ground) -> dict[str, Figure]:
    """Take a measurement; give its figures by what they are about."""
    return {figure.what: figure for figure in await MEASUREMENTS[name](servers, FEW)}


async def test_a_command_takes_no_more_history_than_it_may(servers: Ground) -> None:
    """Eleven of Temporal's events for one item, and no more for eight at once."""
    found = await taken("history", servers)
    assert found["history events for one completion"].value == 11
    assert found["history events for 8 items in one command"].value <= 12


async def test_a_command_is_one_statement_and_one_commit(servers: Ground) -> None:
    """What the record is asked for each command, counted by PostgreSQL itself."""
    found = await taken("sql", servers)
    assert found["statements for one command"].value == 1
    assert found["transactions that write for one command"].value == 1
    assert 500 < found["write-ahead log for one command"].value < 20_000


async def test_a_crowd_is_recorded_once_and_in_order(servers: Ground) -> None:
    """Twenty clients on one dialogue: nothing lost, nothing twice, few events each.

    How many commands share an append depends on how fast they come; alone each would
    take eleven events.
    """
    wrong, events = (await taken("crowd", servers)).values()
    assert wrong.value == 0
    assert events.value < 10


@pytest.mark.parametrize("name", ["latency", "accepted", "throughput", "age", "append"])
async def test_a_ratio_is_of_the_right_kind(servers: Ground, name: str) -> None:
    """Every ratio lies in its interval, and none is absurd, however busy it is here."""
    found = await taken(name, servers)
    assert any(figure.bound is not None for figure in found.values())
    for figure in found.values():
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high
        assert 0.02 < figure.value < 50


async def test_a_proof_is_short_and_a_pack_verifies_without_libraries(
    servers: Ground,
) -> None:
    """The longest line of a proof at a million leaves is below a kilobyte."""
    found = await taken("pack", servers)
    assert len(found) == 4
    longest = found["an inclusion proof at 10⁶ leaves, the longest line"]
    assert 900 < longest.value <= 1_000
    assert all(figure.value > 0 for figure in found.values())


async def test_what_is_sealed_and_checked_makes_sense(servers: Ground) -> None:
    """A short run has sound records and figures; how fast is for a long one."""
    seal = await taken("seal", servers)
    assert all(figure.bound is None or figure.value > 0 for figure in seal.values())
    check = await taken("verify", servers)
    assert all(figure.bound is None for figure in check.values())
    assert all(0 < figure.value < 50 for figure in check.values())


async def test_who_follows_misses_nothing(servers: Ground) -> None:
    """Nobody falls behind, also in a short run; how fast is for a long one."""
    found = await taken("streams", servers)
    assert found["streams with a gap, or that fell behind"].value == 0
    assert FULL.streams == 200


async def test_a_long_record_is_sealed_and_checked_in_little_memory(
    servers: Ground,
) -> None:
    """Each in a process of its own, whose memory is counted; here it is not long.

    What starts it may hold more than it may: that does not count.
    """
    held = b"1" * 600_000_000
    found = await ASKED_FOR["million"](servers, FEW)
    del held
    assert FULL.million == 1_000_000
    memory = [figure for figure in found if figure.unit == "MB"]
    assert len(memory) == 2
    assert all(20 < figure.value <= 500 for figure in memory), memory


async def test_space_is_told_for_both_stores(servers: Ground) -> None:
    """A dialogue takes up far less than a megabyte anywhere, and something in Temporal.

    So few dialogues may fit in pages that the record and the worker had already.
    """
    found = await taken("space", servers)
    assert len(found) == 3
    assert all(figure.value < 1_000 for figure in found.values())
    assert found["Temporal: bytes for each idle dialogue"].value > 10


def test_the_full_sizes_are_those_that_were_asked_for() -> None:
    """The figures to reach name these numbers."""
    assert FULL.clients * FULL.commands_each == 200
    assert (FULL.clients, FULL.dialogues) == (20, 50)
    assert (FULL.young, FULL.old, FULL.few, FULL.many) == (50, 5_000, 10, 2_000)


async def test_a_portfolio_is_sound_and_answers(servers: Ground) -> None:
    """What is copied verifies, and every question has an answer; here it is small.

    Eight organisations have five dialogues each, and the city one of each of the forty.
    """
    found = await ASKED_FOR["portfolio"](servers, FEW)
    assert FULL.portfolio == 10_000
    made, *answers = found
    assert FEW.portfolio == 40
    assert made.note.startswith("80 dialogues, 16,")
    assert all(figure.unit == "ms" for figure in answers)
    bounds = Counter(figure.bound for figure in answers)
    assert bounds == {20: 7, 60: 6, 120: 1}


async def test_a_big_dialogue_is_weighed(servers: Ground) -> None:
    """All that is in it was put there by commands, and its commands still compare."""
    weight, *ratios = (await taken("big", servers)).values()
    assert (FULL.stakeholders, FULL.responses, FULL.agreements) == (500, 1_000, 200)
    assert 30_000 < weight.value <= 300_000
    assert all(0.02 < figure.value < 50 for figure in ratios)


async def test_a_burst_is_on_record_once(servers: Ground) -> None:
    """Whoever was answered is on record, and nobody twice."""
    wrong, *ratios = (await taken("burst", servers)).values()
    assert FULL.burst == 2_000
    assert wrong.value == 0
    assert all(0.01 < figure.value < 50 for figure in ratios)
