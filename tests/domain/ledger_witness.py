"""Keeps account of answers apart from the core: with sets, one response at a time."""

from __future__ import annotations

from collections import defaultdict

from domain.coverage import coverage, waiting
from domain.events import (
    AnyEvent,
    DialogueArchived,
    DialogueCompleted,
    ResponseRecorded,
    WindowVoided,
)
from domain.ledger_facts import (
    ResponseAnswered,
    ResponsesCarried,
    ResponsesGrouped,
    ResponsesLeftUnanswered,
    ResponsesUngrouped,
)
from domain.response_numbers import bits_of, each
from domain.state import Dialogue

One = tuple[str, int]
"""A response: its window and its number."""


class LedgerWitness:
    """The account so far."""

    def __init__(self) -> None:
        self.given: dict[str, int] = defaultdict(int)
        self.own: dict[One, str] = {}
        self.left: set[One] = set()
        self.groups: dict[str, set[One]] = {}
        self.of_group: dict[str, str] = {}
        self.early: dict[str, int] = {}

    def sees(  # noqa: C901  (one case for each kind of event)
        self, data: AnyEvent, before: Dialogue | None
    ) -> None:
        """Take one event into account, and check what must hold of it."""
        match data:
            case ResponseRecorded():
                self.given[data.window] += 1
                assert data.number == self.given[data.window], "numbers have no gaps"
            case WindowVoided():
                self.early[data.window] = self.given[data.window]
            case ResponsesGrouped():
                self.groups.setdefault(data.group, set()).update(_ones(data))
                assert data.group not in self.of_group, "an answer has its group"
            case ResponsesUngrouped():
                self._leave(data.group, _ones(data))
            case ResponseAnswered():
                self._answered(data)
            case ResponsesLeftUnanswered():
                for one in _ones(data):
                    assert self.outcome(one) is None, "only what waits is left"
                    self.left.add(one)
            case ResponsesCarried():
                self._carried(data)
            case DialogueCompleted():
                assert not self.waiting(), "no answer is silently missing"
            case DialogueArchived() if before and before.status == "completed":
                assert not self.waiting(), "no answer is silently missing"
            case _:
                pass

    def _answered(self, data: ResponseAnswered) -> None:
        told = _ones(data)
        for name, numbers in data.was.items():
            for number in each(bits_of(numbers)):
                one = (data.window, number)
                assert self.outcome(one) == name, "a change says what was"
        if data.group is None:
            self.own |= dict.fromkeys(told, data.outcome)
        else:
            wanted = {one for one in self.groups[data.group] if one not in self.own}
            assert told == wanted, "a group's answer is for all of it"
            self.of_group[data.group] = data.outcome
        self.left -= told

    def _carried(self, data: ResponsesCarried) -> None:
        for one in _ones(data):
            assert one[1] <= self.early[data.window], "what is carried was given before"
            self.own.pop(one, None)
            self.left.discard(one)
        for name in [n for n in self.of_group if self.groups[n] & _ones(data)]:
            if self.groups[name] <= _ones(data):
                del self.of_group[name]
            else:
                self._leave(name, _ones(data))

    def _leave(self, group: str, ones: set[One]) -> None:
        self.groups[group] -= ones
        if not self.groups[group]:
            del self.groups[group]

    def outcome(self, one: One) -> str | None:
        """What a response got; none while it waits for one of its groups."""
        if one in self.own:
            return self.own[one]
        mine = [name for name, members in self.groups.items() if one in members]
        if not mine or any(name not in self.of_group for name in mine):
            return None
        got = {self.of_group[name] for name in mine}
        return got.pop() if len(got) == 1 else "partly"

    def waiting(self) -> set[One]:
        """Every response that has no answer, and was not left without one."""
        every = {(w, n) for w, count in self.given.items() for n in range(1, count + 1)}
        return {one for one in every - self.left if self.outcome(one) is None}

    def looks_at(self, state: Dialogue) -> None:
        """Check that the core counts the same."""
        for window, count in self.given.items():
            mine = {number for where, number in self.waiting() if where == window}
            assert mine == {*each(waiting(state, window))}, "what waits is known"
            found = coverage(state, window)
            assert found.total == count, "every response is counted"
            parts = found.adopted + found.partly + found.rejected
            assert parts + found.left + found.waiting == count, "coverage is exact"


def _ones(
    data: ResponsesGrouped
    | ResponsesUngrouped
    | ResponseAnswered
    | ResponsesLeftUnanswered
    | ResponsesCarried,
) -> set[One]:
    return {(data.window, number) for number in each(bits_of(data.numbers))}
