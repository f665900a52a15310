"""What every operation of the API's description refers to: problems, headers, words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from api.problems import MEDIA_TYPE
from api.refusals import kebab, words
from api.version import VERSION

Json = dict[str, Any]

DESCRIPTION: Final = """\
Polder voert stakeholderdialogen: processen van weken tot jaren waarin een organisatie
met wie zij raakt tot een advies, ontwerp of besluit komt. Alles wat gebeurt is een
gebeurtenis in een spoor dat een buitenstaander kan controleren.

Roep aan met een token: `Authorization: Bearer pld_…`. Wie handelt is wie het token
heeft. Een opdracht met dezelfde `Idempotency-Key` heeft één effect, hoe vaak zij ook
komt. Fouten zijn `application/problem+json` (RFC 9457), met in `type` een vaste naam.
"""

INFO: Final[Json] = {
    "summary": "Stakeholderdialogen voeren, en bewijzen hoe het ging.",
    "description": DESCRIPTION,
    "contact": {
        "name": "De beheerders van Polder",
        "email": "beheer@polder.example",
        "url": "https://polder.example/",
    },
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}

_TAGS: Final = (
    ("Dialogen", "Welke er zijn, en waar elk staat."),
    ("Opdrachten", "Wat een dialoog moet doen, één keer."),
    ("Plan", "De fasen, stappen en aandachtspunten, en hoe ver zij zijn."),
    ("Reactietermijnen", "Wanneer er gevraagd wordt, en wat er gezegd werd."),
    ("Wat er in een dialoog ligt", "Mensen, belangen, bijeenkomsten, afspraken."),
    ("Methoden", "Waarmee een dialoog kan beginnen."),
    ("Gebeurtenissen", "Wat er gebeurde, en wat er gebeurt."),
    ("Verantwoording", "Wat nodig is om het spoor na te gaan."),
    ("Abonnementen", "Gebeurtenissen die u toegestuurd krijgt."),
    ("Zaken", "Zaken van zaaksystemen, en hun berichten."),
    ("Overzicht", "Over alle dialogen heen."),
    ("Toegang", "Hoe een deelnemer binnenkomt."),
    ("Over deze API", "Beschrijving en toestand."),
)
TAGS: Final[list[Json]] = [
    {"name": name, "description": about} for name, about in _TAGS
]
"""The headings, in the order in which a reader meets them."""

NO_BODY: Final = frozenset({"204", "304"})

VERSION_HEADER: Final[Json] = {
    "description": "De volledige versie van de API.",
    "schema": {"type": "string", "examples": [VERSION]},
}

HEADERS: Final[Mapping[str, Json]] = {
    "RetryAfter": {
        "description": "Na hoeveel seconden opnieuw proberen zin heeft.",
        "schema": {"type": "integer", "minimum": 0, "examples": [5]},
    },
}

_LOCATION: Final[Json] = {
    "type": "object",
    "description": "Eén deel dat niet past.",
    "required": ["in", "code", "detail"],
    "properties": {
        "in": {
            "type": "string",
            "description": "Waar het staat.",
            "enum": ["body", "query", "header", "cookie", "path"],
        },
        "pointer": {
            "type": "string",
            "description": "In de inhoud: een JSON Pointer (RFC 6901).",
            "examples": ["/command"],
        },
        "name": {
            "type": "string",
            "description": "Anders: de naam van de parameter of header.",
            "examples": ["limit"],
        },
        "code": {
            "type": "string",
            "description": "Wat voor fout.",
            "examples": ["missing"],
        },
        "detail": {
            "type": "string",
            "description": "Wat er wel past, in uw taal.",
            "examples": ["het ontbreekt"],
        },
    },
}

PROBLEM: Final[Json] = {
    "type": "object",
    "title": "Problem",
    "description": "Wat er mis is, in de vorm van RFC 9457.",
    "required": ["type", "title", "status", "detail", "instance", "error"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "De vaste naam van het probleem; zie docs/problems.md.",
            "examples": ["/problems/nothing-to-do"],
        },
        "title": {
            "type": "string",
            "description": "De naam in het Engels, altijd dezelfde.",
            "examples": ["Nothing to do"],
        },
        "status": {
            "type": "integer",
            "description": "De HTTP-status.",
            "minimum": 400,
            "maximum": 599,
            "examples": [409],
        },
        "detail": {
            "type": "string",
            "description": "Wat er mis is en wat zou helpen, in uw taal.",
            "examples": ["Dit zou niets veranderen: de dialoog is al gepauzeerd."],
        },
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "Deze ene keer: het spoor waaronder het in het log staat.",
            "examples": ["urn:uuid:4bf92f35-77b3-4da6-a3ce-929d0e0e4736"],
        },
        "error": {
            "type": "string",
            "description": "De naam zoals ook Temporal haar geeft.",
            "examples": ["NothingToDo"],
        },
        "facts": {
            "type": "object",
            "description": "Waar de tekst van gemaakt is.",
            "additionalProperties": True,
        },
        "errors": {
            "type": "array",
            "description": "Alle delen die niet passen, in één keer.",
            "items": _LOCATION,
        },
    },
}


def _problem(status: int, name: str, about: str, detail: str, **headers: Json) -> Json:
    """Give one problem response."""
    made: Json = {
        "description": about,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    "type": f"/problems/{kebab(name)}",
                    "title": words(name),
                    "status": status,
                    "detail": detail,
                    "instance": "urn:uuid:4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
                    "error": name,
                },
            }
        },
        "headers": {"API-Version": VERSION_HEADER, **headers},
    }
    return made


_RETRY: Final[Json] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
_CHALLENGE: Final[Json] = {
    "WWW-Authenticate": {
        "description": "Hoe u zich bekendmaakt (RFC 6750).",
        "schema": {"type": "string", "examples": ['Bearer realm="polder"']},
    }
}

PROBLEMS: Final[Json] = {
    "BadInput": _problem(
        400,
        "BadInput",
        "Wat u stuurde past niet; alle delen die niet passen staan erin.",
        "Wat u stuurde is niet wat hier past; errors noemt elk deel.",
    ),
    "Unauthenticated": _problem(
        401,
        "Unauthenticated",
        "Er is geen token, of het geldt niet.",
        "Hiervoor is een geldig token nodig.",
        **_CHALLENGE,
    ),
    "NotAllowed": _problem(
        403,
        "NotAllowed",
        "U mag dit zien, en niet doen.",
        "Hiervoor is een token met een andere rol nodig.",
    ),
    "NotFound": _problem(
        404,
        "NotFound",
        "Het is er niet, of u mag niet weten dat het er is.",
        "Er is geen dialoog gemeente-waterdam:parkzicht.",
    ),
    "NotAcceptable": _problem(
        406,
        "NotAcceptable",
        "Zo is het niet te krijgen.",
        "Wat hier staat is te krijgen als: application/json.",
    ),
    "Refused": _problem(
        409,
        "NothingToDo",
        "De dialoog weigert; er is niets veranderd. Ook: dezelfde `Idempotency-Key` "
        "met een andere inhoud.",
        "Dit zou niets veranderen: de dialoog is al gepauzeerd.",
    ),
    "VersionConflict": _problem(
        412,
        "VersionConflict",
        "De dialoog is verder dan de versie die u zag.",
        "De dialoog is bij versie 15, niet bij 14.",
    ),
    "TooLarge": _problem(
        413,
        "TooLarge",
        "De inhoud is te groot.",
        "De inhoud is te groot: er gaan hoogstens 1048576 bytes in.",
    ),
    "UnsupportedMediaType": _problem(
        415,
        "UnsupportedMediaType",
        "De inhoud heeft een vorm die hier niet past.",
        "De inhoud moet JSON zijn: Content-Type: application/json.",
    ),
    "TooManyRequests": _problem(
        429,
        "TooManyRequests",
        "Het gaat te snel; wacht zo lang als `Retry-After` zegt.",
        "Er komen te veel verzoeken. Probeer het over 2 s opnieuw.",
        **_RETRY,
    ),
    "Unforeseen": _problem(
        500,
        "Unforeseen",
        "Er ging iets mis dat niemand voorzag.",
        "Er ging iets mis dat niemand voorzag.",
    ),
    "Unavailable": _problem(
        503,
        "Unreachable",
        "Een server antwoordt niet. Lezen kan nog gaan; stuur een opdracht later nog "
        "eens, met dezelfde `Idempotency-Key`.",
        "Temporal antwoordt niet.",
        **_RETRY,
    ),
}
"""Responses by the names that operations refer to."""

SECURITY: Final[Json] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "Een token van uw organisatie: `pld_` en 43 tekens.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-polder_session",
        "description": "Van een deelnemer die met een persoonlijke link binnenkwam. "
        "Over HTTPS heet het `__Host-polder_session`, zonder HTTPS `polder_session`.",
    },
}
