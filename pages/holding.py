"""A page of a fault holds what was typed, so that the same form can be sent again.

Whoever's session ended while they wrote comes in again in another window, returns, and
presses the button: the form is what it was, its command's id too, so that it is done
once. Only a form of our own pages is held: what another site sends is not shown as
ours. No secret is, and no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.cookies import SAFE_METHODS, from_here
from api.security import Visit, service_of
from pages.typing_in import MOST

_AGAIN: Final = frozenset({401, 403, 429, 500, 503})
"""Where sending it once more can help."""

_TOO_LARGE: Final = 413
_TOO_MANY: Final = 429
_MANY: Final = 256 * 1024
_FEW: Final = 64 * 1024
"""How much is held in all; what is more is not shown again, nor read for it."""

_BESIDE: Final = re.compile(r"seen|sight|changes|missed|was-.*")
"""Names of fields that our forms bring along: nobody wrote what is in them."""

_WRITTEN: Final = re.compile(r"response|(.*-)?(reason|why)")
"""Names of fields in which one word says something, and is no id."""

_SECRET_NAME: Final = re.compile(r"secret|password|bearer", re.IGNORECASE)
_SECRET: Final = re.compile(r"(pl[dkis]_|whsec_)\S{20,}")


class Field(NamedTuple):
    """What was sent under a name."""

    name: str
    value: str

    @property
    def in_words(self) -> bool:
        """Whether somebody wrote it, in more words than one or where one is enough."""
        enough = 1 if _WRITTEN.fullmatch(self.name) else 2
        return len(self.value.split()) >= enough and not _BESIDE.fullmatch(self.name)


class Held(NamedTuple):
    """A form as it was sent: where to, and with what."""

    action: str
    fields: list[Field]
    """Every field with its name, as often as it came, but secrets and files."""
    secrets: list[str]
    """Names of fields that have to be typed again."""
    files: list[str]
    """Names of fields whose file has to be chosen again."""
    again: bool
    """Whether to send it once more can help."""

    @property
    def words(self) -> list[str]:
        """Give what somebody wrote in words, to copy."""
        return [each.value.strip() for each in self.fields if each.in_words]


def typed_here(request: Request) -> bool:
    """Whether this is a form that somebody sent from a page of ours."""
    settings = service_of(request).settings
    return request.method not in SAFE_METHODS and from_here(request, settings)


async def held_of(request: Request, status: int, visit: Visit | None) -> Held | None:
    """Give the form that came with a request; None without one of our own pages.

    Of who is not known, or asks too much at a time, less is held than of others: to be
    refused takes no more work than to be let in.
    """
    if status == _TOO_LARGE or not typed_here(request):
        return None
    most = _FEW if visit is None or status == _TOO_MANY else _MANY
    sent = await _sent(request, most)
    if sent is None:
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    held = _held(sent, request.url.path + query, again=status in _AGAIN)
    fits = held is not None and _size(held) <= most
    return held if fits else None


async def _sent(request: Request, most: int) -> FormData | None:
    """Give a form that was read before, or read one that says how small it is."""
    read = getattr(request.state, "form", None)
    if isinstance(read, FormData):
        return read
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > most:
        return None
    try:
        return await request.form(**MOST)
    except (HTTPException, RuntimeError):  # nonsense, or half of it was read
        return None


def _size(held: Held) -> int:
    """Count what a page holds, in characters."""
    return sum(len(name) + len(value) for name, value in held.fields)


def _held(sent: FormData, action: str, *, again: bool) -> Held | None:
    texts = [(n, v) for n, v in sent.multi_items() if not isinstance(v, UploadFile)]
    kept = [(name, value) for name, value in texts if not _is_secret(name, value)]
    if not kept:
        return None
    return Held(
        action,
        [Field(name, value.replace("\r\n", "\n")) for name, value in kept],
        _names(name for name, value in texts if _is_secret(name, value)),
        _names(n for n, v in sent.multi_items() if isinstance(v, UploadFile)),
        again,
    )


def _is_secret(name: str, value: str) -> bool:
    return bool(_SECRET_NAME.search(name) or _SECRET.fullmatch(value.strip()))


def _names(every: Iterable[str]) -> list[str]:
    return [*dict.fromkeys(every)]
