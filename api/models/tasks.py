"""What needs somebody, as callers see it."""

from __future__ import annotations

from datetime import UTC
from typing import Annotated, Any, Self

from pydantic import Field

from api.models import EXAMPLE_STREAM, JsonObject, Moment, Shown
from api.models.subscriptions import SubscriptionShown
from api.paging import Listed, Paged
from desk.requests import Waiting
from desk.tasks import Task


class TasksAsked(Paged):
    """Welke taken."""

    kind: Annotated[
        str | None,
        Field(
            description="Alleen deze soorten, met komma's ertussen.",
            pattern=r"^[a-z_]{1,80}(,[a-z_]{1,80}){0,99}$",
            examples=["window_overdue,deadline_passed"],
        ),
    ] = None
    anybody: Annotated[
        bool,
        Field(description="Wat wie dan ook kan doen, en niet alleen wat van u is."),
    ] = False


class ActAdvised(Shown):
    """De opdracht die zou helpen."""

    kind: Annotated[str, Field(examples=["extend_window"])]
    command: Annotated[
        JsonObject,
        Field(
            description="De leden ervan; een lege tekst is om in te vullen.",
            examples=[{"window": "verslag.concept"}],
        ),
    ]


class TaskShown(Shown):
    """Iets dat iemand nodig heeft."""

    dialogue: Annotated[str, Field(examples=[EXAMPLE_STREAM])]
    title: Annotated[str, Field(description="De titel van de dialoog.")]
    kind: Annotated[
        str, Field(description="Wat er is.", examples=["window_closes_soon"])
    ]
    target: Annotated[str, Field(description="Waaraan.", examples=["verslag.concept"])]
    what: Annotated[
        str, Field(description="Waaraan, in woorden.", examples=["Conceptverslag"])
    ]
    closes: Annotated[Moment | None, Field(description="Wanneer het sluit.")] = None
    last_day: Annotated[
        str | None,
        Field(
            description="De laatste dag ervoor.",
            json_schema_extra={"format": "date"},
            examples=["2026-12-18"],
        ),
    ] = None
    working_days_left: Annotated[
        int | None,
        Field(description="Werkdagen na vandaag; -1 als het voorbij is.", examples=[3]),
    ] = None
    days: Annotated[
        int | None,
        Field(description="Dagen tot de laatste dag; onder nul is voorbij."),
    ] = None
    silent: Annotated[
        list[str] | None,
        Field(description="Wie nog niet reageerde.", examples=[["k-2"]]),
    ] = None
    advice: ActAdvised | None = None
    role: Annotated[str | None, Field(description="De rol waarin u dat kunt doen.")] = (
        None
    )

    @classmethod
    def of(cls, task: Task) -> Self:
        """Make it of a task."""
        day = task.due.last_day if task.due else task.date
        members: dict[str, Any] = {
            "dialogue": task.stream,
            "title": task.dialogue,
            "kind": task.kind,
            "target": task.target,
            "what": task.what,
            "closes": task.due.closes.astimezone(UTC) if task.due else None,
            "last_day": day.isoformat() if day else None,
            "working_days_left": task.due.working_days if task.due else None,
            "days": task.days,
            "silent": list(task.silent) or None,
            "role": task.role,
        }
        if task.advice is not None:
            told = {"kind": task.advice.kind, "command": {**task.advice.body}}
            members["advice"] = told
        return cls.model_validate(members)


class RequestShown(Shown):
    """Een verzoek om te wissen dat op een besluit wacht; over wie staat er niet bij."""

    organisation: Annotated[str, Field(examples=["gemeente-waterdam"])]
    erasure: Annotated[str, Field(description="Het kenmerk ervan.")]
    asked_at: Annotated[Moment, Field(description="Wanneer het is gevraagd.")]
    last_day: Annotated[
        str,
        Field(
            description="De laatste dag om te beslissen (AVG, artikel 12, lid 3).",
            json_schema_extra={"format": "date"},
            examples=["2026-12-18"],
        ),
    ]
    days: Annotated[int, Field(description="Dagen tot dan; onder nul is voorbij.")]

    @classmethod
    def of(cls, one: Waiting) -> Self:
        """Make it of a request."""
        return cls(
            organisation=one.organisation,
            erasure=one.erasure,
            asked_at=one.asked.astimezone(UTC),
            last_day=one.last_day.isoformat(),
            days=one.left,
        )


class Tasks(Listed[TaskShown]):
    """Een bladzijde met taken."""

    counts: Annotated[
        dict[str, int],
        Field(
            description="Hoeveel er van elke soort zijn, op alle bladzijden samen.",
            examples=[{"window_overdue": 1, "go_on": 3}],
        ),
    ]
    subscriptions: Annotated[
        list[SubscriptionShown] | None,
        Field(
            description="Abonnementen die hun gebeurtenissen niet krijgen: op de "
            "eerste bladzijde van de hele lijst, voor wie ze beheert.",
        ),
    ] = None
    requests: Annotated[
        list[RequestShown] | None,
        Field(
            description="Verzoeken om te wissen die op een besluit wachten: op de "
            "eerste bladzijde van de hele lijst, voor wie erover beslist of ze "
            "uitvoert.",
        ),
    ] = None
