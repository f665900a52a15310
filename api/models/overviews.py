"""What is under way over all dialogues, and what going back would do."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.models import Body, Moment, Shown


class StandingShown(Shown):
    """Hoeveel dialogen er in één fase van één methode zijn."""

    status: Annotated[str, Field(description="Hun status.", examples=["active"])]
    method: Annotated[
        str, Field(description="Hun methode.", examples=["belangen-op-tafel"])
    ]
    phase: Annotated[str, Field(description="Hun fase.", examples=["voorbereiding"])]
    dialogues: Annotated[int, Field(description="Hoeveel.", examples=[3])]
    open_windows: Annotated[int, Field(description="Hun open reactietermijnen.")]
    need_attention: Annotated[int, Field(description="Hoeveel er aandacht vragen.")]
    next_deadline: Annotated[
        Moment | None, Field(description="Wat er het eerst afloopt.")
    ] = None


class TaskCount(Shown):
    """Hoeveel er van één soort te doen is."""

    kind: Annotated[
        str, Field(description="Wat voor taak.", examples=["window_overdue"])
    ]
    count: Annotated[int, Field(description="Hoeveel.", examples=[2])]


class StatusCount(Shown):
    """Hoeveel dialogen er één status hebben."""

    status: Annotated[str, Field(description="De status.", examples=["active"])]
    count: Annotated[int, Field(description="Hoeveel.", examples=[12])]


class PortfolioShown(Shown):
    """Alles wat een organisatie onderhanden heeft."""

    organisation: Annotated[
        str, Field(description="De organisatie.", examples=["gemeente-waterdam"])
    ]
    dialogues: Annotated[int, Field(description="Hoeveel dialogen.", examples=[14])]
    open_windows: Annotated[int, Field(description="Open reactietermijnen.")]
    need_attention: Annotated[int, Field(description="Hoeveel er aandacht vragen.")]
    next_deadline: Annotated[
        Moment | None, Field(description="Wat er het eerst afloopt.")
    ] = None
    statuses: Annotated[list[StatusCount], Field(description="Per status.")]
    standing: Annotated[
        list[StandingShown], Field(description="Per status, methode en fase.")
    ]
    tasks: Annotated[
        list[TaskCount],
        Field(
            description="Wat er te doen is, voor wie dan ook; het dringendste eerst."
        ),
    ]


class RevisitAsked(Body):
    """To which step."""

    step: Annotated[
        str,
        Field(
            description="De stap waarnaar u terug zou gaan.",
            examples=["verslag"],
            min_length=1,
            max_length=200,
        ),
    ]


class VoidedWindow(Shown):
    """Een reactietermijn die zou vervallen."""

    window: Annotated[
        str, Field(description="De termijn.", examples=["verslag.concept"])
    ]
    run: Annotated[int, Field(description="De hoeveelste keer zij loopt.")]
    was_open: Annotated[bool, Field(description="Of zij nu openstaat.")]


class Compensation(Shown):
    """Een herstelactie."""

    act: Annotated[str, Field(description="Wat er gebeurt.", examples=["tell"])]
    step: Annotated[str, Field(description="De stap waar zij bij hoort.")]
    undoes: Annotated[str | None, Field(description="Wat zij ongedaan maakt.")] = None
    heading: Annotated[
        str | None, Field(description="Waar het over gaat, buiten het plan.")
    ] = None
    recipients: Annotated[list[str], Field(description="Wie bericht krijgen.")]


class CalledOff(Shown):
    """Een bijeenkomst die niet doorgaat."""

    meeting: Annotated[str, Field(description="De bijeenkomst.", examples=["avond-1"])]
    title: Annotated[str, Field(description="Haar titel.")]


class RevisitPreview(Shown):
    """Wat een herneming zou doen, zonder het te doen."""

    step: Annotated[str, Field(description="De stap.", examples=["verslag"])]
    possible: Annotated[bool, Field(description="Of het nu kan.")]
    because: Annotated[
        str | None, Field(description="Waarom niet; alleen als het niet kan.")
    ] = None
    round: Annotated[int | None, Field(description="De ronde die zou beginnen.")] = None
    voids: Annotated[list[str], Field(description="Stappen die vervallen.")] = []
    windows: Annotated[
        list[VoidedWindow], Field(description="Reactietermijnen die vervallen.")
    ] = []
    compensations: Annotated[
        list[Compensation], Field(description="Herstelacties, op volgorde.")
    ] = []
    reopens: Annotated[
        list[str], Field(description="Aandachtspunten om opnieuw te bevestigen.")
    ] = []
    gates: Annotated[
        list[str], Field(description="Poorten die opnieuw gehaald moeten worden.")
    ] = []
    reports: Annotated[
        list[str], Field(description="Verslagen die worden ingetrokken.")
    ] = []
    agreements: Annotated[
        list[str], Field(description="Afspraken om opnieuw te bekijken.")
    ] = []
    decisions: Annotated[
        list[str], Field(description="Besluiten om opnieuw te bekijken.")
    ] = []
    meetings: Annotated[
        list[CalledOff], Field(description="Bijeenkomsten die niet doorgaan.")
    ] = []
    tells: Annotated[list[str], Field(description="Wie bericht krijgen.")] = []
