"""Private text goes to the vault at the desk, and only its commitment goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from desk.errors import Refused
from domain.commands import COMMANDS
from domain.errors import (
    MalformedCommand,
    PlainTextRefused,
    TooLarge,
    UnknownCommand,
)
from domain.messages import private_fields
from domain.reflection_facts import US
from storage.errors import PrivateValueDiffers
from storage.keys import Keys
from storage.pool import Source
from storage.vault import PrivateField, put

MAX_PRIVATE_CHARACTERS = 20_000
ABOUT = {
    "assign_role": "actor",
    "release_role": "actor",
    "record_response": "respondent",
    "note_late_feedback": "respondent",
    "make_agreement": "who",
    "register_stakeholder": "stakeholder",
    "change_stakeholder": "stakeholder",
    "release_stakeholder": "stakeholder",
    "brief_latecomer": "stakeholder",
    "waive_briefing": "stakeholder",
    "decline_participation": "who",
    "hand_over_role": "successor",
    "record_interest": "stakeholder",
    "record_evaluation": "by",
}
"""Which member of a command names the person its private fields are about.

In every other command they are the sender's own words.
"""

_USED = ("use_late_response", "response")
"""What somebody said, in a command whose reason is the sender's own."""


async def commit(
    source: Source,
    keys: Keys,
    stream: str,
    kind: str,
    body: Mapping[str, Any],
    *,
    command_id: str,
    sender: str,
) -> dict[str, Any]:
    """Give a command's body with commitments in the place of its private texts.

    A repeat finds the same commitments; another text under the same command id is
    refused. What holds a commitment already stays as it is.
    """
    model = COMMANDS.get(kind)
    names = private_fields(model) if model else ()
    _check_gathered(body.get("responses"))
    texts = {name: body[name] for name in names if isinstance(body.get(name), str)}
    if not texts:
        return dict(body)
    for text in texts.values():
        check_length(text)
    fields = [
        PrivateField(f"/{name}", _about(kind, name, body, sender), texts[name])
        for name in texts
    ]
    try:
        commitments = await put(source, keys, stream, command_id, fields, by=sender)
    except PrivateValueDiffers as error:
        raise Refused("IdReused", str(error), {"id": command_id}) from error
    committed = {n: {"commitment": commitments[f"/{n}"]} for n in texts}
    return {**body, **committed}


def _check_gathered(responses: object) -> None:
    """Let no plain text of one of many responses go on; each has a place of its own."""
    given = cast("list[object]", responses) if isinstance(responses, list) else []
    for each in given:
        match each:
            case {"response": str()}:
                raise Refused.of(PlainTextRefused(field="response"))
            case _:
                pass


def _about(kind: str, field: str, body: Mapping[str, Any], sender: str) -> str:
    """Give the person that one private field of a command is about."""
    respondent = body.get("respondent")
    if (kind, field) == _USED and isinstance(respondent, str):
        return respondent
    return _subject(kind, body, sender)


def _subject(kind: str, body: Mapping[str, Any], sender: str) -> str:
    """Give whom private fields are about; what ``us`` say is whoever says it."""
    whose = str(body.get(ABOUT.get(kind, ""), sender))
    return sender if (kind, whose) == ("record_evaluation", US) else whose


async def deposit(  # noqa: PLR0913  (where, for which member, and who about whom)
    source: Source,
    keys: Keys,
    stream: str,
    kind: str,
    field: str,
    *,
    text: str,
    command_id: str,
    subject: str,
    sender: str,
) -> str:
    """Keep one private text for a command that follows; give its commitment in hex.

    ``subject`` is whom it is about, ``sender`` who will send that command.
    Raises `Refused` for a field that is not private, and for another text under the
    same command id.
    """
    model = COMMANDS.get(kind)
    if model is None or model.internal:
        known = ", ".join(name for name, each in COMMANDS.items() if not each.internal)
        raise Refused.of(UnknownCommand(known=known))
    if field not in private_fields(model):
        problem = f"its private fields are {', '.join(private_fields(model)) or 'none'}"
        raise Refused.of(MalformedCommand(kind=kind, problem=problem))
    check_length(text)
    try:
        value = PrivateField(f"/{field}", subject, text)
        found = await put(source, keys, stream, command_id, [value], by=sender)
    except PrivateValueDiffers as error:
        raise Refused("IdReused", str(error), {"id": command_id}) from error
    return found[f"/{field}"]


def check_length(text: str) -> None:
    """Raise `TooLarge` as a refusal for a text that is longer than one may be."""
    if len(text) > MAX_PRIVATE_CHARACTERS:
        raise Refused.of(TooLarge(size=len(text), limit=MAX_PRIVATE_CHARACTERS))
