"""Refusals are counted where they are made: beside the workflow, over whatever path.

A refused update leaves no trace in a history, so only the worker that refused it knows.
A replay counts nothing, and what is counted changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from observing.figures import UNKNOWN, refused

_REFUSED: Final = "polder_refused"


class Counting(Interceptor):
    """For workers. ``kinds`` are the names of our commands; all others count as one."""

    def __init__(self, kinds: Collection[str]) -> None:
        """Know the names."""
        self._kinds = frozenset(kinds)

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        """Give what sees refusals, and the way out of the sandbox for its figures."""
        input.unsafe_extern_functions[_REFUSED] = self._count
        return Refusals

    def _count(self, kind: str, error: str | None) -> None:
        refused(kind if kind in self._kinds else UNKNOWN, error or UNKNOWN)


class Refusals(WorkflowInboundInterceptor):
    """Sees each refused update, once."""

    def __init__(self, next: WorkflowInboundInterceptor) -> None:
        """Nothing was refused."""
        super().__init__(next)
        self._count: Callable[[str, str | None], None]
        self._count = workflow.extern_functions()[_REFUSED]

    def handle_update_validator(self, input: HandleUpdateInput) -> None:
        """Count what is refused before it costs any history."""
        try:
            super().handle_update_validator(input)
        except ApplicationError as error:
            self._note(input, error)
            raise

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        """Count what is refused in its turn."""
        try:
            return await super().handle_update_handler(input)
        except ApplicationError as error:
            self._note(input, error)
            raise

    def _note(self, input: HandleUpdateInput, error: ApplicationError) -> None:
        if not workflow.unsafe.is_replaying():
            self._count(input.update, error.type)
