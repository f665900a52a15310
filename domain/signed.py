"""Signed commands: a dialogue that trusts a desk's key knows who was at the desk.

Without keys, as dialogues were before and as any Temporal client can start one, every
message is taken at its word. With keys, what is signed is believed; what is not is
taken as far as is allowed here, and is on record as having come without a desk. Who
changes the keys, or what is taken unsigned, signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never, get_args

from domain.commands import COMMANDS, AnyCommand, StartDialogue
from domain.draft import Draft
from domain.errors import DomainError, NothingToDo, UnknownCommand
from domain.facts import OWN_PREFIX, Cause
from domain.mandate_facts import EVERYTHING
from domain.messages import kind_of
from domain.signed_facts import (
    MAX_KEYS,
    AllowUnsigned,
    DeskKeyDistrusted,
    DeskKeyTrusted,
    DistrustDeskKey,
    SignedCommand,
    TrustDeskKey,
    UnsignedAllowed,
    by_id,
    key_id,
)
from domain.state import Dialogue
from domain.steps import listed

# ruff: noqa: E501 (a docstring of a refusal is its message, whole and on one line)

_ALWAYS: Final = get_args(SignedCommand)
"""What changes who is believed: never taken unsigned where a key is trusted."""


class Unsigned(DomainError):
    """The command {kind} is taken here only if a desk signed it. Unsigned are taken: {allowed}. Send it over a desk, or have the organisation allow it (polder dialogue allow-unsigned)."""


class BadSignature(DomainError):
    """The signature of this message does not hold: {problem}. Nothing of it was believed."""


class LastDeskKey(DomainError):
    """This is the only desk key that is trusted here; without it anybody could speak in anybody's name. Trust another one first (polder dialogue trust-key)."""


class UnknownDeskKey(DomainError):
    """The desk key {key} is not trusted here. Trusted are: {known}."""


class TooManyDeskKeys(DomainError):
    """A dialogue trusts at most {limit} desk keys. Distrust one first (polder dialogue distrust-key)."""


def brought(command: AnyCommand) -> Mapping[str, str]:
    """Give the keys, by their ids, that a command brings to where none are trusted."""
    match command:
        case StartDialogue(desk_keys=keys):
            return by_id(keys)
        case TrustDeskKey(public=public):
            return by_id((public,))
        case _:
            return {}


def check_signed(state: Dialogue | None, command: AnyCommand, by: Cause) -> None:
    """Raise `Unsigned` where this command has to be signed, and no desk did."""
    if by.signed is not None or by.id.startswith(OWN_PREFIX):
        return
    keys = state.desk_keys if state is not None else {}
    if not (keys or brought(command)):
        return
    kind, unsigned = kind_of(type(command)), state.unsigned if state else ()
    always = isinstance(command, _ALWAYS)
    if always or not takes_unsigned(unsigned, kind):
        raise Unsigned(kind=kind, allowed=_told(unsigned))


def takes_unsigned(unsigned: tuple[str, ...] | None, kind: str) -> bool:
    """Whether a kind of command is among those that are taken unsigned."""
    return unsigned is None or kind in unsigned


def _told(unsigned: tuple[str, ...] | None) -> str:
    if unsigned is None:
        return "all but those about keys"
    return listed(unsigned) if unsigned else "none"


def obey(draft: Draft, command: SignedCommand) -> None:
    """Obey a command about who is believed, or raise a `DomainError`."""
    match command:
        case TrustDeskKey():
            _trust(draft, command)
        case DistrustDeskKey():
            _distrust(draft, command)
        case AllowUnsigned():
            _allow(draft, command)
        case _:
            assert_never(command)


def _trust(draft: Draft, command: TrustDeskKey) -> None:
    keys, key = draft.state.desk_keys, key_id(command.public)
    if key in keys:
        raise NothingToDo(because="this key is trusted already")
    if len(keys) >= MAX_KEYS:
        raise TooManyDeskKeys(limit=MAX_KEYS)
    draft.happen(DeskKeyTrusted(key=key, public=command.public))


def _distrust(draft: Draft, command: DistrustDeskKey) -> None:
    keys = draft.state.desk_keys
    if command.key not in keys:
        raise UnknownDeskKey(key=command.key, known=listed(keys) or "none")
    if len(keys) == 1:
        raise LastDeskKey
    draft.happen(DeskKeyDistrusted(key=command.key, reason=command.reason))


def _allow(draft: Draft, command: AllowUnsigned) -> None:
    state = draft.state
    kinds = check_kinds(command.commands)
    if not state.desk_keys:
        raise NothingToDo(because="no desk key is trusted here, so nothing is signed")
    if kinds == state.unsigned:
        raise NothingToDo(because="these are what is taken unsigned already")
    draft.happen(UnsignedAllowed(commands=kinds))


def check_kinds(kinds: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Give kinds sorted, each once, and None for every kind.

    Raises `UnknownCommand`, also for those that are always signed.
    """
    if kinds is None or EVERYTHING in kinds:
        return None
    never = {kind_of(each) for each in _ALWAYS}
    known = {k for k, c in COMMANDS.items() if not c.internal and k not in never}
    if not known.issuperset(kinds):
        raise UnknownCommand(known=", ".join(sorted(known)))
    return tuple(sorted({*kinds}))
