"""What would help, for who calls over HTTP: a route and a member, and no command line.

The desk's own words name what to type, for its first reader sits at a terminal. Each of
them that can be told over HTTP has a row here; a test finds those that lack one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desk.access.tokens import NO_TOKEN
from desk.erasing import HELD, HELD_BY_ALL, NO_ERASURE, NOTHING_KEPT
from desk.gone import NO_DIALOGUE
from desk.mandates import NO_MANDATE
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
from desk.sending import NO_ANSWER
from desk.starting import NOT_RUN, NOT_YET
from desk.subscribing import ENABLE_FIRST
from desk.subscription_secrets import NONE
from language import mark

OVER_HTTP: Final[Mapping[str, str]] = MappingProxyType(
    {
        NO_DIALOGUE: mark(
            "There is no dialogue {stream}. GET /v1/dialogues lists those that there "
            "are; POST /v1/dialogues starts one."
        ),
        NO_TOKEN: mark("There is no token {id}."),
        NO_ERASURE: mark(
            "There is no request {erasure} to be erased. The page of requests has all "
            "that there are."
        ),
        NOTHING_KEPT: mark(
            "{organisation} keeps nothing about {subject}. Look at the id: the history "
            "of a dialogue shows it."
        ),
        HELD: mark(
            "This can't go now: {holds} holds it. Have that lifted first, or refuse "
            "the request because it is held."
        ),
        HELD_BY_ALL: mark(
            "This can't go now: {holds} holds it. Nobody can tell any more whom {lost} "
            "is about, so it holds everything of {organisation}. Have it lifted and "
            "placed again."
        ),
        NO_MANDATE: mark("There is no mandate {name} in {organisation}."),
        NO_CHECKPOINT: mark(
            "There is no checkpoint of size {size}. GET /v1/audit/checkpoint gives the "
            "newest that was published."
        ),
        NOT_AS_SEALED: mark(
            "Event {seq} of {stream} is not what was recorded or sealed. Tell who runs "
            "this server: they can check the whole record."
        ),
        NO_LOG_KEY: mark("This server does not have the key of the log."),
        NOT_IN_LOG: mark(
            "{stream} is not in the log: what is on record of it does not fit. "
            "Tell who runs this server: they can check the whole record."
        ),
        NONE_PUBLISHED: mark(
            "No checkpoint was published yet: it is once a day, or when who runs this "
            "server asks for it."
        ),
        NOT_CONTINUED: mark(
            "Nothing is signed, because the log does not continue what was signed: "
            "{problem}. Tell who runs this server."
        ),
        NO_PACK: mark("No pack can be made: {problem}. Tell who runs this server."),
        NOT_IN_TIME: mark(
            "No pack came in time. It is made by a worker that has the log's key: ask "
            "again later, and see GET /health."
        ),
        TOO_FEW: mark("{have} of {wanted} witnesses cosigned within a minute."),
        NO_TEMPORAL: mark(
            "Commands can't be taken at the moment: Temporal does not answer. Nothing "
            "was sent. Send the same again later, with the same Idempotency-Key; "
            "reading goes on."
        ),
        NO_RECORD: mark(
            "The record does not answer. A command may have been carried out all the "
            "same: send it again with the same Idempotency-Key to find out."
        ),
        NO_KEYS: mark(
            "The keys of private texts can't be reached. Nothing was sent: send the "
            "same again later, with the same Idempotency-Key."
        ),
        NO_SCHEMA: mark(
            "The database is not set up for this program. Tell who runs this server."
        ),
        NO_ANSWER: mark(
            "No answer from {stream} within {seconds} s. The command may still be "
            "carried out: send it again with the same Idempotency-Key to find out, or "
            "ask GET /v1/dialogues/{stream}/commands/ with its name."
        ),
        NOT_YET: mark(
            "{stream} was started, but is not on record yet. Send the same again with "
            "the same Idempotency-Key to find out."
        ),
        NOT_RUN: mark(
            "{stream} is on record, but Temporal does not run it (any more). Tell who "
            "runs this server: they can bring it back. Reading goes on."
        ),
        NONE: mark("There is no subscription {id}. GET /v1/subscriptions lists yours."),
        ENABLE_FIRST: mark(
            "This subscription is disabled: {problem}. Enable it first: POST "
            "/v1/subscriptions/{id}/switches with enabled true."
        ),
    }
)
"""What the desk says → what is said over HTTP, from the same facts or fewer."""
