"""Feedback windows and what was said in them, as callers see it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models import Moment, Shown
from api.models.people import Actor, Withheld

WindowStatus = Literal["open", "paused", "closed", "voided"]


class OpeningShown(Shown):
    """Eén keer dat een reactietermijn openstond."""

    run: Annotated[int, Field(description="De hoeveelste keer.", examples=[1])]
    round: Annotated[
        int, Field(description="In welke ronde van de stap.", examples=[1])
    ]
    status: Annotated[WindowStatus, Field(description="Hoe het ermee staat.")]
    opened: Annotated[Moment, Field(description="Wanneer hij openging.")]
    closes: Annotated[
        Moment, Field(description="Tot wanneer, dat moment niet meegerekend.")
    ]
    generation: Annotated[
        int, Field(description="Hoe vaak het einde is bepaald.", examples=[1])
    ]
    on_time: Annotated[int, Field(description="Reacties op tijd.", examples=[12])]
    late: Annotated[int, Field(description="Reacties te laat.", examples=[0])]
    invited: Annotated[
        int | None,
        Field(description="Hoeveel mensen op naam zijn gevraagd.", examples=[8]),
    ] = None
    silent: Annotated[
        int | None,
        Field(description="Hoeveel van hen nog niets lieten horen.", examples=[3]),
    ] = None
    asked: Annotated[
        bool | None,
        Field(description="Of u op naam bent gevraagd; alleen voor deelnemers."),
    ] = None
    responded: Annotated[
        bool | None,
        Field(description="Of u hebt gereageerd; alleen voor deelnemers."),
    ] = None


class WindowShown(Shown):
    """Een reactietermijn die open is of was, met elke keer dat hij openstond."""

    id: Annotated[
        str,
        Field(
            description="De termijn: `stap.termijn`, en voor een verdere doelgroep "
            "`stap.termijn.doelgroep`.",
            examples=["verslag.concept"],
        ),
    ]
    title: Annotated[str, Field(description="Titel.", examples=["Reactie op concept"])]
    step: Annotated[str, Field(description="De stap.", examples=["verslag"])]
    audience: Annotated[
        str,
        Field(
            description="Wie worden gevraagd: een rol, een lijst, of `public`.",
            examples=["public"],
        ),
    ]
    status: Annotated[
        WindowStatus, Field(description="Hoe het met de laatste keer staat.")
    ]
    opened: Annotated[Moment, Field(description="Wanneer hij het laatst openging.")]
    closes: Annotated[
        Moment, Field(description="Tot wanneer, dat moment niet meegerekend.")
    ]
    openings: Annotated[
        list[OpeningShown], Field(description="Elke keer dat hij openstond.")
    ]


class AnswerShown(Shown):
    """Een antwoord op een reactie."""

    seq: Annotated[
        int, Field(description="De gebeurtenis waarin het staat.", examples=[41])
    ]
    at: Annotated[Moment, Field(description="Wanneer het is gegeven.")]
    by: Annotated[str | None, Field(description="Door wie, met een aanduiding.")] = None
    outcome: Annotated[
        Literal["adopted", "partly", "not"] | None,
        Field(description="Wat ermee is gedaan; ontbreekt waar het bleef liggen."),
    ] = None
    group: Annotated[
        str | None, Field(description="De groep reacties die dit antwoord kreeg.")
    ] = None
    reference: Annotated[
        str | None, Field(description="Waar het antwoord te vinden is.")
    ] = None
    holds: Annotated[
        bool, Field(description="Of het nog geldt, of een ander ervoor kwam.")
    ]
    reason: Annotated[str | None, Field(description="Waarom. Privé.")] = None
    withheld: Withheld = None


class ResponseShown(Shown):
    """Een reactie, en wat ermee is gedaan."""

    id: Annotated[str, Field(description="Het nummer in deze termijn.", examples=["7"])]
    number: Annotated[int, Field(description="Idem, als getal.", examples=[7])]
    window: Annotated[
        str, Field(description="De termijn.", examples=["verslag.concept"])
    ]
    round: Annotated[int, Field(description="In welke ronde.", examples=[1])]
    run: Annotated[int, Field(description="In welke opening.", examples=[1])]
    respondent: Actor
    received: Annotated[Moment, Field(description="Wanneer zij er was.")]
    late: Annotated[bool, Field(description="Of dat te laat was.", examples=[False])]
    used: Annotated[
        Moment | None,
        Field(description="Wanneer een late reactie toch is meegenomen."),
    ] = None
    supplements: Annotated[
        int | None, Field(description="Het nummer dat zij aanvult.")
    ] = None
    channel: Annotated[str | None, Field(description="Hoe zij kwam.")] = None
    posted_on: Annotated[str | None, Field(description="Dag van het poststempel.")] = (
        None
    )
    reference: Annotated[str | None, Field(description="Waar zij te vinden is.")] = None
    groups: Annotated[
        list[str] | None, Field(description="Groepen waar zij in zit.")
    ] = None
    standing: Annotated[
        Literal["adopted", "partly", "not", "left", "waiting"],
        Field(description="Wat ervan werd; `waiting`: zij wacht op een antwoord."),
    ]
    earlier: Annotated[
        bool | None,
        Field(description="Of zij uit een ronde is die niet meer geldt."),
    ] = None
    told: Annotated[
        bool | None,
        Field(description="Of de antwoorden die gelden de indiener bereikten."),
    ] = None
    answers: Annotated[
        list[AnswerShown], Field(description="Elk antwoord, het eerste vooraan.")
    ] = []
    text: Annotated[str | None, Field(description="Wat er is gezegd. Privé.")] = None
    withheld: Withheld = None
