"""Many responses to a public window go in one command, and each is answered for itself.

A dialogue remembers every command for life, so thousands of responses must not be
thousands of commands. What comes in is kept in the inbox; whoever is first carries
what is there, and those who come meanwhile go with the next. A response is "recorded"
once it is on record, and not before; what was left behind the worker brings in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from string import Formatter
from typing import Any, Final
from weakref import WeakKeyDictionary

from desk.desk import Desk, Sender, fresh_id
from desk.errors import NotFound, Refused, Unreachable
from desk.sending import Answer, send
from desk.starting import explain_absence
from desk.taking_in import MOST, Taken, Wish, take_in
from desk.together import Together
from domain.errors import DomainError, Fault, RecordContradicts, RecordFull
from domain.method import PUBLIC
from domain.state import Dialogue
from storage import inbox
from storage.inbox import GATHER, Fate, Gathering, Left, Outcome

_PASSING: Final = frozenset(
    {Fault.__name__, RecordContradicts.__name__, RecordFull.__name__}
)
"""Refusals that say nothing about the responses: they wait until it has passed."""

_LOOK_EVERY: Final = 0.05
"""Seconds between two looks while somebody else carries what we wait for."""


class _Waiting:
    """Who waits at this desk for what becomes of responses to one window."""

    def __init__(self) -> None:
        self.came = 0
        self.task: asyncio.Task[None] | None = None
        self.looks: Together[str, Fate] = Together(MOST)
        self._told: dict[str, list[asyncio.Future[Outcome]]] = {}

    @contextmanager
    def for_one(self, submission: str) -> Generator[asyncio.Future[Outcome]]:
        """Wait for what is told of a submission."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        others = self._told.setdefault(submission, [])
        others.append(future)
        self.came += 1
        try:
            yield future
        finally:
            others.remove(future)
            if not others:
                self._told.pop(submission, None)

    def tell(self, outcomes: Mapping[str, Outcome]) -> None:
        """Tell what became of submissions to those who wait for it."""
        for submission, outcome in outcomes.items():
            for future in self._told.get(submission, ()):
                if not future.done():
                    future.set_result(outcome)


_waiting: WeakKeyDictionary[Desk, dict[Left, _Waiting]] = WeakKeyDictionary()


def gathers(state: Dialogue, body: Mapping[str, Any]) -> bool:
    """Whether a response goes with many others: to a window that asks the public."""
    window = state.plan.window(str(body.get("window")))
    return window is not None and window.audience == PUBLIC and "audience" not in body


async def respond(
    desk: Desk,
    stream: str,
    body: Mapping[str, Any],
    sender: Sender,
    *,
    submission: str | None = None,
) -> Answer:
    """Record a response with others; answered as a command of its own would be.

    ``body`` is that of a ``record_response``, plain text and all. ``submission`` is the
    id under which it counts once. ``recorded`` is false where it is safe in the inbox
    and the record or the dialogue does not answer: it will be recorded. Raises
    `Refused`, `NotFound`.
    """
    named = submission is not None
    wish = Wish(submission or fresh_id(), sender, body, named)
    taken = await take_in(desk, stream, wish)
    left = Left(stream, taken.feedback_window)
    outcome = taken.fate.outcome or await _carried(desk, left, taken.fate)
    return await _answer(desk, left, taken, outcome)


async def left_of(
    desk: Desk, stream: str, submission: str, only_of: str | None = None
) -> Answer | None:
    """Say what became of a response that went with others; None where none did.

    ``only_of`` is the only respondent who is told. Raises `Refused`.
    """
    found = await inbox.brought(desk.pool, stream, submission)
    if found is None or only_of not in {None, found.respondent}:
        return None
    fate = (await inbox.look(desk.pool, stream, [submission]))[submission]
    left = Left(stream, found.feedback_window)
    taken = Taken(left.feedback_window, fate, repeated=False)
    return await _answer(desk, left, taken, fate.outcome)


async def _carried(desk: Desk, left: Left, fate: Fate) -> Outcome | None:
    """Wait until something is known of a submission, carrying what is there if need be.

    At this point it is durable in the inbox: if we crash, or lose patience, it will be
    recorded all the same.
    """
    here = _here(desk, left)
    loop = asyncio.get_running_loop()
    until = loop.time() + desk.patience.total_seconds()
    with here.for_one(fate.submission) as told:
        while True:
            away = False
            try:
                await _carry_together(desk, left, told, until)
            except Unreachable:
                away = True
            if told.done():
                return told.result()
            found = await here.looks.add(fate.submission, partial(_look, desk, left))
            if away or found.outcome is not None or loop.time() >= until:
                return found.outcome
            await asyncio.wait([told], timeout=_LOOK_EVERY)


def _here(desk: Desk, left: Left) -> _Waiting:
    return _waiting.setdefault(desk, {}).setdefault(left, _Waiting())


async def _look(desk: Desk, left: Left, submissions: Sequence[str]) -> list[Fate]:
    """Look for many at once; all of them were put there."""
    fates = await inbox.look(desk.pool, left.stream, submissions)
    return [fates[each] for each in submissions]


async def _carry_together(
    desk: Desk, left: Left, told: asyncio.Future[Outcome], until: float
) -> None:
    """Let one task of this desk carry, until we are told or it has done what it can."""
    here = _here(desk, left)
    if here.task is None or here.task.done():
        here.task = asyncio.create_task(carry(desk, left))
        # It may fail when all who waited have been told.
        here.task.add_done_callback(lambda task: task.cancelled() or task.exception())
    task, patience = here.task, until - asyncio.get_running_loop().time()
    await asyncio.wait(
        [task, told], timeout=patience, return_when=asyncio.FIRST_COMPLETED
    )
    if task.done() and not told.done():
        task.result()


async def carry(desk: Desk, left: Left) -> None:
    """Send what waits in a window, until nothing does, unless somebody else is at it.

    Raises `Unreachable` where the dialogue or the record does not answer.
    """
    here = _here(desk, left)
    async with inbox.alone(desk.pool, left) as ours:
        while ours:
            came = here.came
            gathering = await inbox.next_gathering(desk.pool, left)
            outcomes = await _sent(desk, gathering)
            here.tell(outcomes)
            # Whoever came after we looked may have found us still at it.
            if not outcomes and (gathering or here.came == came):
                return


async def _sent(desk: Desk, gathering: Gathering | None) -> Mapping[str, Outcome]:
    """Send one command for many; tell what came of each, as far as it is known."""
    if gathering is None:
        return {}
    client, stream = await desk.client(), gathering.stream
    try:
        envelope = desk.signed(stream, GATHER, gathering.envelope)
        await send(client, stream, GATHER, envelope, desk.patience)
    except Refused as error:
        if error.name in _PASSING:
            return {}
        return await inbox.settle(desk.pool, gathering, error.name)
    except NotFound as error:
        return await _explained(desk, gathering, error)
    return await inbox.settle(desk.pool, gathering)


async def _explained(
    desk: Desk, gathering: Gathering, error: NotFound
) -> Mapping[str, Outcome]:
    """Settle what came to a dialogue that was archived meanwhile; else wait for it."""
    try:
        await explain_absence(desk.pool, gathering.stream, error)
    except Refused as refused:
        return await inbox.settle(desk.pool, gathering, refused.name)
    return {}


def _refusal(outcome: Outcome, window: str) -> Refused:
    """Give the refusal that is on record: by name, and with the window it is about."""
    name = outcome.error or Refused.__name__
    kind = DomainError.kinds.get(name)
    template = kind.template() if kind else name
    facts: dict[str, str | int] = {
        fact: window if fact == "window" else "…"
        for _, fact, _, _ in Formatter().parse(template)
        if fact
    }
    return Refused(name, template.format(**facts), facts, template=template)


async def _answer(
    desk: Desk, left: Left, taken: Taken, outcome: Outcome | None
) -> Answer:
    if outcome is not None and outcome.outcome == "refused":
        raise _refusal(outcome, left.feedback_window)
    if outcome is None or outcome.seq is None:
        state = await desk.dialogue(left.stream)
        version, recorded, events = state.version, False, []
    else:
        version, recorded, events = outcome.seq, True, outcome.events
    return Answer(version, recorded, events, taken.repeated)
