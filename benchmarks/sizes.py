"""How long it is measured: in full for the figures, short to see that all runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much of each is done. Rounds give precision, the rest is what is asked."""

    rounds: int
    counted: int
    """Commands over which history events and statements are counted."""
    clients: int = 20
    commands_each: int = 10
    dialogues: int = 50
    commands_a_block: int
    """Commands of each dialogue in one block of the throughput."""
    blocks: int
    young: int = 50
    old: int = 5_000
    few: int = 10
    many: int = 2_000
    batches: int
    started: int
    """Dialogues over which memory and bytes are divided."""
    demo: bool
    recorded: int
    """Events on the record whose proof is checked."""
    private: int
    """Events on the record of which the vault and projections are checked as well."""
    checks: int
    """Rounds of reading and checking it."""
    sealed_blocks: int
    batches_a_block: int
    """Batches that each connection records in one block."""
    commands_sealed: int
    """Commands that each dialogue obeys in one block, beside the sealer."""
    packed: int = 1_000
    """Events in a pack."""
    packs: int
    million: int = 1_000_000
    portfolio: int = 10_000
    """Dialogues in a portfolio, of 200 events each."""
    questions: int = 300
    """How often each question is put to it."""
    stakeholders: int = 500
    responses: int = 1_000
    agreements: int = 200
    burst: int = 2_000
    """Responses that come to one window at once."""
    streams: int = 200
    """How many follow over HTTP."""
    stream_seconds: int = 60
    """How long is recorded meanwhile."""
    replayed: int = 100_000
    """Events that one subscriber is sent once more."""


FULL: Final = Sizes(
    rounds=150,
    counted=20,
    commands_a_block=2,
    blocks=24,
    batches=120,
    started=200,
    demo=True,
    recorded=120_000,
    private=20_000,
    checks=6,
    sealed_blocks=6,
    batches_a_block=500,
    commands_sealed=30,
    packs=9,
)
SHORT: Final = Sizes(
    rounds=8,
    counted=4,
    commands_each=4,
    dialogues=20,
    commands_a_block=2,
    blocks=2,
    young=10,
    old=120,
    few=4,
    many=30,
    batches=8,
    started=25,
    demo=False,
    recorded=2_000,
    private=1_000,
    checks=2,
    sealed_blocks=2,
    batches_a_block=300,
    commands_sealed=25,
    packed=100,
    packs=2,
    million=2_000,
    portfolio=40,
    questions=10,
    stakeholders=20,
    responses=40,
    agreements=10,
    burst=100,
    streams=20,
    stream_seconds=5,
    replayed=1_000,
)
