"""What would help, for who reads a page: a page to go to, and no command line.

The desk's own words name what to type, for its first reader sits at a terminal. Each of
them that a page can show has a row here; a test finds those that lack one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desk.access.tokens import NO_TOKEN
from desk.erasing import HELD, HELD_BY_ALL, NO_ERASURE, NOTHING_KEPT
from desk.feed import FULL
from desk.gone import NO_DIALOGUE
from desk.in_words.unusual import TODO
from desk.mandates import NO_MANDATE
from desk.organisations import NO_SUSPENSION, SEVERAL
from desk.packs import (
    NO_LOG_KEY,
    NO_PACK,
    NONE_PUBLISHED,
    NOT_CONTINUED,
    NOT_IN_LOG,
)
from desk.packs_apart import NOT_IN_TIME
from desk.past import NO_CHECKPOINT, NOT_AS_SEALED
from desk.publishing import TOO_FEW
from desk.reachable import NO_KEYS, NO_RECORD, NO_SCHEMA, NO_TEMPORAL
from desk.saying import said
from desk.starting import NOT_RUN
from desk.subscribing import ENABLE_FIRST
from desk.subscription_secrets import NONE
from domain.errors import (
    DialogueExists,
    NotHolder,
    NotStarted,
    PlainTextRefused,
    RecordContradicts,
)
from domain.people_register import UnknownPhase
from domain.signed import LastDeskKey, TooManyDeskKeys, Unsigned
from domain.standing_still import WindowsSuspended
from domain.using import NotLateYet
from language import mark
from pages.plainly import plainly

_ASK: Final = mark(
    "Tell who runs Polder: they can put this right. Nothing that is on record is lost."
)
_CHANGED: Final = mark(
    "Tell who runs Polder: they can check the whole record and see what was changed."
)

_OF_SERVERS: Final[Mapping[str, str]] = {
    NO_TEMPORAL: mark(
        "Nothing can be done at the moment, for a server does not answer. Nothing was "
        "sent. Reading goes on."
    ),
    NO_RECORD: mark("The record does not answer at the moment."),
    NO_KEYS: mark(
        "Private texts can't be reached at the moment. Nothing was sent. Try it again "
        "later."
    ),
    NO_SCHEMA: mark(
        "The database is not set up for this version of Polder. Tell who runs Polder."
    ),
    NOT_RUN: mark(
        "{stream} is on record, but stands still: what carries it is gone. Tell who "
        "runs Polder: they can bring it back. Reading goes on."
    ),
    RecordContradicts.template(): mark(
        "What is on record contradicts this dialogue. Nothing more is taken in until "
        "who runs Polder has looked into it; tell them."
    ),
}
_OF_THE_LOG: Final[Mapping[str, str]] = {
    NO_LOG_KEY: mark(
        "The key of the log is not within reach of these pages. Tell who runs Polder."
    ),
    NOT_IN_LOG: mark(
        "{stream} is not in the log: what is on record of it does not fit together. "
        "Tell who runs Polder: they can check the whole record."
    ),
    NONE_PUBLISHED: mark(
        "No checkpoint was published yet. That happens once a day, or when who runs "
        "Polder asks for it."
    ),
    NOT_CONTINUED: mark(
        "Nothing is signed, because the log does not continue what was signed: "
        "{problem}. Tell who runs Polder."
    ),
    NO_PACK: mark("No pack can be made: {problem}. Tell who runs Polder."),
    NOT_IN_TIME: mark(
        "The pack was not there in time. Try it again in a minute; if it stays like "
        "this, tell who runs Polder."
    ),
    TOO_FEW: mark("{have} of {wanted} witnesses cosigned within a minute."),
    NO_CHECKPOINT: mark(
        "There is no checkpoint of size {size}. The page of an event names the one "
        "that covers it."
    ),
    NOT_AS_SEALED: mark(
        "Event {seq} of {stream} is not what was recorded or sealed. Tell who runs "
        "Polder: they can check the whole record."
    ),
}
_OF_WHAT_IS_NOT_THERE: Final[Mapping[str, str]] = {
    NO_DIALOGUE: mark(
        "There is no dialogue {stream}. The page of dialogues has all that there are."
    ),
    NotStarted.template(): mark(
        "There is no dialogue here yet. Begin one on the page of dialogues."
    ),
    NO_TOKEN: mark(
        "There is no token {id}. The page of tokens has all that there are."
    ),
    NO_MANDATE: mark("There is no mandate {name}."),
    NONE: mark(
        "There is no subscription {id}. The page of subscriptions has all that there "
        "are."
    ),
    NO_SUSPENSION: mark(
        "There is no suspension {suspension}. The page of the organisation has all "
        "that there are."
    ),
    SEVERAL: mark(
        "Windows stand still for more than one reason: {known}. Say on the page of the "
        "organisation which one ends."
    ),
    NO_ERASURE: mark(
        "There is no request {erasure} to be erased. The page of requests has all that "
        "there are."
    ),
    NOTHING_KEPT: mark(
        "{organisation} keeps nothing about {subject}. Look at the id: the history of "
        "a dialogue shows it."
    ),
    HELD: mark(
        "This can't go now: {holds} holds it. Have that lifted first, or refuse the "
        "request because it is held."
    ),
    HELD_BY_ALL: mark(
        "This can't go now: {holds} holds it. Nobody can tell any more whom {lost} is "
        "about, so it holds everything of {organisation}. Have it lifted and placed "
        "again."
    ),
    ENABLE_FIRST: mark(
        "This subscription is switched off: {problem}. Switch it on first."
    ),
    FULL: mark("As many follow already as this server can serve: come back later."),
}
_OF_THE_DOMAIN: Final[Mapping[str, str]] = {
    DialogueExists.template(): mark(
        "There is a dialogue {stream} already. Choose another name in the address."
    ),
    NotHolder.template(): mark(
        "Whoever this is about does not hold the role {role} in this dialogue. Give "
        "them that role first, on the page of roles."
    ),
    WindowsSuspended.template(): mark(
        "The organisation has stopped the windows of its dialogues for now. On the "
        "page of the organisation they go on again."
    ),
    NotLateYet.template(): mark(
        "This response is in time for feedback window {window}: record it as one that "
        "is in time."
    ),
    UnknownPhase.template(): mark(
        "There is no such phase here. The phases are: {known}. You can add a phase of "
        "the project of your own."
    ),
    PlainTextRefused.template(): mark(
        "What you wrote in {field} is private, and could not be kept as that. Try it "
        "again; if it stays like this, tell who runs Polder."
    ),
    Unsigned.template(): mark(
        "This is only taken in if a desk has signed it. Tell who runs Polder."
    ),
    LastDeskKey.template(): mark(
        "This is the only desk whose signature is trusted here. Trust another one "
        "first; who runs Polder can do that."
    ),
    TooManyDeskKeys.template(): mark(
        "A dialogue trusts the signatures of at most {limit} desks. Have one of them "
        "taken away first, by who runs Polder."
    ),
}
_OF_EXCEPTIONS: Final[Mapping[str, str]] = {
    TODO["catch_up"]: _ASK,
    TODO["restore"]: _ASK,
    TODO["supersede"]: mark(
        "Tell who runs Polder: two tell another story, and somebody has to find out "
        "why."
    ),
    TODO["start_worker"]: _ASK,
    TODO["verify"]: _CHANGED,
    TODO["strange_key"]: mark(
        "Find out whose key it is. Then have who runs Polder distrust it, or trust it."
    ),
    TODO["unsigned"]: mark("Ask who acted; who runs Polder can allow less unsigned."),
    TODO["shortened"]: mark(
        "Look the decision up. If it is not so, have the term set again before a "
        "dossier goes."
    ),
    TODO["failed"]: mark("Try it again or leave it, with a reason: see Today."),
}

ON_PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **_OF_SERVERS,
        **_OF_THE_LOG,
        **_OF_WHAT_IS_NOT_THERE,
        **_OF_THE_DOMAIN,
        **_OF_EXCEPTIONS,
    }
)
"""What the desk says → what a page says, from the same facts or fewer."""


def in_words(error: Exception, lang: str) -> str:
    """Say what the desk or the domain refused as a page says it, in ``lang``."""
    return plainly(said(error, lang, ON_PAGES))
