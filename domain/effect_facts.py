"""What Polder owes the world, such as mail: wishes about it, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.facts import Fact, OpaqueId, PartId, Private, absent
from domain.messages import Command
from domain.response_numbers import Numbers


class RetryEffect(Command):
    """Try a message that failed once more."""

    effect: PartId


class WaiveEffect(Command):
    """Leave a message that failed unsent, with a reason."""

    effect: PartId
    reason: Private


class ReportEffect(Command):
    """Tell what came of an effect: which messages went out, or why none did.

    Of answers ``told`` and ``untold`` say it, by the numbers of the responses.
    """

    internal: ClassVar[bool] = True
    effect: PartId
    attempt: int
    succeeded: bool
    sent: tuple[OpaqueId, ...] = ()
    undeliverable: tuple[OpaqueId, ...] = ()
    told: Numbers | None = None
    untold: Numbers | None = None
    problem: PartId | None = None


class EffectCompleted(Fact):
    """Messages went out: to whom, by opaque id, and to whom they could not.

    Of an answer, given by event ``answer``, ``told`` and ``untold`` say it by the
    numbers of the responses to ``window``.
    """

    effect: str
    notice: str
    attempt: int
    sent: tuple[OpaqueId, ...]
    undeliverable: tuple[OpaqueId, ...]
    window: str | None = Field(default=None, exclude_if=absent)
    answer: int | None = Field(default=None, exclude_if=absent)
    told: Numbers | None = Field(default=None, exclude_if=absent)
    untold: Numbers | None = Field(default=None, exclude_if=absent)


class EffectFailed(Fact):
    """Messages could not be sent; a person retries or waives them."""

    effect: str
    notice: str
    attempt: int
    problem: str


class EffectRetried(Fact):
    """A message that failed is tried once more."""

    effect: str
    attempt: int


class EffectWaived(Fact):
    """A message that failed was left unsent. Private: ``reason``."""

    effect: str
    reason: Private


EffectCommand = RetryEffect | WaiveEffect | ReportEffect
EffectEvent = EffectCompleted | EffectFailed | EffectRetried | EffectWaived
