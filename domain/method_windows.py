"""A window of a method: whom it asks, how long, and what becomes of what comes late.

A window can ask several audiences, each with a closing of its own. What earlier builds
did not know is left out of the compiled form where it is as it was, so that a method's
hash stays the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.facts import Fact, PartId
from domain.method_parts import LIST, Flag, Ours, Title
from domain.terms import Duration


class Opens(Fact):
    """What opens a window: a person, or a step that starts or completes."""

    on: Literal["hand", "step_started", "step_completed"] = "hand"
    step: Annotated[
        PartId | None, Field(description="With step_started or step_completed.")
    ] = None

    @model_validator(mode="after")
    def _names_a_step(self) -> Self:
        if (self.on == "hand") != (self.step is None):
            message = "name a step with step_started or step_completed, none with hand"
            raise ValueError(message)
        return self


def _is_default(default: object) -> Callable[[object], bool]:
    return lambda value: value == default


class Audience(Fact):
    """A further audience of a window, asked apart, with a closing of its own."""

    id: PartId
    title: Title
    audience: Annotated[
        PartId,
        Field(
            description="The role that is asked, public for everybody, or list for"
            " people who are named one by one."
        ),
    ]
    duration: Annotated[
        Duration | None, Field(description="Default: as long as the window itself.")
    ] = None


class Window(Fact):
    """A period in which an audience can respond."""

    id: PartId
    title: Title
    audience: Annotated[
        PartId,
        Field(
            description="The role that is asked, public for everybody, or list for"
            " people who are named one by one."
        ),
    ]
    opens: Opens = Opens()
    duration: Duration
    reminders: Annotated[
        tuple[Annotated[int, Field(ge=1, le=365)], ...],
        Field(description="Working days before the last day, for example [5, 2]."),
    ] = ()
    late: Annotated[
        Literal["accept", "refuse"],
        Field(description="A late response: accepted and marked, or refused."),
    ] = "accept"
    may_close_early: Annotated[
        Flag, Field(description="true: may be closed once all have answered.")
    ] = False
    required: Annotated[
        Flag,
        Field(description="true: the step can't complete before it was held."),
    ] = False
    ours: Ours = False
    audiences: Annotated[
        tuple[Audience, ...],
        Field(
            max_length=20,
            exclude_if=_is_default(()),
            description="Further audiences, each with a closing of its own.",
        ),
    ] = ()
    supplements: Annotated[
        Literal["accept", "refuse"],
        Field(
            exclude_if=_is_default("accept"),
            description="What comes late to add to a response that was in time.",
        ),
    ] = "accept"
    late_by: Annotated[
        Literal["received", "posted"],
        Field(
            exclude_if=_is_default("received"),
            description="posted: a letter is in time by the day of its postmark.",
        ),
    ] = "received"
    posted_grace: Annotated[
        int,
        Field(
            ge=0,
            le=60,
            exclude_if=_is_default(7),
            description="Days after the last day in which a posted letter must arrive.",
        ),
    ] = 7

    def asked(self, name: str) -> Iterator[tuple[str, Window]]:
        """Give the window by its full id, and each further audience as its own."""
        yield name, self
        for each in self.audiences:
            yield f"{name}.{each.id}", self._for(each.id, each)

    def listed(self, audience: str) -> Window:
        """Give the window as it asks a list that somebody made as it went."""
        return self._for(audience, None)

    def _for(self, name: str, further: Audience | None) -> Window:
        said = further.title if further else {}
        changes: dict[str, object] = {
            "id": f"{self.id}.{name}",
            "title": {
                lang: f"{text} – {said.get(lang, name)}"
                for lang, text in self.title.items()
            },
            "audience": further.audience if further else LIST,
            "duration": (further and further.duration) or self.duration,
            "audiences": (),
            "required": self.required and not _is_list(further),
        }
        return self.model_copy(update=changes)


def _is_list(further: Audience | None) -> bool:
    return further is None or further.audience == LIST
