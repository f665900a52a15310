"""What it takes to pass: a share of people, or a number of them, counted exactly.

A threshold is data in a method or in a command; counts come from outside. Shares are
compared as whole numbers, multiplied crosswise, so that seventy per cent of a hundred
and one people is neither rounded up nor down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from domain.facts import Fact

GateKind = Literal["consent", "signatures", "approval"]
"""What is asked: do people agree, do enough people sign, does somebody approve."""

Base = Literal["entitled", "cast", "for_and_against"]
"""What a share is of: all who may speak, all who spoke, those who said yes or no."""

Number = Annotated[int, Field(strict=True, ge=0, le=10**9)]
"""A count of people or papers."""

_Share = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,5}/[1-9]\d{0,5}$")]


def _said(members: Mapping[str, object]) -> dict[str, object]:
    """Leave out what is not said."""
    return {name: value for name, value in members.items() if value is not None}


class Threshold(Fact):
    """What it takes: exactly one of a percentage, a share such as 2/3, and a number.

    A percentage or share is of all who are entitled to speak, unless ``of`` says
    otherwise; then who is silent counts as not in favour. ``more_than`` asks for more
    than that: 50 with it is a majority, without it half.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [name]} for name in ("percent", "share", "count")]
        },
    )

    percent: Annotated[
        int | None, Field(ge=1, le=100, description="At least so many per cent.")
    ] = None
    share: Annotated[
        _Share | None, Field(description="At least this part, written 2/3.")
    ] = None
    count: Annotated[
        int | None, Field(ge=1, le=10**9, description="At least so many.")
    ] = None
    of: Annotated[
        Base,
        Field(
            description="What a share is of. entitled: all who may speak; cast: all who"
            " spoke, abstentions too; for_and_against: those who said yes or no."
        ),
    ] = "entitled"
    more_than: Annotated[
        bool,
        Field(strict=True, description="true: more than that, not just as much."),
    ] = False

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        told = [x for x in (self.percent, self.share, self.count) if x is not None]
        if len(told) != 1:
            message = "give exactly one of percent, share and count"
            raise ValueError(message)
        if self.count is None and self.top > self.bottom:
            message = "a share is at most the whole"
            raise ValueError(message)
        return self

    @model_serializer(mode="wrap")
    def _without_nulls(
        self, handler: SerializerFunctionWrapHandler
    ) -> dict[str, object]:
        return _said(handler(self))

    @property
    def top(self) -> int:
        """What stands above the line of the share."""
        return int(self.share.split("/")[0]) if self.share else self.percent or 0

    @property
    def bottom(self) -> int:
        """What stands below the line of the share."""
        return int(self.share.split("/")[1]) if self.share else 100


ONE: Final = Threshold(count=1)
"""What an approval takes where nothing else is said: somebody's yes."""


class Counts(Fact):
    """What was counted: people, votes or signatures. What was not counted is left out.

    ``in_favour`` said yes or signed; ``entitled`` is how many could have; ``valid`` is
    how many signatures count after they were checked.
    """

    in_favour: Number
    against: Number | None = None
    abstained: Number | None = None
    entitled: Number | None = None
    valid: Number | None = None

    @model_serializer(mode="wrap")
    def _without_nulls(
        self, handler: SerializerFunctionWrapHandler
    ) -> dict[str, object]:
        return _said(handler(self))


COUNTED: Final = tuple(Counts.model_fields)
"""The members of `Counts`."""


def in_favour(counts: Counts) -> int:
    """Give how many count in favour: of signatures those that are valid."""
    return counts.in_favour if counts.valid is None else counts.valid


def base(counts: Counts, of: Base) -> int | None:
    """Give the number that a share is of; none where it was not counted."""
    if of == "entitled":
        return counts.entitled
    if counts.against is None:
        return None
    said = in_favour(counts) + counts.against
    if of == "for_and_against":
        return said
    return None if counts.abstained is None else said + counts.abstained


def missing(threshold: Threshold, counts: Counts) -> tuple[str, ...]:
    """Name the counts without which there is no saying whether it was reached."""
    if threshold.count is not None:
        return ()
    needed = {
        "entitled": ("entitled",),
        "cast": ("against", "abstained"),
        "for_and_against": ("against",),
    }[threshold.of]
    return tuple(name for name in needed if getattr(counts, name) is None)


def contradiction(threshold: Threshold, counts: Counts) -> str | None:
    """Say why these counts can't all be so; none where they can."""
    spoke = sum((counts.in_favour, counts.against or 0, counts.abstained or 0))
    if counts.entitled is not None and spoke > counts.entitled:
        return f"{spoke} people spoke, and {counts.entitled} were entitled to"
    if counts.valid is not None and counts.valid > counts.in_favour:
        return f"{counts.valid} are valid of {counts.in_favour}"
    if threshold.count is None and base(counts, threshold.of) == 0:
        return "a share of nobody is no share"
    return None


def reached(threshold: Threshold, counts: Counts) -> bool:
    """Whether the counts reach the threshold, to the last person.

    Raises `ValueError` where something that `missing` names was not counted.
    """
    yes = in_favour(counts)
    if threshold.count is not None:
        have, need = yes, threshold.count
    else:
        whole = base(counts, threshold.of)
        if whole is None:
            message = f"not counted: {', '.join(missing(threshold, counts))}"
            raise ValueError(message)
        have, need = yes * threshold.bottom, whole * threshold.top
    return have > need if threshold.more_than else have >= need


def needed(threshold: Threshold, counts: Counts) -> int | None:
    """Give the smallest number in favour that would do; none where it can't be said.

    The smallest whole number n with n x bottom >= whole x top, or > where more than
    that is asked for.
    """
    if threshold.count is not None:
        return threshold.count + threshold.more_than
    whole = base(counts, threshold.of)
    if whole is None:
        return None
    least, rest = divmod(whole * threshold.top, threshold.bottom)
    return least + (rest > 0 or threshold.more_than)
