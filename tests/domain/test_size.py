"""The state of a big dialogue stays small: it has what decisions need, and no more.

500 stakeholders, 1,000 responses that are all answered, half of them singly and half by
theme, and 200 agreements, with a method of 48 items: what a large municipality has.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from domain.agreement_facts import MakeAgreement
from domain.commands import AnyCommand, CompleteItems, OpenWindow, SkipStep, StartStep
from domain.coverage import waiting
from domain.facts import Actor
from domain.ledger_facts import AnswerResponse, GroupResponses
from domain.people_register_facts import RegisterStakeholder
from domain.state import Dialogue
from domain.terms import Duration
from domain.window_facts import GatheredResponse, RecordResponses
from methods.load import load
from tests.domain.story import SAID, Story, start

METHOD = load(Path(__file__).parents[2] / "methods" / "stakeholderdialoog.yaml")
WINDOW = "communicatie.nagekomen"
MOST = 300_000
DIRECTOR = Actor(id="p-1", role="process_director")


def does(story: Story, *commands: AnyCommand) -> Story:
    """Let the process director do something."""
    return story.and_(*commands, by=DIRECTOR)


@cache
def big() -> Story:
    """Let a dialogue grow big, and every message go out."""
    story = does(Story(), start(METHOD))
    *before, last = METHOD.method.steps
    does(story, *(SkipStep(step=step, reason=SAID) for step in before))
    does(story, StartStep(step=last), OpenWindow(window=WINDOW))
    _people(story)
    _answers(story)
    for n in range(200):
        does(
            story,
            MakeAgreement(
                agreement=f"afspraak-{n:03}",
                what=SAID,
                who=f"s-{n:03}",
                duration=Duration(calendar_days=90 + n),
            ),
        ).mail_goes_out()
    return story


def _people(story: Story) -> None:
    for n in range(500):
        person = RegisterStakeholder(
            stakeholder=f"s-{n:03}",
            name=SAID,
            organisation=SAID,
            impact=n % 4,
            influence=n // 4 % 4,
            reached=n % 3 > 0,
        )
        does(story, person)


def _answers(story: Story) -> None:
    for begin in range(0, 1_000, 50):
        many = (
            GatheredResponse(submission=f"r-{n}", respondent=f"burger-{n}")
            for n in range(begin, begin + 50)
        )
        does(story, RecordResponses(window=WINDOW, responses=tuple(many)))
    for n in range(1, 501):
        answer = AnswerResponse(
            window=WINDOW, numbers=str(n), outcome="partly", reason=SAID
        )
        does(story, answer).mail_goes_out()
    for n in range(501, 1_001, 10):
        numbers, group = f"{n}-{n + 9}", f"thema-{n}"
        does(
            story,
            GroupResponses(
                group=group,
                window=WINDOW,
                numbers=numbers,
                because="theme",
                title="Groen",
            ),
            AnswerResponse(group=group, outcome="adopted", reason=SAID),
        ).mail_goes_out()


def sizes(state: Dialogue) -> dict[str, int]:
    """Give the bytes of each member, as they travel from run to run."""
    members = state.model_dump(mode="json")
    written = {
        name: json.dumps(m, separators=(",", ":")) for name, m in members.items()
    }
    return {name: len(text.encode()) for name, text in written.items()}


def test_a_big_dialogue_carries_little() -> None:
    """All of it, the compiled method included, and every command it ever obeyed."""
    state = big().state
    assert len(state.stakeholders) == 500
    assert state.received(WINDOW) == 1_000
    assert not waiting(state, WINDOW)
    assert len(state.harvest.open_agreements()) == 200
    carried = sizes(state)
    assert sum(carried.values()) <= MOST, sorted(carried.items(), key=lambda s: -s[1])


def test_a_response_adds_next_to_nothing() -> None:
    """What a thousand answered responses leave is some bytes each."""
    carried = sizes(big().state)
    assert carried["ledgers"] + carried["windows"] <= 10 * 1_000


def test_a_small_change_leaves_all_else_the_very_same() -> None:
    """So what is written of it is what the event changed, whatever else there is."""
    story = big()
    before = story.state
    does(story, CompleteItems(items=("communicatie.deelnemers",)))
    changed = {
        name
        for name in type(before).model_fields
        if getattr(before, name) is not getattr(story.state, name)
    }
    assert changed <= {"steps", "version", "handled", "effects"}
