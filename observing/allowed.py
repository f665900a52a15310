"""What may stand in a log: a list of names, each with the form of its values.

Whatever is not on the list stays out, also of somebody else's library and of errors: a
new line in the code says nothing until its names are put here. Names that stayed out
are told, so that it is seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast

MOST: Final = 300
"""Characters of a text; what is longer is cut."""

_ID: Final = re.compile(r"[A-Za-z0-9._:/-]{1,410}")
"""Opaque ids of streams, commands and the like, which hold no personal data."""

_WORD: Final = re.compile(r"[A-Za-z0-9_.:/ {}()<>-]{1,120}")
"""Names that are in our code: of types, kinds, queues and routes."""

_HEX: Final = re.compile(r"[0-9a-f]{16,64}")
_MAILBOX: Final = re.compile(r"\S*@\S*")
_VALUE: Final = re.compile(r":\s*([\"']).*")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_IDS: Final = _names(
    "id dialogue stream command commands effect erasure subscription delivery event_id "
    "target origin run workflow key token_id"
)
_WORDS: Final = _names(
    "event level logger timestamp kind error type types method route reason status "
    "activity activity_type task_queue build notice outcome where exception frames "
    "service namespace version path withheld left_out queue"
)
_NUMBERS: Final = _names(
    "size seq leaf count sent undeliverable put_off destroyed spared fields targets "
    "dialogues holds published attempt seconds milliseconds http_status port code "
    "waiting lasted connections"
)
_FORMS: Final = {"trace_id": _HEX, "span_id": _HEX}
_TEXTS: Final = frozenset({"problem"})
"""What an error of ours says; its first line, without values and addresses."""

ALLOWED: Final = _IDS | _WORDS | _NUMBERS | _TEXTS | {*_FORMS}
"""Every name that may stand in a line."""

_WITHHELD: Final = "…"
_SEVERAL: Final = 50


def only_allowed(said: Mapping[str, object]) -> dict[str, object]:
    """Give what of a line may be written down; ``withheld`` names what was left out."""
    told = {name: _told(name, value) for name, value in said.items() if name in ALLOWED}
    out = sorted(name for name in said if name not in ALLOWED)
    if out:
        told["withheld"] = [name[:40] for name in out]
    return told


def _told(name: str, value: object) -> object:
    match value:
        case bool() | int() | float() | None:
            return value
        case list() | tuple() | set() | frozenset():
            several = list(cast("list[object]", value))[:_SEVERAL]
            return [_told(name, each) for each in several]
        case str():
            return _text(name, value)
        case _:
            return _WITHHELD


def _text(name: str, value: str) -> str:
    if name in _TEXTS:
        return problem(value)
    if name in _WORDS:
        return words(value)
    form = _FORMS.get(name, _ID)
    fits = name not in _NUMBERS and form.fullmatch(value)
    return value if fits else _WITHHELD


def words(text: str) -> str:
    """Give a text that is in our code: its first line, cut where it is long."""
    return text.split("\n", 1)[0][:MOST]


def problem(text: str) -> str:
    """Give what went wrong: no second line, no value that is quoted, no address.

    PostgreSQL quotes the value that it could not read after a colon, and puts whole
    rows in the lines below.
    """
    return _MAILBOX.sub(_WITHHELD, _VALUE.sub(f": {_WITHHELD}", words(text)))


def is_word(text: str) -> bool:
    """Whether a text can be the name of something in our code."""
    return _WORD.fullmatch(text) is not None
