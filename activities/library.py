"""The library: compiled methods and calendars for those who came without them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import (
    COMPILE,
    FIND_METHOD,
    UNFIT,
    CompileRequest,
    MethodRequest,
)
from domain.commands import Compiled
from domain.errors import DomainError
from domain.plan_facts import CompiledMethod

Compile = Callable[[CompileRequest], Awaitable[Compiled]]
"""Finds and compiles what a start asks for; raises a `DomainError` if it can't."""

FindMethod = Callable[[MethodRequest], Awaitable[CompiledMethod]]
"""Finds a method in reach; raises a `DomainError` if there is none."""


class Library:
    """The activities that compile, on a way to find methods and calendars."""

    def __init__(self, compile_both: Compile, find_method: FindMethod) -> None:
        """Use ``compile_both`` for a start, ``find_method`` for a method alone."""
        self._compile = compile_both
        self._find_method = find_method

    @activity.defn(name=COMPILE)
    async def compile(self, request: CompileRequest) -> Compiled:
        """Give the compiled method and calendar."""
        try:
            return await self._compile(request)
        except DomainError as error:
            raise ApplicationError(
                str(error), type=UNFIT, non_retryable=True
            ) from error

    @activity.defn(name=FIND_METHOD)
    async def find_method(self, request: MethodRequest) -> CompiledMethod:
        """Give the compiled method."""
        try:
            return await self._find_method(request)
        except DomainError as error:
            raise ApplicationError(
                str(error), type=UNFIT, non_retryable=True
            ) from error
