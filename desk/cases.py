"""What other systems report of a case reaches the dialogues that are about it.

A dialogue is linked to the address that a case has in its own system. A notification
about that case (Notificaties API of the ZGW standards) becomes a ``note_signal`` on
each such dialogue, under an id made of what it says: the same one again is the same
signal.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import structlog

from desk.desk import Desk, Sender
from desk.errors import DeskError, NotFound, Refused
from domain.errors import DomainError
from domain.facts import Actor
from domain.rights import acting_role, check_rights
from domain.signal_facts import NoteSignal
from evidence.canonical import canonical
from language import mark
from storage import cases
from storage.cases import CaseLink

__all__ = ["CaseLink", "Notification", "cases_of", "link", "report", "unlink"]

log = structlog.get_logger()

LONGEST: Final = 500
_NO_ADDRESS: Final = mark(
    "This is no address of a case: https://… without a password, of at most {limit} "
    "characters."
)
_NO_LINK: Final = mark("{stream} is not linked to a case under {id}.")
_UNFIT: Final = re.compile(r"[^a-z0-9_-]+")
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Unfit(DeskError):
    """This is no address of a case."""


class Notification(NamedTuple):
    """What a case system reports: that something of a case changed, never what."""

    channel: str
    case: str
    """Address of the case: ``hoofdObject``."""
    resource: str
    address: str
    """Of what changed: ``resourceUrl``."""
    act: str
    at: str

    @property
    def kind(self) -> str:
        """What a dialogue calls it: ``zgw-zaken-status-create``."""
        said = f"zgw-{self.channel}-{self.resource}-{self.act}".lower()
        return _UNFIT.sub("-", said)[:63].strip("-")

    @property
    def command_id(self) -> str:
        """The id under which it counts once, however often it comes."""
        return f"zgw:{sha256(canonical(list(self))).hexdigest()[:40]}"


async def link(desk: Desk, stream: str, url: str, sender: Sender) -> CaseLink:
    """Link a dialogue to a case.

    Raises `NotFound`, `Unfit` for no address, and `Refused` for who may not have
    something noted in this dialogue.
    """
    await _check_rights(desk, stream, sender)
    if not is_address(url):
        raise Unfit(_NO_ADDRESS, limit=LONGEST)
    await cases.link(desk.pool, stream, url, sender.id)
    return (await cases.links(desk.pool, stream, url))[0]


async def unlink(desk: Desk, stream: str, id: str, sender: Sender) -> None:
    """Take a link away. Raises `NotFound`, and `Refused` as `link` does."""
    await _check_rights(desk, stream, sender)
    named = _ID.fullmatch(id) is not None
    if not named or not await cases.unlink(desk.pool, stream, id, sender.id):
        raise NotFound(_NO_LINK, stream=stream, id=id)


async def _check_rights(desk: Desk, stream: str, sender: Sender) -> None:
    """Ask of who links what the dialogue asks of who notes a signal themselves."""
    state = await desk.dialogue(stream)
    role = sender.role or acting_role(state.plan, state.roles, sender.id)
    actor = Actor(id=sender.id, role=role, via=sender.via)
    try:
        check_rights(state, NoteSignal(type="case", source=sender.id), actor)
    except DomainError as error:
        raise Refused.of(error).about(state) from error


async def cases_of(desk: Desk, stream: str) -> list[CaseLink]:
    """Give the cases that a dialogue is about. Raises `NotFound`."""
    await desk.dialogue(stream)
    return list(await cases.links(desk.pool, stream))


def is_address(url: str) -> bool:
    """Whether this can be the address of a case: public, as all that a signal says."""
    if not 1 <= len(url) <= LONGEST or not url.isascii() or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        host, secret = parts.hostname, parts.username or parts.password
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not secret


async def report(
    desk: Desk,
    organisation: str,
    notification: Notification,
    sender: Sender,
    *,
    only: str | None = None,
) -> list[str]:
    """Tell the dialogues about a case what was reported; give those that noted it.

    ``only`` leaves one of them. What a dialogue refuses, such as one that is archived,
    holds up no other. Raises `Unreachable`: then it is to be reported again, and
    whoever noted it does not do so twice.
    """
    said = notification
    found = await cases.about(desk.pool, organisation, (said.case, said.address))
    body = {"type": said.kind, "source": sender.id, "reference": said.address}
    return [
        stream
        for stream in found
        if only in {None, stream} and await _noted(desk, stream, body, sender, said)
    ]


async def _noted(
    desk: Desk, stream: str, body: dict[str, str], sender: Sender, said: Notification
) -> bool:
    try:
        await desk.send(stream, "note_signal", body, sender, command_id=said.command_id)
    except (Refused, NotFound) as error:
        name = error.name if isinstance(error, Refused) else type(error).__name__
        log.info("signal_refused", dialogue=stream, error=name)
        return False
    return True
