"""Subscriptions: who is told of what happens, and what became of each delivery."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models import Body, Moment, Shown

_ID = "0f9c2a52-6f5c-4a6e-9a52-3c1d3d7a1a10"
_TARGET = "https://zaken.example.org/polder"
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  (an example)

Kind = Annotated[str, Field(max_length=100, examples=["window_opened"])]
Slug = Annotated[str, Field(max_length=130, examples=["parkzicht"])]
Secret = Annotated[
    str,
    Field(
        description="Waarmee berichten worden ondertekend (Standard Webhooks): "
        "`whsec_` en 24 tot 64 bytes in base64. Zonder dit lid wordt er een gemaakt.",
        max_length=120,
        examples=[_SECRET],
    ),
]


class BearerBody(Body):
    """Een vast token dat in `Authorization` meegaat."""

    type: Literal["bearer"]
    token: Annotated[str, Field(min_length=1, max_length=4_000, examples=["s3cr3t"])]


class ZgwBody(Body):
    """Een JWT zoals de ZGW-API's die vragen, voor elk bericht vers."""

    type: Literal["zgw"]
    client_id: Annotated[str, Field(min_length=1, max_length=200, examples=["polder"])]
    client_secret: Annotated[
        str, Field(min_length=16, max_length=500, examples=["een-lang-geheim-1234"])
    ]


Authorisation = Annotated[BearerBody | ZgwBody, Field(discriminator="type")]


class SubscriptionBody(Body):
    """Waar gebeurtenissen heen moeten, en welke."""

    target: Annotated[
        str,
        Field(
            description="Het adres dat de berichten aanneemt; `https`. Het moet ja "
            "zeggen op een verzoek `OPTIONS` met `WebHook-Request-Origin`.",
            min_length=1,
            max_length=2_000,
            examples=[_TARGET],
        ),
    ]
    types: Annotated[
        list[Kind] | None,
        Field(
            description="Alleen gebeurtenissen van deze soorten; anders alle.",
            min_length=1,
            max_length=200,
        ),
    ] = None
    dialogues: Annotated[
        list[Slug] | None,
        Field(
            description="Alleen van deze dialogen, bij naam; anders van alle.",
            min_length=1,
            max_length=1_000,
        ),
    ] = None
    format: Annotated[
        Literal["event", "zgw"],
        Field(description="Wat `data` bevat: de gebeurtenis, of een ZGW-notificatie."),
    ] = "event"
    authorisation: Annotated[
        Authorisation | None,
        Field(description="Waarmee Polder zich bij het adres meldt; anders nergens."),
    ] = None
    secret: Secret | None = None
    from_leaf: Annotated[
        int | None,
        Field(
            description="Vanaf welke plaats in het logboek; anders vanaf nu.",
            ge=0,
            lt=2**53,
            examples=[0],
        ),
    ] = None


class SubscriptionShown(Shown):
    """Een abonnement, en hoe het ermee gaat."""

    id: Annotated[str, Field(description="Het abonnement.", examples=[_ID])]
    organisation: Annotated[str, Field(examples=["gemeente-waterdam"])]
    target: Annotated[str, Field(description="Waar berichten heen gaan.")]
    format: Annotated[str, Field(description="`event` of `zgw`.", examples=["event"])]
    authorisation: Annotated[
        str, Field(description="`none`, `bearer` of `zgw`.", examples=["none"])
    ]
    types: Annotated[list[str] | None, Field(description="Alleen deze soorten.")] = None
    dialogues: Annotated[
        list[str] | None, Field(description="Alleen deze dialogen.")
    ] = None
    handshake: Annotated[
        bool, Field(description="Of het adres eerst ja moet zeggen.")
    ] = True
    status: Annotated[
        str,
        Field(
            description="`pending`: wacht op het ja van het adres; `active`; "
            "`disabled`: er gaat niets meer heen.",
            examples=["active"],
        ),
    ]
    problem: Annotated[str | None, Field(description="Wat er het laatst misging.")] = (
        None
    )
    rate: Annotated[
        int | None,
        Field(description="Hoeveel verzoeken per minuut het adres toestaat."),
    ] = None
    cursor: Annotated[
        int, Field(description="De volgende plaats in het logboek.", examples=[4711])
    ]
    behind: Annotated[
        int, Field(description="Hoeveel plaatsen nog te gaan zijn.", examples=[0])
    ]
    held_dialogues: Annotated[
        int,
        Field(description="Hoeveel dialogen wachten op een bericht dat niet lukt."),
    ]
    dead_letters: Annotated[int, Field(description="Hoeveel berichten zijn opgegeven.")]
    failures: Annotated[int, Field(description="Hoe vaak het achter elkaar misging.")]
    failing_since: Annotated[
        Moment | None, Field(description="Sinds wanneer het adres niets aanneemt.")
    ] = None
    retry_at: Annotated[
        Moment | None, Field(description="Wanneer het weer wordt geprobeerd.")
    ] = None
    delivered_at: Annotated[
        Moment | None, Field(description="Wanneer het laatste bericht is aangenomen.")
    ] = None
    previous_secret_until: Annotated[
        Moment | None, Field(description="Tot wanneer het vorige geheim ook tekent.")
    ] = None
    created_at: Annotated[Moment, Field(description="Wanneer het is gemaakt.")]
    created_by: Annotated[str, Field(description="Door wie.", examples=["p-1"])]


class SubscriptionMade(SubscriptionShown):
    """Een abonnement met zijn geheim, dat later niet meer wordt getoond."""

    secret: Annotated[
        str,
        Field(description="Waarmee berichten zijn ondertekend.", examples=[_SECRET]),
    ]


class DeliveryShown(Shown):
    """Eén poging om een bericht af te leveren."""

    id: Annotated[str, Field(description="De poging.", examples=["42"])]
    event: Annotated[
        str,
        Field(
            description="De `id` van het CloudEvent, ook in `webhook-id`.",
            examples=["b8f8b9a0-5f0a-5a0a-9a52-3c1d3d7a1a10"],
        ),
    ]
    type: Annotated[str, Field(examples=["nl.polder.window-opened"])]
    dialogue: Annotated[str | None, Field(examples=["gemeente-waterdam:parkzicht"])] = (
        None
    )
    seq: Annotated[int | None, Field(description="Het nummer daarin.")] = None
    leaf_index: Annotated[
        int | None, Field(description="De plaats in het logboek.")
    ] = None
    at: Annotated[Moment, Field(description="Wanneer.")]
    milliseconds: Annotated[int, Field(description="Hoe lang het antwoord duurde.")]
    outcome: Annotated[
        str, Field(description="`delivered` of `failed`.", examples=["delivered"])
    ]
    status: Annotated[
        int | None, Field(description="Wat het adres antwoordde.", examples=[204])
    ] = None
    problem: Annotated[str | None, Field(description="Wat er misging.")] = None


class DeadLetter(Shown):
    """Een bericht dat is opgegeven."""

    leaf_index: Annotated[int, Field(description="De plaats in het logboek.")]
    dialogue: Annotated[str, Field(examples=["gemeente-waterdam:parkzicht"])]
    seq: Annotated[int, Field(description="Het nummer daarin.")]
    type: Annotated[str, Field(examples=["window_opened"])]
    at: Annotated[Moment, Field(description="Wanneer het is opgegeven.")]
    problem: Annotated[str, Field(description="Waarom.")]


class ReplayBody(Body):
    """Wat nog eens moet: alles vanaf een plaats of een moment, of wat is opgegeven."""

    from_leaf: Annotated[
        int | None,
        Field(description="Vanaf deze plaats in het logboek.", ge=0, lt=2**53),
    ] = None
    since: Annotated[
        Moment | None, Field(description="Vanaf dit moment, met een offset.")
    ] = None
    dead_letters: Annotated[bool, Field(description="Alles wat is opgegeven.")] = False


class ActShown(Shown):
    """Wat iemand met een abonnement deed."""

    act: Annotated[str, Field(description="Wat.", examples=["replayed"])]
    leaf_index: Annotated[
        int | None, Field(description="Vanaf welke plaats in het logboek.")
    ] = None
    by: Annotated[str, Field(description="Door wie.", examples=["p-1"])]
    at: Annotated[Moment, Field(description="Wanneer.")]


class SecretBody(Body):
    """Een nieuw geheim; zonder `secret` wordt er een gemaakt."""

    secret: Secret | None = None
    overlap_hours: Annotated[
        int,
        Field(description="Hoe lang het vorige nog mee tekent, in uren.", ge=0, le=720),
    ] = 24


class SwitchBody(Body):
    """Of er berichten heen gaan."""

    enabled: Annotated[bool, Field(description="`false`: er gaat niets meer heen.")]
