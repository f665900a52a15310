"""Polder from another program: `Polder` waits, `AsyncPolder` awaits.

    from polder_client import Polder

    with Polder("http://127.0.0.1:8080", "pld_…") as polder:
        polder.send("gemeente:parkzicht", "complete_items", {"items": ["start.doel"]})

`verified` checks an event that was posted to you. It leans on nothing else of Polder.
"""

from polder_client.answers import (
    Answer,
    Case,
    Checkpoint,
    Delivery,
    Dialogue,
    Fact,
    Happened,
    Received,
    Subscription,
    Summary,
)
from polder_client.awaiting import AsyncPolder
from polder_client.client import Polder
from polder_client.problems import (
    DialogueEnded,
    DialogueExists,
    IdReused,
    Invalid,
    LateResponse,
    NotAllowed,
    NotAuthenticated,
    NotEntitled,
    NotFound,
    NothingToDo,
    PolderError,
    Problem,
    Refused,
    TooMany,
    Unavailable,
    Unconfirmed,
    Unreachable,
    VersionConflict,
    WindowNotOpen,
    named,
)
from polder_client.webhooks import NotGenuine, verified

__all__ = [
    "Answer",
    "AsyncPolder",
    "Case",
    "Checkpoint",
    "Delivery",
    "Dialogue",
    "DialogueEnded",
    "DialogueExists",
    "Fact",
    "Happened",
    "IdReused",
    "Invalid",
    "LateResponse",
    "NotAllowed",
    "NotAuthenticated",
    "NotEntitled",
    "NotFound",
    "NotGenuine",
    "NothingToDo",
    "Polder",
    "PolderError",
    "Problem",
    "Received",
    "Refused",
    "Subscription",
    "Summary",
    "TooMany",
    "Unavailable",
    "Unconfirmed",
    "Unreachable",
    "VersionConflict",
    "WindowNotOpen",
    "named",
    "verified",
]
