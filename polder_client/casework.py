"""The plan of a dialogue and the cases it is about: with and without an event loop."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from polder_client import asks
from polder_client.answers import Answer, Case
from polder_client.asking import Ask
from polder_client.asks import dialogue_path

T = TypeVar("T")
Change = Mapping[str, Any]
"""One change of a plan, as docs/plans.md has them."""


def _plan(dialogue: str) -> Ask[dict[str, Any]]:
    return asks.document(dialogue_path(dialogue, "plan"))


def _cases(dialogue: str) -> Ask[tuple[Case, ...]]:
    found = asks.page(dialogue_path(dialogue, "cases"))
    return Ask(
        found.method,
        found.path,
        lambda reply: tuple(map(Case.model_validate, found.read(reply).items)),
        found.query,
    )


def _link(dialogue: str, url: str) -> Ask[Case]:
    made = asks.post(dialogue_path(dialogue, "cases"), {"url": url})
    return Ask(
        made.method,
        made.path,
        lambda reply: Case.model_validate(reply.document),
        made.query,
        made.headers,
        made.body,
    )


def _unlink(dialogue: str, id: str) -> Ask[None]:
    return asks.delete(dialogue_path(dialogue, "cases", id))


class Casework:
    """Plan and cases, each call answered before the next line."""

    @abstractmethod
    def ask(self, ask: Ask[T]) -> T:
        """Send a request."""

    @abstractmethod
    def send(
        self,
        dialogue: str,
        kind: str,
        command: Mapping[str, Any],
        *,
        id: str | None = None,
        if_version: int | None = None,
    ) -> Answer:
        """Send a command, and wait until its events are on record."""

    def plan(self, dialogue: str) -> dict[str, Any]:
        """Give the plan: phases, steps, items and windows, and how far each is."""
        return self.ask(_plan(dialogue))

    def amend_plan(
        self,
        dialogue: str,
        changes: Sequence[Change],
        reason: str,
        *,
        id: str | None = None,
        if_version: int | None = None,
    ) -> Answer:
        """Change what of the plan is not done yet: all of these changes, or none."""
        command = {"changes": [*changes], "reason": reason}
        return self.send(dialogue, "amend_plan", command, id=id, if_version=if_version)

    def cases(self, dialogue: str) -> tuple[Case, ...]:
        """Give the cases that a dialogue is about."""
        return self.ask(_cases(dialogue))

    def link_case(self, dialogue: str, url: str) -> Case:
        """Say that a dialogue is about a case; what its system reports is noted."""
        return self.ask(_link(dialogue, url))

    def unlink_case(self, dialogue: str, id: str) -> None:
        """Say that it is no longer; what was reported stays on record."""
        self.ask(_unlink(dialogue, id))


class AsyncCasework:
    """Plan and cases, each call awaited."""

    @abstractmethod
    async def ask(self, ask: Ask[T]) -> T:
        """Send a request."""

    @abstractmethod
    async def send(
        self,
        dialogue: str,
        kind: str,
        command: Mapping[str, Any],
        *,
        id: str | None = None,
        if_version: int | None = None,
    ) -> Answer:
        """Send a command, and wait until its events are on record."""

    async def plan(self, dialogue: str) -> dict[str, Any]:
        """Give the plan: phases, steps, items and windows, and how far each is."""
        return await self.ask(_plan(dialogue))

    async def amend_plan(
        self,
        dialogue: str,
        changes: Sequence[Change],
        reason: str,
        *,
        id: str | None = None,
        if_version: int | None = None,
    ) -> Answer:
        """Change what of the plan is not done yet: all of these changes, or none."""
        command = {"changes": [*changes], "reason": reason}
        return await self.send(
            dialogue, "amend_plan", command, id=id, if_version=if_version
        )

    async def cases(self, dialogue: str) -> tuple[Case, ...]:
        """Give the cases that a dialogue is about."""
        return await self.ask(_cases(dialogue))

    async def link_case(self, dialogue: str, url: str) -> Case:
        """Say that a dialogue is about a case; what its system reports is noted."""
        return await self.ask(_link(dialogue, url))

    async def unlink_case(self, dialogue: str, id: str) -> None:
        """Say that it is no longer; what was reported stays on record."""
        await self.ask(_unlink(dialogue, id))
