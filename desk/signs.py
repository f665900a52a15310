"""What a desk signs with: a key in a file, read when the first command goes.

It is read again when the file is another: a key can be replaced while desks run. Who
only reads needs none of it, and loads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desk.errors import DeskError, Unreachable
from language import mark

if TYPE_CHECKING:
    from evidence.actor import DeskKey

BAD_KEY: Final = mark("The desk's key can't be used: {problem}.")
_BAD_KINDS: Final = mark(
    "POLDER_UNSIGNED is all, none or kinds of command with commas between, and not "
    "{told}."
)
NOTHING: Final = "none"
"""As a setting: no key, or no kind of command."""

_EVERYTHING: Final = ("all", "*")


class Signs:
    """A desk's key, and which kinds of command new dialogues take unsigned."""

    def __init__(self, path: Path | str, unsigned: str | None = None) -> None:
        """Use the key in this file; ``unsigned`` is as `read_kinds` reads it."""
        self.path = Path(path)
        self._unsigned = unsigned
        self._read: tuple[tuple[int, int], DeskKey] | None = None

    @property
    def unsigned(self) -> tuple[str, ...] | None:
        """Kinds of command, None for every kind. Raises `DeskError`."""
        return read_kinds(self._unsigned)

    @property
    def key(self) -> DeskKey:
        """The key as the file has it now. Raises `Unreachable`."""
        from desk.reachable import one_line
        from storage import deskkey
        from storage.errors import BadDeskKey, NoDeskKey

        try:
            now = deskkey.changed_at(self.path)
            if self._read is None or self._read[0] != now:
                self._read = now, deskkey.read(self.path)
        except (NoDeskKey, BadDeskKey) as error:
            raise Unreachable(BAD_KEY, problem=one_line(error)) from error
        return self._read[1]

    def signed(
        self, stream: str, kind: str, envelope: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Give an envelope with a signature, for this dialogue and kind of command."""
        from evidence.actor import sign

        return {**envelope, "sig": sign(self.key, stream, kind, envelope)}


def found(told: str | None, usual: Path, unsigned: str | None = None) -> Signs | None:
    """Give what a desk signs with; None where there is no key.

    ``told`` is POLDER_DESK_KEY, a path or ``none``; without it ``usual`` is looked at.
    ``unsigned`` is POLDER_UNSIGNED.
    """
    path = Path(told) if told else usual
    if told == NOTHING or (not told and not path.exists()):
        return None
    return Signs(path, unsigned)


def kept(told: str | None, unsigned: str | None = None) -> Signs | None:
    """Give what a server signs with: its key is made where POLDER_DESK_KEY has none.

    Without that setting there is nothing. Raises `Unreachable`.
    """
    from desk.signing import see_to_key

    if not told or told == NOTHING:
        return None
    see_to_key(Path(told))
    return Signs(told, unsigned)


def read_kinds(told: str | None) -> tuple[str, ...] | None:
    """Read kinds of command: ``all`` or nothing said is None, ``none`` is no kind.

    Raises `DeskError` for a kind that there is not, or that is always signed.
    """
    from domain.errors import DomainError
    from domain.signed import check_kinds

    if not told or told in _EVERYTHING:
        return None
    kinds = () if told == NOTHING else tuple(k.strip() for k in told.split(","))
    try:
        return check_kinds(kinds)
    except DomainError as error:
        raise DeskError(_BAD_KINDS, told=told) from error
