"""The library: compiled methods and calendars for a start that came without them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import COMPILE, UNFIT, CompileRequest
from domain.commands import Compiled
from domain.errors import DomainError

Compile = Callable[[CompileRequest], Awaitable[Compiled]]
"""Finds and compiles what a start asks for; raises a `DomainError` if it can't."""


class Library:
    """The compile activity, on a way to find methods and calendars."""

    def __init__(self, compile_both: Compile) -> None:
        """Use ``compile_both`` to find and compile."""
        self._compile = compile_both

    @activity.defn(name=COMPILE)
    async def compile(self, request: CompileRequest) -> Compiled:
        """Give the compiled method and calendar."""
        try:
            return await self._compile(request)
        except DomainError as error:
            raise ApplicationError(
                str(error), type=UNFIT, non_retryable=True
            ) from error
