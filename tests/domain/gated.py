"""A story in a method that has gates, and scores itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from domain.commands import CompleteItems, CompleteStep
from domain.gates_facts import RecordGate
from domain.thresholds import Counts
from methods.load import LoadedMethod, load
from tests.domain.story import CLIENT, HOLDERS, Story, nothing, start


@cache
def gated() -> LoadedMethod:
    """Give the method with gates."""
    return load(Path(__file__).with_name("gated.yaml"))


def begun() -> Story:
    """Begin a story: a dialogue with gates was started."""
    return nothing().and_(start(gated(), roles=HOLDERS))


def held(gate: str, in_favour: int, **counts: int) -> RecordGate:
    """Give the command that records what was counted at a gate."""
    return RecordGate(gate=gate, counts=Counts(in_favour=in_favour, **counts))


def at_consent() -> Story:
    """Begin a story in which the step with consent and signatures can start."""
    story = begun().and_(CompleteItems(items=("brief.question",)))
    story.and_(held("brief.money", 1), by=CLIENT).and_(CompleteStep(step="brief"))
    story.and_(CompleteItems(items=("talk.held",)), CompleteStep(step="talk"))
    return story
