"""One value has one sequence of bytes: RFC 8785 (JCS), in a strict subset.

Hashes are taken over bytes, so two programs must write the same value alike.
Allowed are null, booleans, integers within ±(2⁵³−1), strings, arrays and objects
whose names are strings. Refused are floats, lone surrogates, U+0000 (PostgreSQL's
text cannot hold it) and values nested deeper than ``MAX_DEPTH``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, NoReturn, TypeAlias, cast

import rfc8785

from evidence.errors import NotCanonical, NotInCanonicalForm

JsonValue: TypeAlias = (
    "Mapping[str, JsonValue] | Sequence[JsonValue] | str | int | bool | None"
)

MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that every JSON reader holds exactly (RFC 7493 §2.2)."""

MAX_DEPTH: Final = 64
"""Objects and arrays inside one another, the outermost counted as 1."""

_encode = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
).encode


def canonical(value: JsonValue) -> bytes:
    """Return the canonical UTF-8 bytes of ``value`` (RFC 8785).

    Raises ``NotCanonical`` for what the format does not hold; the message names
    the offence and never repeats the value.
    """
    plain_names = _check(value, 0)
    try:
        if plain_names:
            # With ASCII names the order by code point, which Python uses, is the
            # order by UTF-16 unit, which JCS asks for; the escapes are the same.
            return _encode(value).encode()
        return rfc8785.dumps(cast("dict[str, object]", value))  # pyright: ignore[reportArgumentType]
    except UnicodeEncodeError:
        raise NotCanonical(_SURROGATE) from None


def content_hash(value: JsonValue) -> str:
    """Return the SHA-256, in hex, of the canonical form of ``value``.

    By it a compiled method and a compiled calendar are known. Raises as `canonical`.
    """
    return sha256(canonical(value)).hexdigest()


def parse(data: bytes) -> JsonValue:
    """Read JSON text strictly; what it returns, ``canonical`` accepts.

    Whether ``data`` was in canonical form is for the caller to ask:
    ``canonical(parse(data)) == data``. Raises ``NotCanonical``, also for duplicate
    members, floats, ``NaN`` and bytes that are no UTF-8.
    """
    value = _read(data)
    canonical(value)
    return value


def parse_canonical(data: bytes) -> JsonValue:
    """Read canonical bytes, and no others.

    Raises ``NotCanonical`` as ``parse`` does, and ``NotInCanonicalForm`` for bytes
    that are not the canonical form of what they say.
    """
    try:
        value = read_plain(data.decode())
    except UnicodeDecodeError:
        value = None
    if value is not None:
        return value
    value = _read(data)
    if canonical(value) != data:
        raise NotInCanonicalForm
    return value


def _read(data: bytes) -> JsonValue:
    try:
        return cast("JsonValue", _decode(data.decode()))
    except UnicodeDecodeError:
        message = "not UTF-8"
        raise NotCanonical(message) from None
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg} at character {error.pos}"
        raise NotCanonical(message) from None
    except RecursionError:
        raise NotCanonical(_TOO_DEEP) from None


def read_plain(text: str, depth: int = MAX_DEPTH) -> JsonValue:
    """Read canonical text of the ordinary kind quickly; None for whatever else.

    What it returns is the value of canonical text, nested no deeper than ``depth``.
    None says nothing of the text: ``parse_canonical`` takes its time.

    Of text without escapes by number, below U+E000, the bytes that Python writes
    again alike are canonical: names sort alike, and a name given twice comes back
    once. Numbers that the format does not hold are refused as they are read, and too
    few brackets are there to nest too deep. A test holds this to the careful way.
    """
    if "\\u" in text or text.count("{") + text.count("[") > depth:
        return None
    if not text.isascii() and max(text) >= "\ue000":
        # From here on the order by code point is not that by UTF-16 unit.
        return None
    try:
        value, end = _decode_plain(text)
        alike = end == len(text) and _encode(value) == text
        return cast("JsonValue", value) if alike else None
    except (NotCanonical, ValueError, RecursionError):
        return None


_FLOAT: Final = "only integers are allowed, no other numbers"
_SURROGATE: Final = "a string holds a lone surrogate"
_NUL: Final = "a string holds U+0000"
_TOO_DEEP: Final = f"nested deeper than {MAX_DEPTH} levels"
_TOO_BIG: Final = "an integer lies outside ±(2^53−1)"


def _check(value: object, depth: int) -> bool:
    """Refuse what the format cannot hold; tell whether all names are ASCII.

    Of ordinary values the class is asked, and of others only what they are made from:
    inside a workflow's sandbox ``isinstance`` takes ten times as long.
    """
    if type(value) is str:
        return _check_text(value)
    if value is None or value is True or value is False:
        return True
    if type(value) is dict:
        return _check_object(cast("dict[object, object]", value), depth)
    if type(value) is list:
        return _check_list(cast("Sequence[object]", value), depth)
    if type(value) is int:
        return _check_integer(value)
    return _check_unusual(value, depth)


def _check_unusual(value: object, depth: int) -> bool:
    if isinstance(value, str):
        return _check_text(value)
    if isinstance(value, int):
        return _check_integer(value)
    if isinstance(value, dict):
        return _check_object(cast("dict[object, object]", value), depth)
    if isinstance(value, list | tuple):
        return _check_list(cast("Sequence[object]", value), depth)
    _check_depth(depth)
    kind = type(value).__name__
    raise NotCanonical(_FLOAT if kind == "float" else f"{kind} is no JSON value")


def _check_text(value: str) -> bool:
    if "\x00" in value:
        raise NotCanonical(_NUL)
    return True


def _check_integer(value: int) -> bool:
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise NotCanonical(_TOO_BIG)
    return True


def _check_depth(depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise NotCanonical(_TOO_DEEP)


def _check_list(value: Sequence[object], depth: int) -> bool:
    _check_depth(depth)
    plain = True
    for element in value:
        plain = _check(element, depth + 1) and plain
    return plain


def _check_object(value: dict[object, object], depth: int) -> bool:
    _check_depth(depth)
    plain = True
    for name, member in value.items():
        if type(name) is not str and not isinstance(name, str):
            message = "the name of a member must be a string"
            raise NotCanonical(message)
        if "\x00" in name:
            raise NotCanonical(_NUL)
        plain = _check(member, depth + 1) and plain and name.isascii()
    return plain


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        message = "an object has the same member twice"
        raise NotCanonical(message)
    return members


def _integer(digits: str) -> int:
    if len(digits) > len(str(-MAX_INTEGER)):
        raise NotCanonical(_TOO_BIG)
    return int(digits)


def _exact(digits: str) -> int:
    number = int(digits) if len(digits) <= len(str(-MAX_INTEGER)) else MAX_INTEGER + 1
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise NotCanonical(_TOO_BIG)
    return number


def _refuse_number(_text: str) -> NoReturn:
    raise NotCanonical(_FLOAT)


_decode = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_int=_integer,
    parse_float=_refuse_number,
    parse_constant=_refuse_number,
).decode

_decode_plain = json.JSONDecoder(
    parse_int=_exact, parse_float=_refuse_number, parse_constant=_refuse_number
).raw_decode
